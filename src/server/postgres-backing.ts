import { type Diagnostic, error, Failure } from '../core/diagnostic.js'
import type { Backing } from './backing.js'
import { codeOf, isConnectionLost } from './database-error.js'
import { postgresDialect } from './postgres.js'
import { shownAddress } from './postgres-address.js'
import { Kysely, sql } from './query-builder.js'
import { postgresWords } from './schema-steps.js'
import type { Tables } from './tables.js'

/** Connects to a database of PostgreSQL 11 or later. Its tables are in the first schema of its search path. */
export async function openPostgres(address: string): Promise<Backing> {
  const name = shownAddress(address)
  const tables = new Kysely<Tables>({ dialect: postgresDialect(address) })
  try {
    await requireUnicode(tables, name)
  } catch (cause) {
    await tables.destroy()
    throw explained(name, cause)
  }
  return {
    tables,
    words: postgresWords,
    name,
    keyFile: undefined,
    isPassing: false,
    async tableNames(tables) {
      const query = sql<{
        name: string
      }>`select table_name as name from information_schema.tables
        where table_schema = current_schema() and table_type = 'BASE TABLE'`
      return (await query.execute(tables)).rows.map((row) => row.name)
    },
    explained: (cause) => explained(name, cause),
    close: () => tables.destroy(),
  }
}

async function requireUnicode(tables: Kysely<Tables>, name: string): Promise<void> {
  const { rows } = await sql<{ encoding: string }>`select getdatabaseencoding() as encoding`.execute(tables)
  const encoding = rows[0]?.encoding
  if (encoding === 'UTF8') return
  throw new Failure(
    error('server/database-encoding', 'the database cannot hold all text', {
      detail: `${name} has the encoding ${encoding}`,
      help: 'Make one with: createdb --encoding=UTF8 --template=template0 NAME',
    }),
  )
}

/** No message of the server or of the client library holds a password. */
function explained(name: string, cause: unknown): unknown {
  if (cause instanceof Failure) return cause
  const message = messageOf(cause)
  return new Failure(asDiagnostic(`${name}: ${message}`, codeOf(cause), cause), { cause })
}

function asDiagnostic(detail: string, code: string | undefined, cause: unknown): Diagnostic {
  if (code === '28P01' || code === '28000')
    return error('server/database-refused', 'the database refuses the user', {
      detail,
      help: 'Check the user and the password: in the address, in PGPASSWORD, or in ~/.pgpass; and the rules of pg_hba.conf.',
    })
  if (code === '3D000')
    return error('server/database-missing', 'there is no such database', {
      detail,
      help: 'Make it with createdb, or name another one. The tables are made by Rolecall.',
    })
  if (code === '42501' || code === '3F000')
    return error('server/database-forbidden', 'the user may not make the tables', {
      detail,
      help: 'Make the user the owner of the database, or run: grant create, usage on schema public to the user.',
    })
  if (isConnectionLost(cause))
    return error('server/database-unavailable', 'the database cannot be reached', {
      detail,
      help: 'Check host and port, that PostgreSQL runs there, and that it has connections left.',
    })
  return error('server/database-unavailable', 'the database cannot be opened', {
    detail,
    help: 'The log of PostgreSQL may say more.',
  })
}

function messageOf(cause: unknown): string {
  // A name with several addresses fails once for each of them, and the whole has no text of its own.
  if (cause instanceof AggregateError) return cause.errors.map(messageOf).join(', ')
  return cause instanceof Error ? cause.message : String(cause)
}
