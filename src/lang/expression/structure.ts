import { hasSensitive, waitsOf } from '../../core/leaves.js'
import { dynamic } from '../../core/type.js'
import { objectValue, tupleValue, unknownValue, type Value } from '../../core/value.js'
import type { Expr } from '../hcl/ast.js'
import type { Context } from './context.js'
import { objectKey } from './for.js'

export function evaluateTuple(expr: Extract<Expr, { kind: 'tuple' }>, context: Context): Value {
  return tupleValue(expr.items.map((item) => context.evaluate(item, context)))
}

/** The last of several items with one key wins. A key that is known only after apply leaves the whole object open. */
export function evaluateObject(expr: Extract<Expr, { kind: 'object' }>, context: Context): Value {
  const entries = new Map<string, Value>()
  const unknowns: Value[] = []
  for (const item of expr.items) {
    const key = objectKey(context.evaluate(item.key, context), item.key.span)
    const value = context.evaluate(item.value, context)
    if (typeof key === 'string') entries.set(key, value)
    else unknowns.push(key, value)
  }
  if (unknowns.length > 0) {
    const all = [...unknowns, ...entries.values()]
    return unknownValue(dynamic, waitsOf(...all), all.some(hasSensitive))
  }
  return objectValue(entries)
}
