import type { Hono } from 'hono'
import type { Transaction } from 'kysely'
import type { Database } from '../database.js'
import type { Tables } from '../tables.js'

/** Which release of the vendor's API is spoken: A is 6.0, C is 6.8 and later. The database is the same for both. */
export type Generation = 'A' | 'C'

/** What the routes work with. */
export interface Service {
  readonly database: Database
  readonly generation: Generation
  readonly allowConfigDelete: boolean
  readonly allowPeopleWrites: boolean
  now(): Date
  random(bytes: number): Uint8Array
}

/** In whose name a request is made. */
export interface Caller {
  readonly id: number
  readonly isAdmin: boolean
}

export type App = Hono<{ Variables: { caller: Caller } }>

/** A write: all of it happens, or nothing. */
export type Write = Transaction<Tables>
