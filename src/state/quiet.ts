import { verbBudget } from '../core/budget.js'
import type { FoldedState } from '../core/journal.js'
import type { Entry } from '../core/state.js'
import type { LeaseEnvironment } from './environment.js'

/**
 * For each inherited entry the moment, on the monotonic clock, from which its run sends nothing any more. Must be called
 * when the run's own opening is durable: before that, the other one could still announce more. The whole budget counts
 * from now, on this run's own clock, because clocks of other machines are not comparable; it is nothing for a run that
 * closed, or whose process is proven dead.
 */
export function quietFrom(
  environment: LeaseEnvironment,
  state: FoldedState,
  inherited: readonly Entry[],
): ReadonlyMap<Entry, number> {
  const silent = inherited.map((entry) => {
    const unended = state.unended.get(entry.run)
    return unended === undefined || environment.isAlive(unended) === 'dead'
  })
  // Taken after the proofs: what a dead process sent, it sent before.
  const now = environment.monotonic()
  return new Map(inherited.map((entry, i) => [entry, silent[i] ? now : now + (entry.budget ?? verbBudget)]))
}

/**
 * Waits until every entry is quiet and its service has settled. By the monotonic clock alone: if that stops while the
 * machine sleeps, the wait is longer than needed, never shorter.
 */
export async function waitUntilQuiet(
  environment: LeaseEnvironment,
  quiet: ReadonlyMap<Entry, number>,
  settleOf: (entry: Entry) => number,
  { signal, onWait }: { readonly signal?: AbortSignal; readonly onWait?: (milliseconds: number) => void },
): Promise<void> {
  const until = Math.max(...[...quiet].map(([entry, from]) => from + settleOf(entry)), 0)
  let told = false
  for (;;) {
    const left = until - environment.monotonic()
    if (quiet.size === 0 || left <= 0) return
    if (!told) onWait?.(left)
    told = true
    await environment.sleep(left, signal)
  }
}
