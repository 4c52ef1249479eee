import { error, Failure } from '../core/diagnostic.js'
import type { Holder, StateStore } from '../core/state.js'
import { appender } from './appender.js'
import { claim, loadForWriting } from './claim.js'
import type { LeaseEnvironment } from './environment.js'
import { describe } from './liveness.js'

/**
 * Takes the lease from the run with that id and gives it back at once. What that run left open stays open: the next run
 * waits for it and finds out. Returns who held the lease. Throws a `Failure`: `state/not-locked`, or `state/wrong-lock-id`
 * if another run holds it by now.
 */
export async function forceUnlock(
  store: StateStore,
  id: string,
  environment: LeaseEnvironment,
): Promise<Holder> {
  for (;;) {
    const journal = await loadForWriting(store, environment)
    const { holder } = journal.state
    if (holder === undefined) {
      throw new Failure(
        error('state/not-locked', 'No run holds the state', {
          detail: `${store.where} was closed in good order.`,
          help: 'There is nothing to unlock.',
        }),
      )
    }
    if (holder.run !== id) {
      throw new Failure(
        error('state/wrong-lock-id', 'That run does not hold the state', {
          detail: `${id} was asked for, but the state is held by:\n${describe(store, holder)}`,
          help: 'Make sure that this run is dead, then give its ID.',
        }),
      )
    }
    const claimed = await claim(store, environment, journal, { operation: 'force-unlock' })
    if (claimed === undefined) continue
    await appender(store, environment, claimed.holder.run, claimed.journal.state).append([
      { event: 'closed' },
    ])
    return holder
  }
}
