import { setTimeout as sleep } from 'node:timers/promises'
import type { DatabaseConnection, Dialect, Driver, SqliteDatabase, SqliteStatement } from 'kysely'
import Libsql from 'libsql'
import { bindable } from './bindable.js'
import { sqliteCode } from './database-error.js'
import { CompiledQuery, SqliteDialect } from './query-builder.js'

/** How long a statement waits for another process, or another plane in this one, to finish its transaction. */
const patience = 10_000

/** Enough for every statement of the server; a bound, because lists of ids make statements of many lengths. */
const cachedStatements = 200

/**
 * Kysely's SQLite dialect over one libsql connection, with two differences. Transactions take the write lock at their
 * start, because one that reads first and then wants to write fails at once when another process wrote in between. And
 * waiting for a lock gives way to the event loop: libsql waits inside the call, so a second plane in the same process could
 * never finish the transaction that the first is waiting for.
 */
export function sqliteDialect(path: string): Dialect {
  const plain = new SqliteDialect({ database: async () => openLibsql(path) })
  return {
    createAdapter: () => plain.createAdapter(),
    createDriver: () => patientDriver(plain.createDriver()),
    createIntrospector: (database) => plain.createIntrospector(database),
    createQueryCompiler: () => plain.createQueryCompiler(),
  }
}

function openLibsql(path: string): SqliteDatabase {
  const connection = new Libsql(path, { timeout: 0 })
  const statements = new Map<string, SqliteStatement>()
  return {
    close() {
      statements.clear()
      connection.close()
    },
    prepare(sql) {
      const known = statements.get(sql)
      if (known !== undefined) return known
      const prepared = connection.prepare(sql)
      const statement: SqliteStatement = {
        reader: prepared.reader,
        all: (parameters) => prepared.all(bindable(parameters)),
        run: (parameters) => prepared.run(bindable(parameters)),
        iterate: (parameters) => prepared.iterate(bindable(parameters)),
      }
      if (statements.size >= cachedStatements) statements.clear()
      statements.set(sql, statement)
      return statement
    },
  }
}

function patientDriver(driver: Driver): Driver {
  return {
    init: () => driver.init(),
    acquireConnection: async () => patientConnection(await driver.acquireConnection()),
    beginTransaction: async (connection) => {
      await connection.executeQuery(CompiledQuery.raw('begin immediate'))
    },
    commitTransaction: (connection) => driver.commitTransaction(connection),
    rollbackTransaction: (connection) => driver.rollbackTransaction(connection),
    releaseConnection: (connection) => driver.releaseConnection(connection),
    destroy: () => driver.destroy(),
  }
}

function patientConnection(connection: DatabaseConnection): DatabaseConnection {
  return {
    async executeQuery(query) {
      for (let waited = 0, pause = 1; ; waited += pause, pause = Math.min(pause * 2, 25)) {
        try {
          return await connection.executeQuery(query)
        } catch (error) {
          // A statement that was refused as busy has done nothing, and transactions hold their lock from the start, so
          // that saying it again is always safe.
          if (sqliteCode(error) !== 'SQLITE_BUSY' || waited >= patience) throw error
          await sleep(pause)
        }
      }
    },
    streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
  }
}
