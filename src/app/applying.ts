import type { ApplyOptions, PlanOptions } from '../app.js'
import { error, Failure, failOnErrors } from '../core/diagnostic.js'
import { type Applied, type Counts, hasChanges, type OperationResult, type Plan } from '../core/plan.js'
import { type Lease, LeaseLost, type State } from '../core/state.js'
import { apply } from '../engine/apply.js'
import type { ApplyContext } from '../engine/apply-context.js'
import { createPatience } from '../engine/patience.js'
import { type Resolution, recover } from '../engine/recover.js'
import { recordRefresh } from '../engine/refresh-only.js'
import { createWalkContext, walk } from '../engine/walk.js'
import { openLease } from '../state/lease.js'
import { blockedBy, planOf, storeOf, type WalkBase } from './planning.js'
import { readSoundProject, schemaSource } from './project.js'
import { givenAgain, readSavedPlan, refuseStale, savePlan } from './saved-plan.js'
import { freshKey, type Session, walkInput, walkOptions, warningsOf } from './session.js'
import { leaseEnvironment, monotonic, randomHex, sleep } from './system.js'

/** Plans under the lease, asks, and carries the plan out. Undefined: not confirmed. */
export async function makeApply(session: Session, options: ApplyOptions): Promise<Applied | undefined> {
  const saved = options.saved === undefined ? undefined : readSavedPlan(options.saved)
  const chosen: PlanOptions = saved === undefined ? options : { ...options, ...saved.options }
  // What the review saw decides; sensitive values, which a plan does not hold, are given again.
  const project = await readSoundProject(session, chosen, saved?.variables)
  const { variables } = project
  const store = await storeOf(session, project.configuration)
  return withLease(
    session,
    store,
    {
      operation: 'apply',
      lockTimeout: options.lockTimeout ?? 0,
      fingerprintKey: saved?.fingerprintKey ?? freshKey(),
    },
    async (lease) => {
      const base = {
        configuration: project.configuration,
        variables,
        fingerprintKey: lease.state.fingerprintKey ?? '',
        options: walkOptions(chosen),
      }
      const found = await settleInherited(session, lease, { ...base, state: still(lease.state) })
      const state = still(lease.state)
      const context = createWalkContext(
        await walkInput(session, { ...base, state, blocked: blockedBy(found, []) }),
      )
      try {
        const walked = await walk(context)
        failOnErrors(walked.diagnostics)
        const plan = planOf(walked, state, found, warningsOf(project.diagnostics))
        if (saved !== undefined) refuseStale(saved, plan, project.byDefault)
        const works = hasChanges(plan) || (plan.mode === 'refresh-only' && plan.drift.length > 0)
        if (works) {
          const planned = {
            plan,
            sources: session.sources,
            state,
            givenAgain: () =>
              givenAgain(
                {
                  configuration: project.configuration,
                  schemas: schemaSource(session.ambient.test?.providers),
                  variables,
                },
                project.byDefault,
              ),
            save: () =>
              savePlan({
                plan,
                options: chosen,
                configuration: project.configuration,
                schemas: schemaSource(session.ambient.test?.providers),
                variables,
                created: session.ambient.now(),
              }),
          }
          if (!(await options.confirm(planned))) return undefined
          if (session.ambient.stop.aborted) return undefined
        }
        const diagnostics = [...plan.diagnostics]
        const applying: ApplyContext = {
          walk: context,
          lease,
          randomHex,
          sleep: session.ambient.test?.sleep ?? sleep,
          monotonic,
          stop: session.ambient.stop,
          progress: (event) => session.ambient.progress(event),
          diagnostics,
          claimed: new Set(),
          patience: createPatience(),
          ...(session.ambient.test?.trace !== undefined && { trace: session.ambient.test.trace }),
        }
        if (plan.mode === 'refresh-only') await recordRefresh(applying, walked)
        const done =
          plan.mode === 'refresh-only'
            ? { results: [], outputs: walked.outputs, interrupted: false }
            : await apply(applying, walked)
        await lease.checkpoint()
        return {
          plan,
          results: done.results,
          diagnostics,
          outputs: new Map(done.outputs.map((o) => [o.name, { value: o.value, sensitive: o.sensitive }])),
          interrupted: done.interrupted,
          counts: countResults(done.results, plan),
        }
      } finally {
        await context.connections.close()
      }
    },
  )
}

