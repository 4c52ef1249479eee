import type { FunctionEnvironment } from '../../core/configuration.js'
import { error, Failure } from '../../core/diagnostic.js'
import type { Type } from '../../core/type.js'
import type { Value } from '../../core/value.js'

/**
 * A function of the language: one row of the registry. Before `call`, every argument is converted to its parameter's type;
 * nulls are refused, and unknown or sensitive arguments dealt with, as the parameter says.
 */
export interface LanguageFunction {
  readonly name: string
  /** One sentence for the reference documentation. */
  readonly doc: string
  readonly parameters: readonly Parameter[]
  /** Takes all further arguments. */
  readonly rest?: Parameter
  /** The type of the result where an argument is not known. */
  readonly returns: Type | ((args: readonly Value[]) => Type)
  /** Computes the result. Throws an `ArgumentError` or a `Failure` without a place. */
  readonly call: (args: readonly Value[], context: CallContext) => Value
}

/** A function whose arguments are evaluated when it asks for them: `try` and `can`. */
export interface LazyFunction {
  readonly name: string
  readonly doc: string
  readonly parameters: readonly Parameter[]
  readonly rest?: Parameter
  readonly callLazily: (args: readonly (() => Value)[]) => Value
}

/** `name(a, b, optional?, rest...)`. */
export function signature(definition: LanguageFunction | LazyFunction): string {
  const names = definition.parameters.map(({ name, optional }) => (optional ? `${name}?` : name))
  if (definition.rest !== undefined) names.push(`${definition.rest.name}...`)
  return `${definition.name}(${names.join(', ')})`
}

export interface Parameter {
  readonly name: string
  readonly type: Type
  /** May be left out; only the last ones. */
  readonly optional?: true
  /** Null is allowed. */
  readonly null?: true
  /** Must be a reference, as `local.x`: what to write instead of an expression of another kind. */
  readonly reference?: string
  /**
   * What may be unknown when `call` sees it. Absent: nothing, the whole result is unknown then. `parts`: what is inside the
   * argument. `all`: the argument itself, too.
   */
  readonly unknown?: 'parts' | 'all'
  /**
   * Set where `call` itself carries the marks of this argument's leaves to the result. Absent: one sensitive leaf in the
   * argument marks all leaves of the result.
   */
  readonly marks?: 'own'
}

export interface CallContext {
  readonly environment: FunctionEnvironment
  /** Counts steps beyond going through the arguments once. Throws a `Failure` when the evaluation has become too much. */
  spend(steps: number): void
  /** Evaluates a template's text with the given names and nothing else. */
  renderTemplate(text: string, file: string, names: ReadonlyMap<string, Value>): Value
}

/** What is wrong with the argument at an index. */
export class ArgumentError extends Error {
  constructor(
    readonly index: number,
    message: string,
    readonly help?: string,
  ) {
    super(message)
    this.name = 'ArgumentError'
  }
}

/** A function failed, for no fault of a single argument. `what` is a sentence. */
export function functionFailure(what: string, help?: string): Failure {
  return new Failure(
    error('lang/function-failed', 'Function failed', {
      detail: what,
      ...(help === undefined ? {} : { help }),
    }),
  )
}
