import { convert } from '../../core/convert.js'
import { error, Failure } from '../../core/diagnostic.js'
import { bool, string, type Type } from '../../core/type.js'
import type { Value } from '../../core/value.js'
import type { AttributeNode, BlockNode, Body } from '../hcl/ast.js'
import { constantOf } from './constant.js'
import { type Loading, nameOf } from './loading.js'

/** The attribute of that name; repeated ones are reported when the file is parsed. */
export function argument(body: Body, name: string): AttributeNode | undefined {
  return body.attributes.find((attribute) => attribute.name === name)
}

/** The attribute, or an error that it is missing. */
export function requiredArgument(
  block: BlockNode,
  name: string,
  example: string,
  loading: Loading,
): AttributeNode | undefined {
  const found = argument(block.body, name)
  if (found === undefined) {
    loading.report(
      error('lang/missing-attribute', 'Missing attribute', {
        detail: `${nameOf(block)} needs "${name}".`,
        help: `Add ${name} = ${example}.`,
        span: block.labels.at(-1)?.span ?? block.typeSpan,
      }),
    )
  }
  return found
}

/** The value of an attribute that must be a constant; undefined if it is absent, null or wrong, which is reported. */
export function constantArgument(
  node: AttributeNode | undefined,
  type: Type,
  loading: Loading,
): Value | undefined {
  if (node === undefined) return undefined
  const constant = constantOf(node.value)
  switch (constant.kind) {
    case 'dynamic':
      loading.report(
        error('lang/not-constant', 'Not a constant', {
          detail: `"${node.name}" must be known before anything is evaluated, so it can refer to nothing.`,
          help: 'Write the value itself.',
          span: node.value.span,
        }),
      )
      return undefined
    case 'wrong':
      for (const diagnostic of constant.diagnostics) loading.report(diagnostic)
      return undefined
    case 'value':
      if (constant.value.kind === 'null') return undefined
      try {
        return convert(constant.value, type)
      } catch (problem) {
        if (!(problem instanceof Failure)) throw problem
        for (const diagnostic of problem.diagnostics) {
          loading.report({
            ...diagnostic,
            detail: `${node.name}: ${diagnostic.detail ?? ''}`,
            span: node.value.span,
          })
        }
        return undefined
      }
  }
}

export function flagArgument(body: Body, name: string, otherwise: boolean, loading: Loading): boolean {
  const value = constantArgument(argument(body, name), bool, loading)
  return value?.kind === 'bool' ? value.value : otherwise
}

export function textArgument(body: Body, name: string, loading: Loading): string | undefined {
  const value = constantArgument(argument(body, name), string, loading)
  return value?.kind === 'string' ? value.value : undefined
}
