import { convert, typeOf } from '../../core/convert.js'
import { error, Failure, type Span } from '../../core/diagnostic.js'
import { equality } from '../../core/equality.js'
import { hasSensitive, waitsOf } from '../../core/leaves.js'
import { add, compareNumbers, divide, modulo, multiply, negate, subtract } from '../../core/number.js'
import { bool, describeType, number, type Type } from '../../core/type.js'
import { boolValue, type Num, numberValue, unknownValue, type Value } from '../../core/value.js'
import type { BinaryOperator, Expr } from '../hcl/ast.js'
import { at, type Context, charge } from './context.js'

type Binary = Extract<Expr, { kind: 'binary' }>
type Unary = Extract<Expr, { kind: 'unary' }>

const arithmetic: Readonly<Partial<Record<BinaryOperator, (a: Num, b: Num) => Num>>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': modulo,
}
const comparison: Readonly<Partial<Record<BinaryOperator, (order: number) => boolean>>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

/** Both sides are always evaluated: a mistake on either is reported whatever the other is. */
export function evaluateBinary(expr: Binary, context: Context): Value {
  const left = context.evaluate(expr.left, context)
  const right = context.evaluate(expr.right, context)
  const { operator } = expr
  if (operator === '==' || operator === '!=') {
    for (const side of [left, right]) charge(context.run, side, expr.span)
    return evaluateEquality(left, right, operator === '!=')
  }

  const compute = arithmetic[operator]
  const compare = comparison[operator]
  const type = compute === undefined && compare === undefined ? bool : number
  const a = operand(left, type, operator, expr.left.span)
  const b = operand(right, type, operator, expr.right.span)
  const sensitive = a.sensitive || b.sensitive
  if (a.kind === 'unknown' || b.kind === 'unknown') {
    return unknownValue(compute === undefined ? bool : number, waitsOf(a, b), sensitive)
  }
  if (a.kind === 'bool' && b.kind === 'bool') {
    return boolValue(operator === '&&' ? a.value && b.value : a.value || b.value, sensitive)
  }
  if (a.kind !== 'number' || b.kind !== 'number') throw new Error('operands are of one type')
  if (compare !== undefined) return boolValue(compare(compareNumbers(a.value, b.value)), sensitive)
  return at(expr.right.span, () => numberValue((compute ?? add)(a.value as Num, b.value as Num), sensitive))
}

function evaluateEquality(left: Value, right: Value, negated: boolean): Value {
  const sensitive = hasSensitive(left) || hasSensitive(right)
  const equal = equality(left, right)
  if (equal === undefined) return unknownValue(bool, waitsOf(left, right), sensitive)
  return boolValue(equal !== negated, sensitive)
}

export function evaluateUnary(expr: Unary, context: Context): Value {
  const type = expr.operator === '-' ? number : bool
  const value = operand(context.evaluate(expr.operand, context), type, expr.operator, expr.operand.span)
  switch (value.kind) {
    case 'number':
      return numberValue(negate(value.value), value.sensitive)
    case 'bool':
      return boolValue(!value.value, value.sensitive)
    default:
      return unknownValue(type, waitsOf(value), value.sensitive)
  }
}

type Operand = Extract<Value, { kind: 'number' | 'bool' | 'unknown' }>

function operand(value: Value, type: Type, operator: string, span: Span): Operand {
  if (value.kind === 'null') {
    throw new Failure(
      error('lang/null-value', 'Null operand', {
        detail: `The operator ${operator} does not take null.`,
        span,
      }),
    )
  }
  try {
    return convert(value, type) as Operand
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause
    const help = helpFor(operator, value) ?? cause.diagnostics[0]?.help
    const reason = value.kind === 'string' ? (cause.diagnostics[0]?.detail ?? '') : ''
    const detail = `The operator ${operator} takes ${describeType(type)}, but this is ${describeType(typeOf(value))}. ${reason}`
    throw new Failure(
      error('lang/wrong-type', 'Wrong type of operand', {
        detail: detail.trimEnd(),
        ...(help === undefined ? {} : { help }),
        span,
      }),
      { cause },
    )
  }
}

function helpFor(operator: string, value: Value): string | undefined {
  if (operator !== '+') return undefined
  if (value.kind === 'string') return 'To join strings, write "${a}${b}".'
  if ('items' in value) return 'To join lists, use concat().'
  return 'entries' in value ? 'To join maps and objects, use merge().' : undefined
}
