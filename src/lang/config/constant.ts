import type { Expression, FunctionEnvironment, Scope } from '../../core/configuration.js'
import { type Diagnostic, Failure } from '../../core/diagnostic.js'
import type { Value } from '../../core/value.js'

/** What an expression is before anything else is known. */
export type Constant =
  | { readonly kind: 'value'; readonly value: Value }
  /** It refers to something, or asks the environment, a file or the clock. */
  | { readonly kind: 'dynamic' }
  | { readonly kind: 'wrong'; readonly diagnostics: readonly Diagnostic[] }

const dynamic: Constant = { kind: 'dynamic' }

/** Evaluates an expression that depends on nothing. */
export function constantOf(expression: Expression): Constant {
  if (expression.references.length > 0) return dynamic
  let asked = false
  const ask = (): never => {
    asked = true
    throw new Error('asked for the world while only constants were evaluated')
  }
  const environment: FunctionEnvironment = { env: ask, readFile: ask, fileExists: ask, now: ask }
  const scope: Scope = { environment, names: () => [], resolve: () => undefined }
  try {
    const value = expression.evaluate(scope)
    // `try` or `can` may have caught the refusal, and other functions turn it into a message of their own.
    return asked ? dynamic : { kind: 'value', value }
  } catch (problem) {
    if (asked) return dynamic
    if (problem instanceof Failure) return { kind: 'wrong', diagnostics: problem.diagnostics }
    throw problem
  }
}
