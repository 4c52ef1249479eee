import type { ProviderBlock, ResourceBlock } from '../../core/configuration.js'
import { error } from '../../core/diagnostic.js'
import { configurationGrammar } from '../grammar.js'
import type { BlockNode } from '../hcl/ast.js'
import { argument, textArgument } from './argument.js'
import { bodyExpression } from './body.js'
import { given, type Loading, suggestion } from './loading.js'
import { type Declared, isMisshapen, type Names } from './names.js'
import { isName } from './shape.js'
import type { Use } from './uses.js'
import { isSecretName } from './written.js'

const own = configurationGrammar.blocks.get('provider')?.attributes ?? new Map()

/** Reads a `provider` block. Undefined when there is no such provider, which is reported. */
export function readProvider(
  name: string,
  { node: block, span }: Declared<BlockNode>,
  uses: Use[],
  loading: Loading,
): ProviderBlock | undefined {
  const label = block.labels[0]
  const type = label?.text ?? ''
  const alias = argument(block.body, 'alias')
  const text = textArgument(block.body, 'alias', loading)
  if (alias !== undefined && text !== undefined && !isName(text)) {
    loading.report(
      error('lang/invalid-name', 'Invalid name', {
        detail: `${JSON.stringify(text)} cannot be an alias.`,
        help: 'An alias starts with a letter or "_" and goes on with letters, digits, "_" and "-".',
        span: alias.value.span,
      }),
    )
  }
  const attributes = block.body.attributes.filter((attribute) => !own.has(attribute.name))
  const schema = loading.schemas.provider(type)
  for (const { name: attribute, value } of attributes) {
    if (value.kind === 'literal') continue
    const secret = isSecretName(attribute, schema, loading)
    uses.push({ expr: value, from: `provider.${name}`, place: 'general', secret })
  }
  if (schema === undefined) {
    loading.unread(block.span)
    const all = loading.schemas.types().providers
    loading.report(
      error('lang/unknown-provider', 'Unknown provider', {
        detail: `There is no provider "${type}".`,
        ...given('help', suggestion(type, all, `The providers are: ${all.join(', ')}.`)),
        span: label?.span ?? span,
      }),
    )
    return undefined
  }
  return {
    name,
    type,
    span,
    body: bodyExpression(
      schema,
      attributes,
      { name: `provider "${type}"`, span, whole: block.span },
      loading,
    ),
  }
}

/** Adds the providers that are used without a block: their settings are all absent. */
export function impliedProviders(
  written: ReadonlyMap<string, ProviderBlock>,
  names: Names,
  resources: Iterable<ResourceBlock>,
  loading: Loading,
): ReadonlyMap<string, ProviderBlock> {
  const all = new Map(written)
  const isLost = (name: string) =>
    loading.gaps.mayDeclare('provider', name) || isMisshapen(names, 'provider', name)
  for (const { provider, span } of resources) {
    // One with a block that could not be read is reported there.
    if (all.has(provider) || names.providers.has(provider) || isLost(provider)) continue
    const schema = loading.schemas.provider(provider)
    if (schema === undefined) continue
    const owner = { name: `provider "${provider}"`, span, whole: span }
    const body = bodyExpression(schema, [], owner, {
      ...loading,
      report: (diagnostic) =>
        loading.report({
          ...diagnostic,
          help: `Add a block with its settings: provider "${provider}" { … }.`,
        }),
    })
    all.set(provider, { name: provider, type: provider, span: undefined, body })
  }
  return all
}