/** A copy that the run's own appends do not change. */
function still(state: State): State {
  return { ...state, rows: new Map(state.rows), open: new Map(state.open) }
}

export interface LeaseNeed {
  readonly operation: string
  readonly lockTimeout: number
  readonly fingerprintKey?: string
}

/** Holds the lease while `work` runs, and gives it back in good order whatever becomes of it. */
export async function withLease<T>(
  session: Session,
  store: Parameters<typeof openLease>[0],
  need: LeaseNeed,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const { ambient } = session
  const lease = await openLease(store, {
    operation: need.operation,
    lockTimeout: need.lockTimeout,
    environment: leaseEnvironment(ambient),
    ...(need.fingerprintKey !== undefined && { fingerprintKey: need.fingerprintKey }),
    onWait: (holder) =>
      ambient.progress({ kind: 'lock-wait', holder: `${holder.who}, ${holder.operation}, ${holder.run}` }),
    signal: ambient.stop,
  })
  let result: T
  try {
    result = await work(lease)
  } catch (cause) {
    if (cause instanceof LeaseLost) throw leaseLost(cause)
    // The lease is given back; if that fails too, the next run finds it open, and the first cause is the one to tell.
    await lease.close().catch(() => undefined)
    throw cause
  }
  try {
    await lease.close()
  } catch (cause) {
    if (cause instanceof LeaseLost) throw leaseLost(cause)
    throw cause
  }
  return result
}

function leaseLost(cause: LeaseLost): Failure {
  return new Failure(
    error('state/lease-lost', 'This run no longer holds the state', {
      detail: `${cause.message} Nothing more was sent or recorded after that.`,
      help: 'Run apply again: it finds out what was done and goes on from there.',
    }),
    { cause },
  )
}

/** Waits until nothing of an interrupted run can still take effect, finds out what it did, and records that. */
async function settleInherited(
  session: Session,
  lease: Lease,
  base: WalkBase,
): Promise<readonly Resolution[]> {
  const { inherited } = lease
  if (inherited.length === 0) return []
  const context = createWalkContext(await walkInput(session, base))
  try {
    const settles = new Map<string, number>()
    for (const entry of inherited) {
      const provider = entry.provider ?? entry.row?.provider ?? ''
      if (settles.has(provider)) continue
      settles.set(
        provider,
        await context.connections.get(provider).then(
          (c) => c.settle,
          () => 0,
        ),
      )
    }
    await lease.waitBeforeRecovery((entry) => settles.get(entry.provider ?? entry.row?.provider ?? '') ?? 0, {
      signal: session.ambient.stop,
      onWait: (milliseconds) => session.ambient.progress({ kind: 'recovery-wait', milliseconds }),
    })
    const found = await recover(context, inherited)
    await lease.append(found.flatMap((r) => r.entry ?? []))
    return found
  } finally {
    await context.connections.close()
  }
}

/** What was really done, for the summary. */
export function countResults(
  results: readonly OperationResult[],
  plan: Plan,
): Counts & { readonly failed: number; readonly skipped: number } {
  const counts = { adopt: 0, add: 0, change: 0, destroy: 0, move: 0, forget: 0, failed: 0, skipped: 0 }
  const adopting = plan.changes.filter((c) => c.action === 'adopt' && c.fields.length > 0)
  const changed = new Set(adopting.map((c) => c.address))
  for (const { verb, outcome, address } of results) {
    if (outcome === 'failed') counts.failed++
    else if (outcome === 'skipped') counts.skipped++
    else if (outcome === 'unchanged') continue
    else if (verb === 'create') counts.add++
    else if (verb === 'adopt') {
      counts.adopt++
      if (changed.has(address)) counts.change++
    } else if (verb === 'update') counts.change++
    else if (verb === 'delete') counts.destroy++
    else if (verb === 'move') counts.move++
    else if (verb === 'forget') counts.forget++
  }
  return counts
}
