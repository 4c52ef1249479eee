import { mkdir, open, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { error, Failure } from '../core/diagnostic.js'
import type { Backing } from './backing.js'
import { sqliteCode } from './database-error.js'
import { Kysely, sql } from './query-builder.js'
import { sqliteWords } from './schema-steps.js'
import { sqliteDialect } from './sqlite.js'
import type { Tables } from './tables.js'

/** Opens a file, made with its folders if it is not there, or `:memory:`. */
export async function openSqlite(path: string): Promise<Backing> {
  const inMemory = path === ':memory:'
  if (!inMemory) await ensureFile(path)
  // libsql takes a path that looks like a URL for a database elsewhere; an absolute path never does.
  const tables = new Kysely<Tables>({ dialect: sqliteDialect(inMemory ? path : resolve(path)) })
  try {
    await configure(tables)
  } catch (cause) {
    await tables.destroy()
    throw explained(path, cause)
  }
  return {
    tables,
    words: sqliteWords,
    name: path,
    keyFile: inMemory ? undefined : `${path}.key`,
    isPassing: inMemory,
    async tableNames(tables) {
      const query = sql<{ name: string }>`select name from sqlite_master where type = 'table'`
      return (await query.execute(tables)).rows.map(({ name }) => name)
    },
    explained: (cause) => explained(path, cause),
    async close() {
      await sql`pragma wal_checkpoint(truncate)`.execute(tables).catch(() => undefined)
      await tables.destroy()
    },
  }
}

async function ensureFile(path: string): Promise<void> {
  try {
    await ensureFolder(dirname(resolve(path)))
    // SQLite gives its -wal and -shm files the mode of the database.
    const file = await open(path, 'a', 0o600)
    await file.close()
  } catch (cause) {
    throw explained(path, cause)
  }
}

/** Makes a folder and those that it lies in. Node's own way never ends where a folder cannot have any in it, as in /proc. */
async function ensureFolder(folder: string): Promise<void> {
  const there = await stat(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined
    throw cause
  })
  if (there !== undefined) {
    if (there.isDirectory()) return
    throw new Error(`${folder} is a file, and not a folder`)
  }
  await ensureFolder(dirname(folder))
  await mkdir(folder, { mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
    // Another process may have been faster.
    if (cause.code !== 'EEXIST') throw cause
  })
}

async function configure(tables: Kysely<Tables>): Promise<void> {
  await sql`pragma journal_mode = wal`.execute(tables)
  // Readers do not block the writer in WAL mode. FULL syncs every commit: what was answered with 201 survives a power cut,
  // as it does at the vendor, for about a fifth of a millisecond. NORMAL would survive only the death of the process.
  await sql`pragma synchronous = full`.execute(tables)
}

function explained(path: string, cause: unknown): unknown {
  if (cause instanceof Failure) return cause
  const code = sqliteCode(cause)
  const message = cause instanceof Error ? cause.message : String(cause)
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    const detail = `${path} is not an SQLite database, or is damaged: ${message}`
    const help = 'Name another file, or restore it from a backup together with its key file.'
    return new Failure(error('server/database-damaged', 'the database cannot be read', { detail, help }), {
      cause,
    })
  }
  const help = 'Check that the folder exists and can be written, and that no other program locks the file.'
  return new Failure(
    error('server/database-unavailable', 'the database cannot be opened', {
      detail: `${path}: ${message}`,
      help,
    }),
    { cause },
  )
}
