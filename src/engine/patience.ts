import type { Address } from '../core/address.js'

/** What becomes of a write whose answer was lost, after the service had time to settle. */
export type Settled =
  /** It is looked up, and made once more if nothing came of it. */
  | 'retry'
  /** It is looked up. */
  | 'look'
  /** It stays announced, and the next run finds out. */
  | 'leave'

/**
 * How long a run waits for a service that does not answer its writes. Each of them can be looked up only after a time, which
 * may be a minute. Where one such time has passed and nothing was answered since the first loss, the service is in trouble:
 * no more time is spent on it in this run. What was lost before that is still looked up, since it has waited along.
 */
export interface Patience {
  /** Notes a lost answer. False: it is not worth waiting. */
  lost(endpoint: string, address: Address): boolean
  /** Its wait is over. Whether it is worth another try: not if others go without an answer as well. */
  waited(endpoint: string, address: Address): boolean
  /** A write was answered with success. */
  answered(endpoint: string): void
}

interface Trouble {
  readonly lost: Set<Address>
  waited: boolean
}

export function createPatience(): Patience {
  const troubles = new Map<string, Trouble>()
  return {
    lost(endpoint, address) {
      const trouble = troubles.get(endpoint) ?? { lost: new Set(), waited: false }
      troubles.set(endpoint, trouble)
      trouble.lost.add(address)
      return !trouble.waited
    },
    waited(endpoint, address) {
      const trouble = troubles.get(endpoint)
      if (trouble === undefined || !trouble.lost.has(address)) return true
      trouble.waited = true
      return trouble.lost.size === 1
    },
    answered: (endpoint) => {
      troubles.delete(endpoint)
    },
  }
}
