import type { AwsAccess } from '../aws/access.js'
import type { Database } from './database.js'

/** The services whose APIs a control plane has, by the name that also begins their paths. */
export const systemNames = ['trifacta', 'vault', 'tines', 'outerproduct'] as const
export type SystemName = (typeof systemNames)[number]

/** What the maker of a request may do: read, change, or be handed credentials. */
export type Scope = 'read' | 'write' | 'issue'

export interface Grant {
  /** Names whoever calls, for the log and for what a service says about its caller. */
  readonly name: string
  readonly scopes: ReadonlySet<Scope>
  /** The address of the machine that the request came from, where it came over a socket. */
  readonly from?: string
}

/** Who calls where nobody is asked. */
export const anybody: Grant = { name: 'anybody', scopes: new Set(['read', 'write', 'issue']) }

/** What one service's part of a control plane works with. */
export interface SystemContext {
  readonly database: Database
  /** The AWS that stands behind the plane. */
  aws(): Promise<AwsAccess>
  /** Undefined: the request is made in nobody's name, and the service refuses it in its own words. */
  grant(request: Request): Promise<Grant | undefined>
  now(): Date
  random(bytes: number): Uint8Array
  /** Called with what ends in an answer of 500. */
  onError(error: unknown, request: Request): void
  /** Called with what went wrong with work that goes on beside requests. `again`: when it is tried again. */
  onWorkError(work: string, error: unknown, again?: Date): void
}

/** One vendor's API. */
export interface System {
  /** The path of the request's address begins where the vendor's does (`/v4/people`, `/v1/sys/mounts`). */
  fetch(request: Request): Promise<Response>
  /** Ends what runs beside requests. */
  close?(): Promise<void>
}
