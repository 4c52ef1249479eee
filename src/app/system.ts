import { randomBytes } from 'node:crypto'
import { hostname, userInfo } from 'node:os'
import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import type { Ambient } from '../app.js'
import type { Holder } from '../core/state.js'
import type { LeaseEnvironment } from '../state/environment.js'
import { processIdentity, processLiveness } from '../state/process-identity.js'
import { toolVersion } from './version.js'

export const random = (bytes: number): Uint8Array => randomBytes(bytes)
export const randomHex = (bytes: number): string => randomBytes(bytes).toString('hex')
export const monotonic = (): number => performance.now()

export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, signal === undefined ? {} : { signal })
}

/** The clocks, random numbers and process identity of this machine, for the journal. */
export function leaseEnvironment(ambient: Ambient): LeaseEnvironment {
  const trace = ambient.test?.trace
  return {
    monotonic,
    wall: () => ambient.now().getTime(),
    now: () => ambient.now(),
    random,
    sleep,
    processIdentity: () => processIdentity(),
    isAlive: (holder: Holder) => processLiveness(holder),
    host: hostname(),
    who: `${userName()}@${hostname()}`,
    version: toolVersion(),
    ...(trace !== undefined && { trace: (point) => trace(point) }),
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a number that has no name.
    return String(process.getuid?.() ?? 'unknown')
  }
}
