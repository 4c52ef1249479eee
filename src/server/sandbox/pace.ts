/** Counts the requests of each service in whole seconds. */
export interface Pace {
  /** Counts one more; whether it is one too many. */
  isTooFast(service: string): boolean
}

/** `perSecond`: undefined for no limit. */
export function paceOf(perSecond: number | undefined, now: () => Date): Pace {
  const counts = new Map<string, number>()
  let second = 0
  return {
    isTooFast(service) {
      if (perSecond === undefined) return false
      const at = Math.floor(now().getTime() / 1000)
      if (at !== second) {
        second = at
        counts.clear()
      }
      const count = (counts.get(service) ?? 0) + 1
      counts.set(service, count)
      return count > perSecond
    },
  }
}
