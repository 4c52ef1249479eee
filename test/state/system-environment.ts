import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LeaseEnvironment } from '../../src/state/environment.js'
import { processIdentity, processLiveness } from '../../src/state/process-identity.js'

/** The environment of this process and this machine. What people read about a holder comes from the caller. */
export function systemEnvironment(
  facts: Pick<LeaseEnvironment, 'host' | 'who' | 'version'> & Partial<LeaseEnvironment>,
): LeaseEnvironment {
  return {
    now: () => new Date(),
    monotonic: () => performance.now(),
    wall: () => Date.now(),
    random: (bytes) => randomBytes(bytes),
    async sleep(milliseconds, signal) {
      await sleep(milliseconds, undefined, signal === undefined ? {} : { signal })
    },
    processIdentity: () => processIdentity(),
    isAlive: (holder) => processLiveness(holder),
    ...facts,
  }
}
