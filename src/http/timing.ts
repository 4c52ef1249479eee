import type { ProviderEnvironment } from '../core/resource.js'

/** The client's clock, in milliseconds, its patience, and its dice: `random` is in [0, 1). */
export interface Timing {
  now(): number
  /** Resolves after that time; rejects when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  random(): number
}

export function timingOf(environment: Pick<ProviderEnvironment, 'now' | 'random'>): Timing {
  return {
    now: () => environment.now().getTime(),
    sleep,
    random: () => Buffer.from(environment.random(4)).readUInt32BE() / 2 ** 32,
  }
}

/** Node's own makes an error with its stack for each wait that is cut short, which is one for each request. */
function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** How long to wait before try number `tries + 1`: doubling, capped, with full jitter so that clients do not march in step. */
export function backOff(tries: number, random: number): number {
  return Math.min(5_000, 250 * 2 ** (tries - 1)) * (0.5 + random / 2)
}

/**
 * How long an answer asks to wait, in milliseconds: `Retry-After` in seconds or as a date, or `x-retry-after` in seconds.
 * Undefined if it does not say.
 */
export function askedToWait(headers: ReadonlyMap<string, string>, now: number): number | undefined {
  for (const name of ['retry-after', 'x-retry-after']) {
    const text = headers.get(name)?.trim() ?? ''
    if (/^[0-9]+(\.[0-9]+)?$/.test(text)) return Number(text) * 1000
    const date = text === '' ? Number.NaN : Date.parse(text)
    if (!Number.isNaN(date)) return Math.max(0, date - now)
  }
  return undefined
}
