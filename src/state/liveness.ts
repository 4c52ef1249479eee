import { error, Failure } from '../core/diagnostic.js'
import type { Holder, Liveness, StateStore } from '../core/state.js'
import type { LeaseEnvironment } from './environment.js'
import { insist } from './insist.js'

/** How often a holder leaves a sign of life, and how long the same sign must be seen before its run counts as dead. */
export const beatEvery = 10_000
export const deadAfter = 60_000

/** How a waiter sees the holder of a lease; `undecided` = look again, the time it takes to tell is not over. */
export type Verdict = Liveness | 'undecided'

/**
 * Judges holders one look after the other. Where processes count, only what is proven is `dead`. Where beats count, a
 * holder whose beat has not changed for a minute, on the clock of the one who looks, is `dead`: that is a hint and may be
 * wrong, the journal itself is what keeps a run that wakes up later from doing harm.
 */
export function watch(
  store: StateStore,
  environment: LeaseEnvironment,
): (holder: Holder) => Promise<Verdict> {
  let seen: { readonly run: string; readonly beat: string | undefined; readonly at: number } | undefined
  return async (holder) => {
    const local = environment.isAlive(holder)
    if (local === 'dead' || store.liveness === 'process') return local
    const beat = await insist(environment, async () => store.lastBeat?.())
    const at = environment.monotonic()
    if (seen?.run !== holder.run) {
      seen = { run: holder.run, beat, at }
      return 'undecided'
    }
    if (seen.beat !== beat) {
      seen = { run: holder.run, beat, at }
      return 'alive'
    }
    return at - seen.at >= deadAfter ? 'dead' : 'undecided'
  }
}

/** Leaves signs of life until the signal is aborted. A beat that fails is left out: it is a hint only. */
export async function keepBeating(
  store: StateStore,
  environment: LeaseEnvironment,
  holder: Holder,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await store.beat?.(holder)
      await environment.sleep(beatEvery, signal)
    } catch {
      if (!signal.aborted) await environment.sleep(beatEvery, signal).catch(() => {})
    }
  }
}

/** The refusal that names the holder. */
export function locked(store: StateStore, holder: Holder, verdict: Verdict): Failure {
  const about =
    verdict === 'alive'
      ? 'That run is still alive. Wait for it, or try again with --lock-timeout=5m to wait here.'
      : 'It cannot be told from here whether that run is still alive. If it is, wait for it (--lock-timeout=5m waits here).'
  return new Failure(
    error('state/locked', 'Another run holds the state', {
      detail: describe(store, holder),
      help: `${about} Once you are sure that it is dead: rolecall force-unlock ${holder.run}`,
    }),
  )
}

/** A holder, one fact per line. */
export function describe(store: StateStore, holder: Holder): string {
  return [
    `ID:        ${holder.run}`,
    `Operation: ${holder.operation}`,
    `Who:       ${holder.who} on ${holder.host} (process ${holder.pid})`,
    `Version:   ${holder.version}`,
    `Created:   ${holder.created}`,
    `Where:     ${store.where}`,
  ].join('\n')
}
