import { isBroken, isThrottled, type Refusal, refusalOf } from './refusal.js'

/** How long and how often AWS is asked: time is the caller's. */
export interface Patience {
  sleep(milliseconds: number): Promise<void>
  readonly signal?: AbortSignal
}

/** Waits after the first, second, … refusal of a request that may be repeated. */
const waits = [500, 1_000, 2_000, 4_000]

/** Sends one request; what was throttled, or failed within AWS, is sent again a few times. Nothing else is. */
export async function ask<T>(
  send: () => Promise<T>,
  { sleep, signal }: Patience,
): Promise<{ readonly answer: T } | { readonly refusal: Refusal }> {
  for (const wait of [...waits, undefined]) {
    signal?.throwIfAborted()
    try {
      return { answer: await send() }
    } catch (cause) {
      signal?.throwIfAborted()
      const refusal = refusalOf(cause)
      if (wait === undefined || !(isThrottled(refusal) || isBroken(refusal))) return { refusal }
      await sleep(wait)
    }
  }
  throw new Error('unreachable: the last try returns')
}
