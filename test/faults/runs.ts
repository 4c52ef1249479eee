import { type Ambient, openWorkspace, type PlanOptions, type Workspace } from '../../src/app.js'
import { Failure } from '../../src/core/diagnostic.js'
import { type Applied, hasChanges, type Plan } from '../../src/core/plan.js'
import type { State } from '../../src/core/state.js'
import type { ApplyProcessOptions } from '../fixtures/run-apply.js'

/** A folder of configuration, which many runs are made in. */
export interface Runs {
  readonly folder: string
  /** For a run in a process of its own. */
  process(plan?: PlanOptions): ApplyProcessOptions
  /** Runs here. */
  apply(plan?: PlanOptions): Promise<Applied>
  plan(plan?: PlanOptions): Promise<Plan>
  state(): Promise<State>
  in<T>(use: (workspace: Workspace) => Promise<T>): Promise<T>
}

export interface RunsOptions {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  /** Milliseconds after a lost answer; more than the plane takes. */
  readonly settle: number
}

const parallelism = 10

export function runsIn({ folder, env, settle }: RunsOptions): Runs {
  const ambient: Ambient = {
    cwd: folder,
    env,
    now: () => new Date(),
    stop: new AbortController().signal,
    progress: () => {},
    test: { settle },
  }
  async function within<T>(use: (workspace: Workspace) => Promise<T>): Promise<T> {
    const workspace = await openWorkspace(ambient)
    try {
      return await use(workspace)
    } finally {
      await workspace.close()
    }
  }
  return {
    folder,
    process: (plan) => ({ folder, env, settle, plan: { parallelism, ...plan } }),
    async apply(plan) {
      const options = { parallelism, ...plan, confirm: async () => true }
      const applied = await within((workspace) => workspace.apply(options))
      if (applied === undefined) throw new Error('nobody cancelled this apply')
      return applied
    },
    plan: (plan) => within(async (workspace) => (await workspace.plan({ parallelism, ...plan })).plan),
    state: () => within(async (workspace) => (await workspace.readState()).state),
    in: within,
  }
}

/** Applies once. Returns a line for each error, and for each thing that a plan would still do. */
export async function undone(runs: Runs, plan: PlanOptions = {}): Promise<readonly string[]> {
  const found: string[] = []
  try {
    const { diagnostics } = await runs.apply(plan)
    for (const { severity, summary, detail } of diagnostics)
      if (severity === 'error') found.push(`apply: ${summary}: ${detail}`)
    const again = await runs.plan(plan)
    for (const change of again.changes)
      if (change.action !== 'keep')
        found.push(`plan: ${change.address} would be changed again: ${change.action}`)
    if (hasChanges(again) && found.length === 0) found.push('plan: an output would be changed again')
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause
    found.push(...cause.diagnostics.map(({ summary, detail }) => `${summary}: ${detail}`))
  }
  return found
}

/** The record of what we made says that we made it (so that destroying takes it away), and nothing is left open. */
export function misrecorded(state: State, rows: number): readonly string[] {
  const found: string[] = []
  if (state.open.size > 0) found.push(`${state.open.size} operations are still open`)
  if (state.rows.size !== rows) found.push(`the state has ${state.rows.size} rows, not ${rows}`)
  for (const row of state.rows.values()) {
    if (row.origin !== 'created') found.push(`${row.address} is recorded as ${row.origin}`)
    if (row.unfinished !== undefined) found.push(`${row.address} is still unfinished`)
    if (row.deposedKey !== undefined) found.push(`${row.address} has a deposed object`)
  }
  return found
}
