import type { Holder, Liveness, State, StateStore } from '../core/state.js'
import { refuseMoved } from './claim.js'
import type { ReaderEnvironment } from './environment.js'
import { loadJournal } from './load.js'

/** A run that opened the state and has not closed it. Unless it is `dead`, what is open in the state is its work going on. */
export interface LiveRun {
  readonly holder: Holder
  readonly liveness: Liveness
}

/**
 * Reads the state without a lease, as `plan`, `show` and `state list` do: never waits for a run and writes nothing. Throws
 * a `Failure` (`state/moved`, `state/corrupt`, `state/foreign`, `state/newer-version`).
 */
export async function readState(
  store: StateStore,
  environment: ReaderEnvironment,
): Promise<{ readonly state: State; readonly live?: LiveRun }> {
  const journal = await loadJournal(store, environment)
  refuseMoved(store, journal)
  const { holder } = journal.state
  if (holder === undefined) return { state: journal.state }
  return { state: journal.state, live: { holder, liveness: environment.isAlive(holder) } }
}
