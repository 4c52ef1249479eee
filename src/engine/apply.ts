import { type Diagnostic, warning } from '../core/diagnostic.js'
import type { OperationResult } from '../core/plan.js'
import type { Schema } from '../core/schema.js'
import { LeaseLost, type NewEntry, type Row } from '../core/state.js'
import { type ApplyContext, desiredNow, rowOf } from './apply-context.js'
import { sameJson, sameMeaning } from './compare.js'
import { collectFailures } from './failures.js'
import type { Operation } from './operations.js'
import { type EvaluatedOutput, evaluateOutputs, recordOutputs } from './outputs.js'
import { perform } from './perform.js'
import type { Walk } from './walk.js'

export interface ApplyResult {
  readonly results: readonly OperationResult[]
  readonly outputs: readonly EvaluatedOutput[]
  readonly interrupted: boolean
}

/**
 * Carries out a walk's changes in graph order, as many at a time as `parallelism` allows. A failure stops its dependents
 * only. The first signal lets what is in flight finish and starts nothing more. Throws `LeaseLost` when the run may not go on.
 */
export async function apply(context: ApplyContext, walk: Walk): Promise<ApplyResult> {
  const results = await execute(context, walk.operations)
  context.diagnostics.push(...leftBehind(results))
  await recordKept(context, walk)
  const failed = results.some((r) => r.outcome === 'failed' || r.outcome === 'skipped')
  const outputs = await recordNewOutputs(context, walk, failed)
  return { results, outputs, interrupted: context.stop.aborted }
}

async function execute(
  context: ApplyContext,
  all: ReadonlyMap<string, Operation>,
): Promise<readonly OperationResult[]> {
  const results = new Map<string, OperationResult>()
  const waiting = new Map<string, number>()
  const followers = new Map<string, Operation[]>()
  const ready: Operation[] = []
  const total = all.size
  for (const operation of all.values()) {
    waiting.set(operation.name, operation.after.size)
    if (operation.after.size === 0) ready.push(operation)
    for (const name of operation.after) {
      const list = followers.get(name)
      if (list === undefined) followers.set(name, [operation])
      else list.push(operation)
    }
  }
  let lost: unknown
  let running = 0
  const failures = collectFailures()

  const conclude = (operation: Operation, result: OperationResult, message?: string) => {
    results.set(operation.name, result)
    context.progress({
      kind: 'operation-end',
      result,
      done: results.size,
      total,
      ...(message !== undefined && { message }),
    })
  }

  /** What waits for a failure is not tried, and says why. */
  const skipFollowers = (operation: Operation, why: Pick<OperationResult, 'cause' | 'service'>) => {
    const left = [...(followers.get(operation.name) ?? [])]
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      if (results.has(next.name)) continue
      conclude(next, { address: next.address, verb: next.verb, outcome: 'skipped', milliseconds: 0, ...why })
      left.push(...(followers.get(next.name) ?? []))
    }
  }

  const one = async (operation: Operation): Promise<void> => {
    const start = context.monotonic()
    const { address, verb, change } = operation
    const elapsed = () => context.monotonic() - start
    context.progress({
      kind: 'operation-start',
      address,
      verb,
      total,
      // The new object of a replacement has no id yet.
      ...(change.id !== undefined && verb !== 'create' && { id: change.id }),
    })
    try {
      const done = await perform(context, operation)
      if (done.outcome === 'done') failures.succeeded(operation)
      conclude(operation, {
        address,
        verb,
        outcome: done.outcome,
        milliseconds: elapsed(),
        ...(done.id !== undefined && { id: done.id }),
        ...(done.left !== undefined && { left: done.left }),
      })
      if (done.unstable !== undefined) {
        context.diagnostics.push(...done.unstable.diagnostics)
        skipFollowers(operation, { cause: address })
        return
      }
      for (const next of followers.get(operation.name) ?? []) {
        const left = (waiting.get(next.name) ?? 0) - 1
        waiting.set(next.name, left)
        if (left === 0 && !results.has(next.name)) ready.push(next)
      }
    } catch (cause) {
      if (cause instanceof LeaseLost) throw cause
      const [first] = failures.add(operation, cause)
      conclude(operation, { address, verb, outcome: 'failed', milliseconds: elapsed() }, first?.summary)
      skipFollowers(operation, { cause: address })
    }
  }

  /** What could only fail for a reason that was told already is not tried. */
  const skipped = (operation: Operation): boolean => {
    const { address, verb } = operation
    const stop = failures.stoppedBy(operation)
    if (stop === undefined) return false
    conclude(operation, { address, verb, outcome: 'skipped', milliseconds: 0, ...stop })
    skipFollowers(operation, stop)
    return true
  }

  await new Promise<void>((resolve) => {
    const pump = () => {
      while (
        lost === undefined &&
        !context.stop.aborted &&
        running < context.walk.input.options.parallelism
      ) {
        const operation = ready.shift()
        if (operation === undefined) break
        if (skipped(operation)) continue
        running++
        one(operation)
          .catch((cause: unknown) => {
            lost ??= cause
          })
          .finally(() => {
            running--
            pump()
          })
      }
      if (running === 0 && (ready.length === 0 || lost !== undefined || context.stop.aborted)) resolve()
    }
    pump()
  })
  if (lost !== undefined) throw lost
  context.diagnostics.push(...failures.diagnostics())
  for (const operation of all.values()) {
    if (results.has(operation.name)) continue
    conclude(operation, {
      address: operation.address,
      verb: operation.verb,
      outcome: 'skipped',
      milliseconds: 0,
    })
  }
  return [...results.values()]
}

