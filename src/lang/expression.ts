import type { Expression, Reference, Scope } from '../core/configuration.js'
import { error, Failure } from '../core/diagnostic.js'
import { boolValue, nullValue, numberValue, stringValue, unknownValue, type Value } from '../core/value.js'
import { evaluateCall } from './expression/call.js'
import { evaluateConditional } from './expression/conditional.js'
import { type Context, enter, locate } from './expression/context.js'
import { evaluateFor } from './expression/for.js'
import { evaluateBinary, evaluateUnary } from './expression/operators.js'
import { evaluatePath } from './expression/reference.js'
import { references } from './expression/references.js'
import { evaluateSplat } from './expression/splat.js'
import { evaluateObject, evaluateTuple } from './expression/structure.js'
import { evaluateTemplate } from './expression/template.js'
import type { Expr } from './hcl/ast.js'

export { references } from './expression/references.js'

/**
 * The value of an expression. What is known only after apply gives values that are known as far as possible; what is sensitive
 * marks everything that is made of it. Throws one `Failure`, with its place, for the first mistake.
 */
export function evaluate(expr: Expr, scope: Scope): Value {
  const run = { steps: 0, depth: 0 }
  try {
    return evaluatePart(expr, { scope, names: undefined, item: undefined, run, evaluate: evaluatePart })
  } catch (failure) {
    if (!(failure instanceof RangeError) || !/call stack/.test(failure.message)) {
      throw locate(failure, expr.span)
    }
    throw new Failure(
      error('lang/too-deep', 'Nested too deep', {
        detail: 'This expression, or what it refers to, is nested too deep to be evaluated.',
        span: expr.span,
      }),
      { cause: failure },
    )
  }
}

/** The expression as the engine sees it. */
export function toExpression(expr: Expr): Expression {
  let found: readonly Reference[] | undefined
  return {
    span: expr.span,
    get references() {
      found ??= references(expr)
      return found
    },
    evaluate: (scope) => evaluate(expr, scope),
  }
}

function evaluatePart(expr: Expr, context: Context): Value {
  enter(context.run, expr.span)
  const value = dispatch(expr, context)
  context.run.depth--
  return value
}

function dispatch(expr: Expr, context: Context): Value {
  switch (expr.kind) {
    case 'literal':
      return literal(expr.value)
    case 'template':
      return evaluateTemplate(expr.parts, expr.span, context)
    case 'variable':
    case 'attribute':
    case 'index':
      return evaluatePath(expr, context)
    case 'splat':
      return evaluateSplat(expr, context)
    case 'splat-item':
      if (context.item === undefined) throw new Error('a splat item stands in a splat expression')
      return context.item
    case 'call':
      return evaluateCall(expr, context)
    case 'unary':
      return evaluateUnary(expr, context)
    case 'binary':
      return evaluateBinary(expr, context)
    case 'conditional':
      return evaluateConditional(expr, context)
    case 'tuple':
      return evaluateTuple(expr, context)
    case 'object':
      return evaluateObject(expr, context)
    case 'for':
      return evaluateFor(expr, context)
    case 'parentheses':
      return evaluatePart(expr.inner, context)
    case 'broken':
      return unknownValue()
  }
}

function literal(value: Extract<Expr, { kind: 'literal' }>['value']): Value {
  if (value === null) return nullValue()
  switch (typeof value) {
    case 'string':
      return stringValue(value)
    case 'boolean':
      return boolValue(value)
    default:
      return numberValue(value)
  }
}
