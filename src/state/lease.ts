import { budget, type Mark, verbBudget } from '../core/budget.js'
import type { Holder, Lease, NewEntry, State, StateStore } from '../core/state.js'
import { appender } from './appender.js'
import { compactor, type Outgrown, outgrown } from './checkpoint.js'
import { type Claim, claim, loadForWriting } from './claim.js'
import type { LeaseEnvironment } from './environment.js'
import { keepBeating, locked, watch } from './liveness.js'
import { quietFrom, waitUntilQuiet } from './quiet.js'

export interface LeaseOptions {
  /** `apply`, `state mv`, …: for people who find the state locked. */
  readonly operation: string
  /** Milliseconds to wait for another run; 0 = refuse at once when it is alive. */
  readonly lockTimeout: number
  /** Take over whoever holds the lease. */
  readonly force?: boolean
  readonly environment: LeaseEnvironment
  /** The key for a state that has none yet; absent: a random one. Hexadecimal. */
  readonly fingerprintKey?: string
  /** Called when waiting for a holder begins. */
  readonly onWait?: (holder: Holder) => void
  /** Ends the waiting. */
  readonly signal?: AbortSignal
  /** When a checkpoint is due. */
  readonly outgrown?: Outgrown
}

const lookEvery = 1_000

/**
 * Becomes the holder of the state, and loads it. Throws a `Failure`: `state/locked` if another run holds it and is not
 * proven dead, `state/moved`, `state/corrupt`, `state/foreign`, `state/newer-version`.
 */
export async function openLease(store: StateStore, options: LeaseOptions): Promise<Lease> {
  const { environment } = options
  const look = watch(store, environment)
  const start = environment.monotonic()
  let told: string | undefined
  for (;;) {
    const journal = await loadForWriting(store, environment)
    const { holder } = journal.state
    const verdict = holder === undefined || options.force === true ? 'dead' : await look(holder)
    if (holder === undefined || verdict === 'dead') {
      const claimed = await claim(store, environment, journal, options)
      if (claimed !== undefined) return lease(store, options, claimed)
      continue
    }
    const left = options.lockTimeout - (environment.monotonic() - start)
    if (left <= 0 && verdict !== 'undecided') throw locked(store, holder, verdict)
    if (told !== holder.run) options.onWait?.(holder)
    told = holder.run
    await environment.sleep(left > 0 ? Math.min(lookEvery, left) : lookEvery, options.signal)
  }
}

function lease(store: StateStore, options: LeaseOptions, { journal, holder }: Claim): Lease {
  const { environment } = options
  const { state } = journal
  const { run } = holder
  const appends = appender(store, environment, run, state)
  const inherited = [...state.open.values()]
  const quiet = quietFrom(environment, state, inherited)
  const beating = new AbortController()
  if (store.beat !== undefined) void keepBeating(store, environment, holder, beating.signal)
  const compact = compactor(store, environment, options.outgrown ?? outgrown, journal, appends)
  let closing = false

  function mayGoOn(): void {
    const lost = appends.lost()
    if (lost !== undefined) throw lost
    if (closing) throw new Error(`run ${run} has closed its lease: it may neither record nor send`)
  }

  /** Rejects with `LeaseLost` once the lease is lost; there is no way back. */
  async function append(entries: readonly NewEntry[]): Promise<Mark> {
    try {
      return await appends.append(entries)
    } finally {
      if (appends.lost() !== undefined) beating.abort()
    }
  }

  return {
    run,
    state,
    inherited,
    async append(entries) {
      mayGoOn()
      for (const entry of entries) refuseStrangeOperation(state, run, entry)
      if (entries.length > 0) await append(entries)
    },
    async begin(entry) {
      mayGoOn()
      const milliseconds = entry.budget ?? verbBudget
      const begin: NewEntry = { ...entry, event: 'begin', budget: milliseconds }
      refuseStrangeOperation(state, run, begin)
      return budget(environment, milliseconds, await append([begin]), mayGoOn)
    },
    waitBeforeRecovery: (settleOf, waiting = {}) => waitUntilQuiet(environment, quiet, settleOf, waiting),
    async checkpoint() {
      mayGoOn()
      await compact()
    },
    async close(movedTo) {
      mayGoOn()
      closing = true
      await append([{ event: 'closed', ...(movedTo !== undefined && { movedTo }) }])
      beating.abort()
    },
  }
}

/**
 * A run never goes on under another run's announcement, because that one's time is not its own; and what it says that it
 * did is what was announced. Either is a bug of the caller, found before anything is written.
 */
function refuseStrangeOperation(state: State, run: string, entry: NewEntry): void {
  const begun = entry.op === undefined ? undefined : state.open.get(entry.op)
  if (begun === undefined) return
  if (entry.event === 'begin' && begun.run !== run) {
    throw new Error(`operation ${entry.op} was begun by run ${begun.run}: begin one of your own`)
  }
  if (entry.event === 'done' && (entry.address !== begun.address || entry.deposedKey !== begun.deposedKey)) {
    throw new Error(`operation ${entry.op} was begun on ${begun.address}, not on ${entry.address}`)
  }
}
