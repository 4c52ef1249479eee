import type { Scope } from '../../core/configuration.js'
import { error, Failure, type Span } from '../../core/diagnostic.js'
import { sizeOf, type Value } from '../../core/value.js'
import type { Expr } from '../hcl/ast.js'

/** What an expression is evaluated in: the scope of its block, and inside `for` and splat expressions their own names. */
export interface Context {
  readonly scope: Scope
  readonly names: Names | undefined
  /** The item that a splat expression is at. */
  readonly item: Value | undefined
  readonly run: Run
  /** Evaluates a part of the expression. */
  readonly evaluate: (expr: Expr, context: Context) => Value
}

/** The names that `for` expressions declare, innermost first. */
export interface Names {
  readonly name: string
  readonly value: Value
  readonly outer: Names | undefined
}

/** Guards one evaluation against expressions that would never end. */
export interface Run {
  steps: number
  depth: number
}

const mostSteps = 5_000_000
/** Going through so many parts of a value takes about as long as evaluating one part of an expression. */
const partsPerStep = 32
const deepest = 1_000

/** Counts a step, and a level until the caller takes it back. */
export function enter(run: Run, span: Span): void {
  spend(run, 1, span)
  if (++run.depth > deepest) {
    throw new Failure(
      error('lang/too-deep', 'Nested too deep', {
        detail: `Expressions may be nested ${deepest} levels deep.`,
        span,
      }),
    )
  }
}

/** Counts the steps of going through a value, or of making it. */
export function charge(run: Run, value: Value, span: Span): void {
  const size = sizeOf(value)
  // Texts are written anew where other parts are only looked at.
  spend(run, value.kind === 'string' ? size : size / partsPerStep, span)
}

/** Counts steps. Throws a `Failure` when the evaluation has become too much. */
export function spend(run: Run, steps: number, span: Span): void {
  run.steps += steps
  if (run.steps <= mostSteps) return
  throw new Failure(
    error('lang/too-large', 'Too much to compute', {
      detail: `Evaluating this expression takes more than ${mostSteps} steps.`,
      help: 'Iterate over fewer elements; the ranges of nested for expressions multiply.',
      span,
    }),
  )
}

export function withName(context: Context, name: string | undefined, value: Value): Context {
  if (name === undefined) return context
  return { ...context, names: { name, value, outer: context.names } }
}

export function lookUpName(context: Context, name: string): Value | undefined {
  for (let names = context.names; names !== undefined; names = names.outer) {
    if (names.name === name) return names.value
  }
  return undefined
}

/** The failure with a place, for diagnostics that have none yet. */
export function locate(failure: unknown, span: Span): unknown {
  if (!(failure instanceof Failure) || failure.diagnostics.every((d) => d.span !== undefined)) return failure
  return new Failure(
    failure.diagnostics.map((d) => (d.span === undefined ? { ...d, span } : d)),
    { cause: failure },
  )
}

/** Runs something whose failures have no place, and gives them this one. */
export function at<T>(span: Span, run: () => T): T {
  try {
    return run()
  } catch (failure) {
    throw locate(failure, span)
  }
}
