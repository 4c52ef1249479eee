import type { Kysely } from 'kysely'
import type { SqlWords } from './schema-steps.js'
import type { Tables } from './tables.js'

/** A database that is connected to. The two kinds differ in no more than this. */
export interface Backing {
  readonly tables: Kysely<Tables>
  readonly words: SqlWords
  /** How messages name it. */
  readonly name: string
  /** Where its key is if nobody says so; undefined: there is no such place. */
  readonly keyFile: string | undefined
  /** Whether nothing of it is left when it is closed. */
  readonly isPassing: boolean
  tableNames(tables: Kysely<Tables>): Promise<readonly string[]>
  /** What the user reads for an error of the database while it is opened. */
  explained(cause: unknown): unknown
  close(): Promise<void>
}
