import { mkdir, open, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Kysely, sql } from 'kysely'
import { error, Failure } from '../core/diagnostic.js'
import { createKeyFile, keyLength, readKeyFile } from './key-file.js'
import { inWords, type SchemaSteps, sqliteWords } from './schema-steps.js'
import { isKeyOf, keyCheck, type Sealer, sealer } from './seal.js'
import { sqliteCode, sqliteDialect } from './sqlite.js'
import { type PlaneTable, planeSteps, type Tables } from './tables.js'

export interface DatabaseOptions {
  /** A file, made with its folders if it is not there, or `:memory:`. */
  readonly path: string
  /** Where the key of its secrets is. Default: the path with `.key` added; none for `:memory:`. */
  readonly keyFile?: string
  now(): Date
  random(bytes: number): Uint8Array
}

export interface Database {
  /** The plane's identity: random, made with the database and kept in it. */
  readonly id: string
  readonly tables: Kysely<Tables>
  readonly sealer: Sealer
  /** Makes or brings up to date the tables of a service. Throws a `Failure` if a newer version made them. */
  prepare(part: SchemaSteps): Promise<void>
  close(): Promise<void>
}

/** Opens a plane's database, making or migrating it as needed. Throws a `Failure` that names the file and what to do. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { path } = options
  if (path !== ':memory:') await ensureFile(path)
  // libsql takes a path that looks like a URL for a database elsewhere; an absolute path never does.
  const tables = new Kysely<Tables>({ dialect: sqliteDialect(path === ':memory:' ? path : resolve(path)) })
  try {
    await configure(tables)
    const { plane, key } = await tables.transaction().execute(async (transaction) => {
      // Under the write lock, so that of two processes that open a new database at once one makes it and its key.
      await migrate(transaction, options)
      const plane = await transaction.selectFrom('plane').selectAll().executeTakeFirstOrThrow()
      return { plane, key: await obtainKey(transaction, plane, options) }
    })
    return {
      id: plane.id,
      tables,
      sealer: sealer(key, options.random),
      prepare: (part) => prepare(tables, part, path),
      async close() {
        await sql`pragma wal_checkpoint(truncate)`.execute(tables).catch(() => undefined)
        await tables.destroy()
      },
    }
  } catch (cause) {
    await tables.destroy()
    throw explained(path, cause)
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

async function migrate(tables: Kysely<Tables>, options: DatabaseOptions): Promise<void> {
  const version = await schemaVersion(tables, options.path)
  await takeSteps(tables, planeSteps, version, options.path)
  if (version === 0) await populate(tables, options)
  else if (version < planeSteps.steps.length)
    await tables.updateTable('plane').set({ schema_version: planeSteps.steps.length }).execute()
}

async function prepare(tables: Kysely<Tables>, part: SchemaSteps, path: string): Promise<void> {
  await tables.transaction().execute(async (transaction) => {
    const { name } = part
    const row = await transaction
      .selectFrom('plane_parts')
      .select('version')
      .where('name', '=', name)
      .executeTakeFirst()
    const version = part.steps.length
    await takeSteps(transaction, part, row?.version ?? 0, path)
    if (row === undefined) await transaction.insertInto('plane_parts').values({ name, version }).execute()
    else if (row.version < version)
      await transaction.updateTable('plane_parts').set({ version }).where('name', '=', name).execute()
  })
}

async function takeSteps(
  tables: Kysely<Tables>,
  { name, steps }: SchemaSteps,
  version: number,
  path: string,
): Promise<void> {
  if (version > steps.length) {
    throw new Failure(
      error('server/database-newer', 'the database was made by a newer version of Rolecall', {
        detail: `${path} has schema version ${version} of ${name}, this version knows ${steps.length}`,
        help: 'Upgrade Rolecall, or use another database.',
      }),
    )
  }
  for (const step of steps.slice(version))
    for (const statement of step) await sql.raw(inWords(statement, sqliteWords)).execute(tables)
}

/** 0 for an empty file. */
async function schemaVersion(tables: Kysely<Tables>, path: string): Promise<number> {
  const names = await sql<{ name: string }>`select name from sqlite_master where type = 'table'`.execute(
    tables,
  )
  if (names.rows.length === 0) return 0
  if (!names.rows.some((row) => row.name === 'plane')) throw foreign(path)
  const plane = await tables.selectFrom('plane').select('schema_version').executeTakeFirst()
  if (plane === undefined) throw foreign(path)
  return plane.schema_version
}

/** What every plane starts with: workspace 1, and the administrator in whose name calls are made, person 1. */
async function populate(tables: Kysely<Tables>, { now, random }: DatabaseOptions): Promise<void> {
  const at = now().toISOString()
  const id = Buffer.from(random(16)).toString('hex')
  await tables
    .insertInto('plane')
    .values({ id, schema_version: planeSteps.steps.length, key_check: '', created_at: at })
    .execute()
  await tables.insertInto('trifacta_workspaces').values({ id: 1, aws_config_id: null }).execute()
  await tables
    .insertInto('trifacta_people')
    .values({
      id: 1,
      workspace_id: 1,
      email: 'admin@localhost',
      name: 'Administrator',
      sso_principal: null,
      hadoop_principal: null,
      is_admin: 1,
      is_disabled: 0,
      force_password_change: 0,
      output_home_dir: '/trifacta/queryResults/admin@localhost',
      file_upload_path: '/trifacta/uploads',
      last_login_time: null,
      last_state_change: null,
      aws_config_id: null,
      created_at: at,
      updated_at: at,
      deleted_at: null,
    })
    .execute()
}

async function obtainKey(
  tables: Kysely<Tables>,
  plane: PlaneTable,
  options: DatabaseOptions,
): Promise<Buffer> {
  const file = options.keyFile ?? (options.path === ':memory:' ? undefined : `${options.path}.key`)
  const existing = file === undefined ? undefined : await readKeyFile(file)
  if (plane.key_check !== '') {
    if (file === undefined || existing === undefined) throw keyProblem(options.path, file, 'is missing')
    if (!isKeyOf(plane.key_check, existing))
      throw keyProblem(options.path, file, 'belongs to another database')
    return existing
  }
  const key =
    existing ??
    (file === undefined ? Buffer.from(options.random(keyLength)) : await createKeyFile(file, options.random))
  await tables
    .updateTable('plane')
    .set({ key_check: keyCheck(key) })
    .execute()
  return key
}

function keyProblem(path: string, keyFile: string | undefined, what: string): Failure {
  return new Failure(
    error('server/key-file-wrong', 'the key file of the database is missing or another one', {
      detail: `${keyFile ?? 'the key file'} ${what}; ${path} holds secrets that only its own key opens`,
      help: 'Restore the key file from a backup, or name the right one.',
    }),
  )
}

function foreign(path: string): Failure {
  return new Failure(
    error('server/database-foreign', 'the database belongs to another program', {
      detail: `${path} holds tables, but none of a Rolecall control plane`,
      help: 'Name another file. Rolecall makes it if it does not exist.',
    }),
  )
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
