/** How a request ended, as far as the number of concurrent requests is concerned. */
export type Load = 'well' | 'refused' | 'other'

/**
 * Lets so many requests through at a time as the service takes: from `most` at the start, half after each refusal for too
 * many requests, and one more after each full round that went well.
 */
export interface Limiter {
  /** Waits for a turn; rejects with the signal's reason. */
  enter(signal: AbortSignal | undefined): Promise<void>
  leave(load: Load): void
  /** How many are let through at a time now. */
  readonly allowed: number
}

export function createLimiter(most: number): Limiter {
  let allowed = Math.max(1, most)
  let running = 0
  let well = 0
  const waiting: (() => void)[] = []

  const admit = () => {
    while (running < allowed && waiting.length > 0) {
      running++
      ;(waiting.shift() as () => void)()
    }
  }

  return {
    get allowed() {
      return allowed
    },
    enter(signal) {
      signal?.throwIfAborted()
      return new Promise((resolve, reject) => {
        const turn = () => {
          signal?.removeEventListener('abort', leaveQueue)
          resolve()
        }
        const leaveQueue = () => {
          waiting.splice(waiting.indexOf(turn), 1)
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', leaveQueue, { once: true })
        waiting.push(turn)
        admit()
      })
    },
    leave(load) {
      running--
      if (load === 'refused') {
        allowed = Math.max(1, Math.floor(allowed / 2))
        well = 0
      } else if (load === 'well' && allowed < most && ++well >= allowed) {
        allowed++
        well = 0
      }
      admit()
    },
  }
}
