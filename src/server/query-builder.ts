import { createRequire } from 'node:module'
import type * as Library from 'kysely'

/**
 * The query builder, by `require`: `import` takes twice as long for its hundreds of modules, and every command with an embedded
 * control plane waits for it.
 */
export const { CompiledQuery, Kysely, PostgresDialect, SqliteDialect, sql } = createRequire(import.meta.url)(
  'kysely',
) as typeof Library

export type CompiledQuery = Library.CompiledQuery
export type Kysely<Tables> = Library.Kysely<Tables>
