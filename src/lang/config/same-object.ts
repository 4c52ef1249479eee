import { error } from '../../core/diagnostic.js'
import { formatNumber } from '../../core/number.js'
import type { Attribute, Schema } from '../../core/schema.js'
import { asTraversal, type TraversalStep } from '../expression/traversal.js'
import type { Expr } from '../hcl/ast.js'
import { argument } from './argument.js'
import { constantOf } from './constant.js'
import { type Loading, placeOf } from './loading.js'
import type { DeclaredObject, Names } from './names.js'

/**
 * Two blocks whose natural keys are written the same way declare one object twice; each apply would undo the other. Only
 * what can be seen without evaluating: constants and plain references, in blocks without count and for_each.
 */
export function reportSameObjects(
  names: Names,
  providerOf: (address: string) => string | undefined,
  loading: Loading,
): void {
  const keys = new Map<Schema, readonly Attribute[]>()
  const first = new Map<string, { readonly address: string; readonly declared: DeclaredObject }>()
  for (const [address, declared] of names.objects) {
    if (declared.mode !== 'managed' || declared.keyed !== undefined) continue
    const parts = keyParts(declared, keys)
    if (parts === undefined || parts.length === 0) continue
    const key = JSON.stringify([declared.type, providerOf(address), ...parts])
    const other = first.get(key)
    if (other === undefined) {
      first.set(key, { address, declared })
      continue
    }
    const attributes = parts.map(([name]) => name)
    loading.report(
      error('lang/same-object', 'One object declared twice', {
        detail: `${address} and ${other.address} (${placeOf(other.declared.span)}) have the same ${attributes.join(' and ')}, so both are the same object.`,
        help: 'Keep one of the two blocks.',
        span: argument(declared.node.body, attributes[0] as string)?.span ?? declared.span,
        address,
      }),
    )
  }
}

/** The key attributes that are set, each as a text that is equal exactly for equal keys; undefined: not known by looking. */
function keyParts(
  { schema, node }: DeclaredObject,
  keys: Map<Schema, readonly Attribute[]>,
): readonly (readonly [string, string])[] | undefined {
  if (schema === undefined) return undefined
  let attributes = keys.get(schema)
  if (attributes === undefined) {
    attributes = [...schema.attributes.values()].filter((one) => one.key && !one.readOnly)
    keys.set(schema, attributes)
  }
  const parts: [string, string][] = []
  for (const attribute of attributes) {
    const written = argument(node.body, attribute.name)
    if (written === undefined) continue
    const text = keyText(written.value, attribute)
    if (text === undefined) return undefined
    if (text !== '') parts.push([attribute.name, text])
  }
  return parts
}

/** Empty for null. */
function keyText(expr: Expr, attribute: Attribute): string | undefined {
  const traversal = asTraversal(expr)
  if (traversal !== undefined) {
    const steps = traversal.steps.map(stepText)
    return steps.includes(undefined) ? undefined : `reference ${traversal.root}${steps.join('')}`
  }
  const constant = constantOf(expr)
  if (constant.kind !== 'value') return undefined
  const { value } = constant
  switch (value.kind) {
    case 'null':
      return ''
    // No service tells addresses of e-mail apart by case; of other names only some do not, and those are compared at plan.
    case 'string':
      return `value ${attribute.name === 'email' ? value.value.trim().toLowerCase() : value.value}`
    case 'number':
      return `value ${formatNumber(value.value)}`
    case 'bool':
      return `value ${value.value}`
    default:
      return undefined
  }
}

function stepText(step: TraversalStep): string | undefined {
  if (step.kind === 'attribute') return `.${step.name}`
  if (step.kind !== 'index' || step.key.kind !== 'literal') return undefined
  const { value } = step.key
  return typeof value === 'string'
    ? `[${JSON.stringify(value)}]`
    : typeof value === 'number'
      ? `[${value}]`
      : undefined
}
