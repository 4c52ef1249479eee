import type { LeaseEnvironment } from '../../src/state/environment.js'

interface Timer {
  readonly at: number
  fire(): void
}

/** Time that passes only when nothing else can happen. */
export interface VirtualTime {
  now(): number
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** Lets time pass, from timer to timer, until the promise is settled. */
  run<T>(promise: Promise<T>): Promise<T>
  /** Lets that much time pass. */
  pass(milliseconds: number): Promise<void>
}

export function virtualTime(): VirtualTime {
  let now = 0
  const timers = new Set<Timer>()

  /** All that can happen without time passing has happened. */
  const quiet = () => new Promise((resolve) => setImmediate(resolve))

  function next(): Timer | undefined {
    return [...timers].reduce<Timer | undefined>(
      (first, each) => (first && first.at <= each.at ? first : each),
      undefined,
    )
  }

  return {
    now: () => now,
    sleep(milliseconds, signal) {
      return new Promise((resolve, reject) => {
        const timer: Timer = {
          at: now + Math.max(milliseconds, 0),
          fire: () => {
            timers.delete(timer)
            resolve()
          },
        }
        const stop = () => {
          timers.delete(timer)
          reject(signal?.reason ?? new Error('stopped'))
        }
        if (signal?.aborted) return stop()
        signal?.addEventListener('abort', stop, { once: true })
        timers.add(timer)
      })
    },
    async run(promise) {
      let settled = false
      const done = () => {
        settled = true
      }
      promise.then(done, done)
      for (await quiet(); !settled; await quiet()) {
        const timer = next()
        if (timer === undefined)
          throw new Error('nothing can happen any more, and the promise is not settled')
        now = timer.at
        timer.fire()
      }
      return promise
    },
    async pass(milliseconds) {
      const until = now + milliseconds
      for (await quiet(); ; await quiet()) {
        const timer = next()
        if (timer === undefined || timer.at > until) break
        now = timer.at
        timer.fire()
      }
      now = until
    },
  }
}

let runs = 0

/** The environment of one more process: alive as far as anyone knows, with its own random numbers. */
export function processIn(time: VirtualTime, more: Partial<LeaseEnvironment> = {}): LeaseEnvironment {
  const own = ++runs
  let drawn = 0
  return {
    now: () => new Date(Date.UTC(2025, 0, 1) + time.now()),
    monotonic: time.now,
    wall: time.now,
    random: (bytes) => {
      const all = Buffer.alloc(bytes)
      all.writeUInt32BE(own, 0)
      all.writeUInt32BE(++drawn, 4)
      return all
    },
    sleep: time.sleep,
    processIdentity: () => ({ pid: 1000 + own }),
    isAlive: () => 'unknown',
    host: 'laptop',
    who: 'jane',
    version: '0.1.0',
    ...more,
  }
}
