import { BudgetSpent } from './resource.js'
import type { Budget } from './state.js'

/** How long a verb may send requests, in milliseconds, unless its `begin` says otherwise. */
export const verbBudget = 60_000

/** Two clocks in milliseconds: `monotonic` never goes back but may stop while the machine sleeps; `wall` is the time of day. */
export interface Clock {
  monotonic(): number
  wall(): number
}

/** A moment on both clocks. */
export interface Mark {
  readonly monotonic: number
  readonly wall: number
}

export function mark(clock: Clock): Mark {
  return { monotonic: clock.monotonic(), wall: clock.wall() }
}

/**
 * Time passed since the mark, by the larger of both clocks: a clock that stopped in sleep, or was set back, must not make
 * time that is over look like time that is left.
 */
export function elapsed(clock: Clock, since: Mark): number {
  return Math.max(clock.monotonic() - since.monotonic, clock.wall() - since.wall)
}

/**
 * A budget of `milliseconds` that runs from `started`, which is taken before the first try of the append that announces it:
 * whoever takes the journal over counts the same time from a later moment, so this run is silent before they look.
 * `mayGoOn` throws when the run must not send for another reason.
 */
export function budget(
  clock: Clock,
  milliseconds: number,
  started: Mark,
  mayGoOn: () => void = () => {},
): Budget {
  const remaining = () => Math.max(0, milliseconds - elapsed(clock, started))
  return {
    remaining,
    check() {
      mayGoOn()
      if (remaining() <= 0) throw new BudgetSpent()
    },
  }
}
