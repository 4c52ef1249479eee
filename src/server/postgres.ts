import type { Dialect } from 'kysely'
import type { CustomTypesConfig } from 'pg'
import { nullsFirst } from './null-order.js'
import { oneWriterDriver } from './postgres-driver.js'
import { PostgresDialect } from './query-builder.js'

/** Connections of one plane. Writing takes one at a time; the others read. */
const connections = 10

/**
 * Kysely's PostgreSQL dialect over a pool of connections, which behaves as SQLite does: one writer at a time, numbers as
 * numbers, truth as 0 and 1, nulls before everything else. The settings that an address does not have come from the
 * variables and files that all PostgreSQL clients know (`PGPASSWORD`, `~/.pgpass`).
 */
export function postgresDialect(address: string): Dialect {
  const plain = new PostgresDialect({ pool: () => openPool(address) })
  return {
    createAdapter: () => plain.createAdapter(),
    createDriver: () => oneWriterDriver(plain.createDriver()),
    createIntrospector: (database) => plain.createIntrospector(database),
    createQueryCompiler() {
      const compiler = plain.createQueryCompiler()
      return { compileQuery: (node, id) => compiler.compileQuery(nullsFirst(node), id) }
    },
  }
}

async function openPool(address: string) {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({
    connectionString: address,
    max: connections,
    connectionTimeoutMillis: 10_000,
    application_name: 'rolecall',
    keepAlive: true,
    types: typesAsInSqlite(pg.types),
  })
  // A connection that breaks is found out when it is next used; an event that nobody hears would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

const oids = { bool: 16, int8: 20, numeric: 1700 }

function typesAsInSqlite(types: CustomTypesConfig): CustomTypesConfig {
  const parsers = new Map<number, (text: string) => number>([
    [oids.bool, (text) => (text === 't' ? 1 : 0)],
    [oids.int8, exactNumber],
    // What `sum` makes of large numbers.
    [oids.numeric, Number],
  ])
  return {
    getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
      parsers.get(oid) ?? types.getTypeParser(oid, format)) as CustomTypesConfig['getTypeParser'],
  }
}

function exactNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new RangeError(`the database holds a number too large: ${text}`)
  return number
}
