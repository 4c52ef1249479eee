import { convert, typeOf } from '../../core/convert.js'
import { error, Failure, type Span } from '../../core/diagnostic.js'
import { hasSensitive, markSensitive, waitsOf } from '../../core/leaves.js'
import { describeType, dynamic, string } from '../../core/type.js'
import { objectValue, tupleValue, type UnknownValue, unknownValue, type Value } from '../../core/value.js'
import type { Expr } from '../hcl/ast.js'
import { evaluateCondition } from './conditional.js'
import type { Context } from './context.js'
import { iterate } from './iteration.js'

type For = Extract<Expr, { kind: 'for' }>

/** What the rounds leave open: a condition or a key that is known after apply leaves the whole result open. */
interface Openness {
  readonly unknowns: Value[]
  sensitive: boolean
}

export function evaluateFor(expr: For, context: Context): Value {
  const iteration = iterate(expr, context)
  if (iteration.kind === 'unknown') return unknownValue(dynamic, iteration.waits, iteration.sensitive)
  const open: Openness = { unknowns: [], sensitive: false }
  const result =
    expr.key === undefined
      ? makeTuple(expr, iteration.contexts, open)
      : makeObject(expr, expr.key, iteration.contexts, open)
  if (open.unknowns.length > 0) {
    const all = [...open.unknowns, result]
    return unknownValue(dynamic, waitsOf(...all), open.sensitive || all.some(hasSensitive))
  }
  return open.sensitive ? markSensitive(result) : result
}

function makeTuple(expr: For, contexts: Iterable<Context>, open: Openness): Value {
  const items: Value[] = []
  for (const context of contexts) {
    if (isIncluded(expr, context, open)) items.push(context.evaluate(expr.value, context))
  }
  return tupleValue(items)
}

function makeObject(expr: For, keyExpr: Expr, contexts: Iterable<Context>, open: Openness): Value {
  const groups = new Map<string, Value[]>()
  for (const context of contexts) {
    if (!isIncluded(expr, context, open)) continue
    const key = objectKey(context.evaluate(keyExpr, context), keyExpr.span)
    const value = context.evaluate(expr.value, context)
    if (typeof key !== 'string') {
      open.unknowns.push(key, value)
      continue
    }
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else if (expr.group) group.push(value)
    else throw duplicateKey(key, keyExpr.span)
  }
  const entries = [...groups].map(([key, values]) => {
    return [key, expr.group ? tupleValue(values) : (values[0] as Value)] as const
  })
  return objectValue(entries)
}

function isIncluded(expr: For, context: Context, open: Openness): boolean {
  if (expr.condition === undefined) return true
  const condition = evaluateCondition(expr.condition, context, 'if clause')
  if (condition.sensitive) open.sensitive = true
  if (condition.kind === 'bool') return condition.value
  open.unknowns.push(condition)
  return true
}

/** A value as the key of an object: its text, or the value itself if it is known only after apply. */
export function objectKey(value: Value, span: Span): string | UnknownValue {
  if (value.kind === 'string' && !value.sensitive) return value.value
  if (value.kind === 'null') {
    throw new Failure(error('lang/null-value', 'Null as a key', { detail: 'The key is null.', span }))
  }
  if ('sensitive' in value && value.sensitive) {
    throw new Failure(
      error('lang/sensitive-key', 'Secret as a key', {
        detail: 'The key is sensitive, and keys are shown in plans and addresses.',
        help: 'Use another key, or nonsensitive() if this is no secret.',
        span,
      }),
    )
  }
  try {
    const key = convert(value, string)
    return key.kind === 'unknown' ? key : (key as Extract<Value, { kind: 'string' }>).value
  } catch (cause) {
    const detail = `A key is a string, but this is ${describeType(typeOf(value))}.`
    throw new Failure(error('lang/wrong-type', 'Wrong type of key', { detail, span }), { cause })
  }
}

function duplicateKey(key: string, span: Span): Failure {
  return new Failure(
    error('lang/duplicate-key', 'Duplicate key', {
      detail: `Two elements have the key ${JSON.stringify(key)}.`,
      help: 'To collect the values of one key in a list, put "..." after the value.',
      span,
    }),
  )
}
