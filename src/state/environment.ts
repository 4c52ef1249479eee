import type { Clock } from '../core/budget.js'
import type { Holder, Liveness } from '../core/state.js'

/** What proves on this machine which process a holder is: the part of a `Holder` that the system knows. */
export type ProcessIdentity = Pick<Holder, 'pid' | 'startTime' | 'bootId' | 'pidNamespace'>

/** Moments at which the tests of crashes stop a process. */
export type TracePoint =
  | 'append:before'
  | 'append:durable'
  | 'checkpoint:before-snapshot'
  | 'checkpoint:after-snapshot'
  | 'checkpoint:before-delete'

/** Everything that the journal protocol takes from the world. */
export interface LeaseEnvironment extends Clock {
  now(): Date
  random(bytes: number): Uint8Array
  /** Resolves after that many milliseconds by the monotonic clock; rejects when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  processIdentity(): ProcessIdentity
  /** `dead` only where it is proven. */
  isAlive(holder: Holder): Liveness
  /** The machine's name, the user's name, the version of Rolecall: for people who find the state locked. */
  readonly host: string
  readonly who: string
  readonly version: string
  trace?(point: TracePoint): void
}

/** What reading without a lease needs. */
export type ReaderEnvironment = Pick<LeaseEnvironment, 'monotonic' | 'sleep' | 'isAlive'>

export function randomHex(environment: Pick<LeaseEnvironment, 'random'>, bytes: number): string {
  return Buffer.from(environment.random(bytes)).toString('hex')
}
