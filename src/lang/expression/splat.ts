import { typeOf, unify } from '../../core/convert.js'
import { dynamic, list } from '../../core/type.js'
import { listValue, tupleValue, unknownValue, type Value } from '../../core/value.js'
import type { Expr } from '../hcl/ast.js'
import type { Context } from './context.js'

/** `x[*].a`: of every item; null has none, and anything that is no sequence is the only one. */
export function evaluateSplat(expr: Extract<Expr, { kind: 'splat' }>, context: Context): Value {
  const object = context.evaluate(expr.object, context)
  const each = (item: Value): Value => context.evaluate(expr.each, { ...context, item })
  switch (object.kind) {
    case 'null':
      return tupleValue([])
    case 'tuple':
      return tupleValue(object.items.map(each))
    case 'list':
    case 'set': {
      const items = object.items.map(each)
      const element = unify(items.map(typeOf)) ?? dynamic
      return listValue(items.length === 0 ? typeOf(each(unknownValue(object.element))) : element, items)
    }
    case 'unknown': {
      if (object.type.kind !== 'list' && object.type.kind !== 'set') {
        return unknownValue(dynamic, object.waits, object.sensitive)
      }
      const item = each(unknownValue(object.type.element, object.waits, object.sensitive))
      return unknownValue(list(typeOf(item)), object.waits, object.sensitive)
    }
    default:
      return tupleValue([each(object)])
  }
}
