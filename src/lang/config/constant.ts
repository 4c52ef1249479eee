import type { FunctionEnvironment, Scope } from '../../core/configuration.js'
import { type Diagnostic, error, Failure } from '../../core/diagnostic.js'
import type { Value } from '../../core/value.js'
import { evaluate, references } from '../expression.js'
import type { Expr } from '../hcl/ast.js'

/** What an expression is before anything else is known. */
export type Constant =
  | { readonly kind: 'value'; readonly value: Value }
  /** It refers to something, or asks the environment, a file or the clock. */
  | { readonly kind: 'dynamic' }
  | { readonly kind: 'wrong'; readonly diagnostics: readonly Diagnostic[] }

const dynamic: Constant = { kind: 'dynamic' }

/** Evaluates an expression that depends on nothing. */
export function constantOf(expr: Expr): Constant {
  if (expr.kind === 'literal') return attempt(expr, unasked)
  if (references(expr).length > 0) return dynamic
  let asked = false
  const ask = (): never => {
    asked = true
    throw new Failure(error('lang/not-constant', 'Not a constant'))
  }
  const constant = attempt(
    expr,
    scopeWith({ env: ask, readFile: ask, fileExists: ask, listFolder: ask, now: ask }),
  )
  // `try` or `can` may have caught the refusal, and other functions turn it into a message of their own.
  return asked ? dynamic : constant
}

function attempt(expr: Expr, scope: Scope): Constant {
  try {
    return { kind: 'value', value: evaluate(expr, scope) }
  } catch (problem) {
    if (problem instanceof Failure) return { kind: 'wrong', diagnostics: problem.diagnostics }
    throw problem
  }
}

function scopeWith(environment: FunctionEnvironment): Scope {
  return { environment, names: () => [], resolve: () => undefined }
}

const never = (): never => {
  throw new Error('a literal asks for nothing')
}
const unasked = scopeWith({ env: never, readFile: never, fileExists: never, listFolder: never, now: never })