/** One warning for all that deletes had to leave: there may be very many. */
function leftBehind(results: readonly OperationResult[]): readonly Diagnostic[] {
  const left = results.flatMap((r) => (r.left === undefined ? [] : [`${r.address}: ${r.left}`]))
  if (left.length === 0) return []
  const shown = left.slice(0, mostLeftShown)
  if (left.length > shown.length) shown.push(`… and ${left.length - shown.length} more.`)
  return [warning('engine/left-behind', 'Something had to stay at the service', { detail: shown.join('\n') })]
}

const mostLeftShown = 20

/** What no operation touches may still be recorded differently: its dependencies, its settings, or what changed by itself. */
async function recordKept(context: ApplyContext, walk: Walk): Promise<void> {
  const entries: NewEntry[] = []
  for (const node of walk.context.nodes.values()) {
    if (node.change?.action !== 'keep' || node.row === undefined || node.observed === undefined) continue
    const desired = desiredNow(context, node)
    const { origin, endpoint } = node.row
    const row = rowOf(context, node, { desired, out: node.observed.out, origin, endpoint })
    if (!isRecorded(node.row, row, node.schema)) entries.push({ event: 'done', address: node.address, row })
  }
  if (entries.length > 0) await context.lease.append(entries)
}

function isRecorded(old: Row, row: Row, schema: Schema): boolean {
  if (
    old.provider !== row.provider ||
    old.onDestroy !== row.onDestroy ||
    old.schemaVersion !== row.schemaVersion
  )
    return false
  if (old.preventDestroy !== row.preventDestroy || old.createBeforeDestroy !== row.createBeforeDestroy)
    return false
  if (old.naturalKey !== row.naturalKey || old.unfinished !== row.unfinished) return false
  if (!sameJson(old.dependsOn, row.dependsOn)) return false
  for (const attribute of schema.attributes.values()) {
    if (attribute.volatile) continue
    if (!sameMeaning(attribute, old.inputs[attribute.name], row.inputs[attribute.name])) return false
    if (!sameMeaning(attribute, old.attributes[attribute.name], row.attributes[attribute.name])) return false
  }
  return true
}

async function recordNewOutputs(
  context: ApplyContext,
  walk: Walk,
  failed: boolean,
): Promise<readonly EvaluatedOutput[]> {
  if (walk.context.input.options.mode === 'refresh-only') return walk.outputs
  context.walk.evaluation.invalidate()
  // After a failure some values are not there; what can be told is told, and the failure itself is reported already.
  const before = walk.context.diagnostics.length
  const outputs = walk.context.input.options.mode === 'destroy' ? [] : evaluateOutputs(walk.context)
  if (failed) walk.context.diagnostics.length = before
  const recorded =
    walk.context.input.options.mode === 'destroy'
      ? destroyedOutputs(walk, failed)
      : recordOutputs(walk.context, outputs)
  if (!sameJson(recorded, walk.context.input.state.outputs))
    await context.lease.append([{ event: 'outputs', outputs: recorded }])
  return outputs
}

function destroyedOutputs(walk: Walk, failed: boolean) {
  return failed || walk.context.selection.partial ? walk.context.input.state.outputs : Object.create(null)
}
