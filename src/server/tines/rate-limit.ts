/** Counts the requests of each caller, by key and machine as the vendor does, in fixed windows of a minute. */
export interface RateLimit {
  /** Undefined: go on. Otherwise the seconds until the next window. */
  take(caller: string): number | undefined
}

const minute = 60_000

export function rateLimit(perMinute: number, now: () => Date): RateLimit {
  const counts = new Map<string, number>()
  let start = 0
  return {
    take(caller) {
      const at = now().getTime()
      if (at < start || at >= start + minute) {
        start = at
        counts.clear()
      }
      const count = (counts.get(caller) ?? 0) + 1
      counts.set(caller, count)
      return count > perMinute ? Math.ceil((start + minute - at) / 1000) : undefined
    },
  }
}
