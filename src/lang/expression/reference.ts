import type { Step } from '../../core/configuration.js'
import { error, Failure, type Span } from '../../core/diagnostic.js'
import { didYouMean } from '../../core/nearest.js'
import type { Value } from '../../core/value.js'
import type { Expr } from '../hcl/ast.js'
import { take } from './access.js'
import { at, type Context, locate, lookUpName } from './context.js'

type Access = Extract<Expr, { kind: 'attribute' | 'index' }>

/** `a.b[c].d`, taken apart: what it starts from, and the steps in order. */
interface Path {
  readonly start: Expr
  readonly steps: readonly Access[]
}

function pathOf(expr: Expr): Path {
  const steps: Access[] = []
  let start = expr
  while (start.kind === 'attribute' || start.kind === 'index') {
    steps.push(start)
    start = start.object
  }
  return { start, steps: steps.reverse() }
}

/** Evaluates a name and all steps that follow it, or steps into any other expression. */
export function evaluatePath(expr: Expr, context: Context): Value {
  const { start, steps } = pathOf(expr)
  if (start.kind !== 'variable') {
    return walk(context.evaluate(start, context), steps, evaluateSteps(steps, context), 0)
  }
  const local = lookUpName(context, start.name)
  const keys = evaluateSteps(steps, context)
  if (local !== undefined) return walk(local, steps, keys, 0)
  const whole = steps.at(-1) ?? start
  try {
    const resolved = context.scope.resolve(start.name, keys)
    if (resolved !== undefined) return walk(resolved.value, steps, keys, resolved.used)
  } catch (failure) {
    throw locate(failure, whole.span)
  }
  throw unknownName(start, steps[0], context)
}

function evaluateSteps(steps: readonly Access[], context: Context): readonly Step[] {
  return steps.map((step) =>
    step.kind === 'attribute'
      ? { kind: 'attribute', name: step.name }
      : { kind: 'index', key: context.evaluate(step.key, context) },
  )
}

function walk(value: Value, steps: readonly Access[], keys: readonly Step[], from: number): Value {
  let current = value
  for (let i = from; i < steps.length; i++) {
    const step = steps[i] as Access
    const key = keys[i] as Step
    const before = current
    current = at(placeOf(step), () => take(before, key))
  }
  return current
}

function placeOf(step: Access): Span {
  return step.kind === 'attribute' ? step.nameSpan : step.key.span
}

function unknownName(
  start: Extract<Expr, { kind: 'variable' }>,
  first: Access | undefined,
  context: Context,
): Failure {
  const candidates = new Set(context.scope.names())
  for (let names = context.names; names !== undefined; names = names.outer) candidates.add(names.name)
  const longer = first?.kind === 'attribute' ? `${start.name}.${first.name}` : undefined
  const name =
    longer !== undefined && [...candidates].some((each) => each.includes('.')) ? longer : start.name
  const help =
    didYouMean(name, candidates) ??
    didYouMean(start.name, candidates) ??
    (longer === undefined && /^[\w-]+$/.test(start.name)
      ? `To write text, put it in quotes: "${start.name}".`
      : undefined)
  const span: Span =
    name === start.name || first === undefined ? start.span : { ...start.span, end: first.span.end }
  return new Failure(
    error('lang/unknown-reference', 'Unknown reference', {
      detail: `There is no ${name} here.`,
      ...(help === undefined ? {} : { help }),
      span,
    }),
  )
}
