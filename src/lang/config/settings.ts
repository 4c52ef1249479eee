import type { Settings } from '../../core/configuration.js'
import { error } from '../../core/diagnostic.js'
import { dynamic } from '../../core/type.js'
import type { Value } from '../../core/value.js'
import type { BlockNode } from '../hcl/ast.js'
import { argument, constantArgument, textArgument } from './argument.js'
import { given, headOf, type Loading, placeOf } from './loading.js'
import { checkVersion } from './version.js'

/** Reads the `rolecall` blocks of all files as one. `version` is this tool's own. */
export function readSettings(blocks: readonly BlockNode[], version: string, loading: Loading): Settings {
  const requirements: string[] = []
  let state: Settings['state']
  let aws: Settings['aws']
  for (const block of blocks) {
    const node = argument(block.body, 'required_version')
    const requirement = textArgument(block.body, 'required_version', loading)
    if (node !== undefined && requirement !== undefined) {
      requirements.push(requirement)
      checkRequirement(requirement, version, node.value.span, loading)
    }
    const awsNode = argument(block.body, 'aws')
    const awsText = textArgument(block.body, 'aws', loading)
    if (awsNode !== undefined && awsText !== undefined) aws = { text: awsText, span: awsNode.value.span }
    for (const inner of block.body.blocks) {
      const type = inner.labels[0]?.text
      if (inner.type !== 'state' || type === undefined) continue
      if (state !== undefined) {
        loading.report(
          error('lang/duplicate', 'Declared twice', {
            detail: `The state is declared here and at ${placeOf(state.span)}.`,
            help: 'Remove one of the two.',
            span: headOf(inner),
          }),
        )
        continue
      }
      const settings = new Map<string, Value>()
      for (const attribute of inner.body.attributes) {
        const value = constantArgument(attribute, dynamic, loading)
        if (value !== undefined) settings.set(attribute.name, value)
      }
      state = { type, settings, span: headOf(inner) }
    }
  }
  return {
    ...given('requiredVersion', requirements.length === 0 ? undefined : requirements.join(', ')),
    ...given('state', state),
    ...given('aws', aws),
  }
}

function checkRequirement(
  requirement: string,
  version: string,
  span: BlockNode['span'],
  loading: Loading,
): void {
  const result = checkVersion(requirement, version)
  if (result.kind === 'unmet') {
    loading.report(
      error('lang/required-version', 'Another version is required', {
        detail: `This is Rolecall ${version}, and the configuration requires ${JSON.stringify(requirement)}.`,
        help: 'Install a version that fits, or change required_version.',
        span,
      }),
    )
  }
  if (result.kind === 'invalid') {
    loading.report(
      error('lang/required-version', 'Not a version requirement', {
        detail: `${JSON.stringify(result.part)} is not a requirement on a version.`,
        help: 'Write ">= 0.1", "~> 1.2" or ">= 0.1, < 2.0", for example.',
        span,
      }),
    )
  }
}
