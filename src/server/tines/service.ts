import type { Kysely, Transaction } from 'kysely'
import type { Sealer } from '../seal.js'
import type { Tables } from '../tables.js'
import type { TinesTables } from './tables.js'

export type AllTables = Tables & TinesTables

/** What the routes work with. */
export interface Service {
  readonly tables: Kysely<AllTables>
  readonly sealer: Sealer
  now(): Date
  random(bytes: number): Uint8Array
}

/** A write: all of it happens, or nothing. */
export type Write = Transaction<AllTables>
