import type { Planned, PlanOptions, PlanProbing } from '../app.js'
import type { Configuration } from '../core/configuration.js'
import { failOnErrors, warning } from '../core/diagnostic.js'
import type { Plan, Recovered } from '../core/plan.js'
import type { ProbeResult } from '../core/probed.js'
import type { Entry, Holder, State, StateStore } from '../core/state.js'
import type { Value } from '../core/value.js'
import { asIfRecorded, type Resolution, recover } from '../engine/recover.js'
import { createWalkContext, type Walk, walk } from '../engine/walk.js'
import { openStore } from '../state/open.js'
import { readState } from '../state/read.js'
import { readSoundProject, schemaSource } from './project.js'
import { givenAgain, savePlan } from './saved-plan.js'
import { freshKey, type Session, walkInput, walkOptions, warningsOf } from './session.js'
import { leaseEnvironment, random } from './system.js'

/** The store that the configuration names. */
export async function storeOf(session: Session, configuration: Configuration): Promise<StateStore> {
  const { store } = session.ambient.test ?? {}
  return store ?? openStore(configuration.settings.state, { folder: session.folder, random })
}

export interface StateRead {
  readonly state: State
  /** A run that holds the state, unless it is proven dead: what is open is its work. */
  readonly live: Holder | undefined
}

export async function readStateOf(session: Session, store: StateStore): Promise<StateRead> {
  const { state, live } = await readState(store, leaseEnvironment(session.ambient))
  return { state, live: live !== undefined && live.liveness !== 'dead' ? live.holder : undefined }
}

/** Makes a plan: takes no lease and writes nothing. */
export async function makePlan(session: Session, options: PlanOptions & PlanProbing): Promise<Planned> {
  const project = await readSoundProject(session, options)
  const store = await storeOf(session, project.configuration)
  const { state, live } = await readStateOf(session, store)
  const fingerprintKey = state.fingerprintKey ?? freshKey()
  const base = { ...project, fingerprintKey, options: walkOptions(options) }
  const found = await lookAtOpen(
    session,
    { ...base, state },
    live === undefined ? [...state.open.values()] : [],
  )
  const after = asIfRecorded(state, found)
  let probed: ProbeResult | undefined
  const walked = await walkOnce(
    session,
    {
      ...base,
      state: after,
      blocked: blockedBy(found, live === undefined ? [] : [...state.open.values()]),
    },
    async (walked) => {
      if (options.probe === true) probed = await probePlanned(session, walked, options)
    },
  )
  const plan = planOf(walked, state, found, warningsOf(project.diagnostics))
  const schemasOf = () => schemaSource(session.ambient.test?.providers)
  return {
    plan,
    sources: session.sources,
    state,
    ...(live !== undefined && { live }),
    ...(probed !== undefined && { probed }),
    givenAgain: () => givenAgain({ ...project, schemas: schemasOf() }, project.byDefault),
    save: () =>
      savePlan({
        plan,
        options,
        configuration: project.configuration,
        schemas: schemasOf(),
        variables: project.variables,
        created: session.ambient.now(),
        ...(state.fingerprintKey === undefined && { fingerprintKey }),
      }),
  }
}

export interface WalkBase {
  readonly configuration: Configuration
  readonly variables: ReadonlyMap<string, Value>
  readonly state: State
  readonly fingerprintKey: string
  readonly options: ReturnType<typeof walkOptions>
  readonly blocked?: ReadonlySet<string>
}

/** Finds out what became of a crashed run's open operations. */
export async function lookAtOpen(
  session: Session,
  base: WalkBase,
  open: readonly Entry[],
): Promise<readonly Resolution[]> {
  if (open.length === 0) return []
  const context = createWalkContext(await walkInput(session, base))
  try {
    return await recover(context, open)
  } finally {
    await context.connections.close()
  }
}

/** Addresses of operations that are still open: unresolved, or the work of a live run. */
export function blockedBy(resolutions: readonly Resolution[], live: readonly Entry[]): ReadonlySet<string> {
  const unresolved = resolutions.filter((r) => r.entry === undefined).map((r) => r.recovered.address)
  return new Set([...unresolved, ...live.flatMap((entry) => entry.address ?? [])])
}

async function probePlanned(
  session: Session,
  walked: Walk,
  options: PlanOptions & PlanProbing,
): Promise<ProbeResult> {
  const [{ plannedAccesses }, { probeAccesses }] = await Promise.all([
    import('./accesses.js'),
    import('./probing.js'),
  ])
  return probeAccesses(session, await plannedAccesses(walked), options)
}

/** `use` is called while the services can still be asked. */
async function walkOnce(
  session: Session,
  base: WalkBase,
  use: (walked: Walk) => Promise<void>,
): Promise<Walk> {
  const context = createWalkContext(await walkInput(session, base))
  try {
    const walked = await walk(context)
    failOnErrors(walked.diagnostics)
    await use(walked)
    return walked
  } finally {
    await context.connections.close()
  }
}

/** The plan that people and tools read. */
export function planOf(
  walked: Walk,
  state: State,
  found: readonly Resolution[],
  warnings: Plan['diagnostics'],
): Plan {
  const recovered: readonly Recovered[] = found.map((r) => r.recovered)
  return {
    mode: walked.context.input.options.mode,
    lineage: state.lineage,
    seq: state.seq,
    changes: walked.changes,
    outputs: walked.outputChanges,
    drift: walked.drift,
    recovered,
    diagnostics: [...warnings, ...walked.diagnostics, ...unresolvedWarnings(found)],
    leftOut: walked.leftOut,
    counts: walked.counts,
  }
}

function unresolvedWarnings(found: readonly Resolution[]) {
  return found
    .filter((r) => r.entry === undefined)
    .map((r) =>
      warning('engine/unresolved', 'An interrupted operation could not be looked into', {
        detail: r.recovered.text,
        help: 'The address and what depends on it are left out of this run; run again when the service answers.',
        address: r.recovered.address,
      }),
    )
}
