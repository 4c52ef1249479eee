import { convert, typeOf, unify } from '../../core/convert.js'
import { error, Failure, type Span } from '../../core/diagnostic.js'
import { hasSensitive, markSensitive, waitsOf } from '../../core/leaves.js'
import { bool, describeType, dynamic, type Type } from '../../core/type.js'
import { unknownValue, type Value } from '../../core/value.js'
import type { Expr } from '../hcl/ast.js'
import { at, type Context, charge } from './context.js'

/**
 * The branch that is not chosen is evaluated too, for its type alone: both branches of a conditional have one type. Its
 * mistakes are not reported, because they are what the condition guards against.
 */
export function evaluateConditional(expr: Extract<Expr, { kind: 'conditional' }>, context: Context): Value {
  const condition = evaluateCondition(expr.condition, context)
  if (condition.kind === 'bool') {
    const [chosen, other] = condition.value ? [expr.then, expr.else] : [expr.else, expr.then]
    const value = context.evaluate(chosen, context)
    const otherValue = attempt(other, context)
    for (const each of [value, ...present(otherValue)]) charge(context.run, each, expr.span)
    const type = otherValue === undefined ? undefined : commonType(expr, value, otherValue, condition.value)
    const result =
      type === undefined || type.kind === 'dynamic' ? value : at(chosen.span, () => convert(value, type))
    return condition.sensitive ? markSensitive(result) : result
  }
  const then = attempt(expr.then, context)
  const otherwise = attempt(expr.else, context)
  const type =
    then === undefined || otherwise === undefined ? dynamic : commonType(expr, then, otherwise, true)
  const all = [condition, ...present(then), ...present(otherwise)]
  return unknownValue(type, waitsOf(...all), all.some(hasSensitive))
}

type Condition = Extract<Value, { kind: 'bool' | 'unknown' }>

/** A condition as a bool, which may be unknown. Throws a `Failure` with the place of the condition. */
export function evaluateCondition(expr: Expr, context: Context, what = 'condition'): Condition {
  const value = context.evaluate(expr, context)
  if (value.kind === 'bool') return value
  if (value.kind === 'null') throw badCondition(`The ${what} is null; it must be true or false.`, expr.span)
  try {
    return convert(value, bool) as Condition
  } catch (cause) {
    throw badCondition(
      `The ${what} must be true or false, but this is ${describeType(typeOf(value))}.`,
      expr.span,
      cause,
    )
  }
}

function badCondition(detail: string, span: Span, cause?: unknown): Failure {
  return new Failure(error('lang/wrong-type', 'Wrong type of condition', { detail, span }), { cause })
}

function attempt(expr: Expr, context: Context): Value | undefined {
  const { depth } = context.run
  try {
    return context.evaluate(expr, context)
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure
    context.run.depth = depth
    return undefined
  }
}

function present(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : [value]
}

/** An unknown of any type keeps the result open; a null of any type fits in with the other branch. */
function commonType(
  expr: Extract<Expr, { kind: 'conditional' }>,
  chosen: Value,
  other: Value,
  chosenIsThen: boolean,
): Type {
  const types = [typeOf(chosen), typeOf(other)] as const
  if (isOpen(chosen) || isOpen(other)) return dynamic
  const type = unify(types)
  if (type !== undefined) return type
  const [then, otherwise] = chosenIsThen ? types : [types[1], types[0]]
  throw new Failure(
    error('lang/wrong-type', 'Branches of different types', {
      detail: `Both results of a conditional must have one type, but the first is ${describeType(then)} and the second ${describeType(otherwise)}.`,
      help: 'Convert one of them, for example with tostring() or jsonencode().',
      span: expr.span,
    }),
  )
}

function isOpen(value: Value): boolean {
  return value.kind === 'unknown' && value.type.kind === 'dynamic'
}
