import { error, Failure } from '../core/diagnostic.js'
import type { Backing } from './backing.js'
import { createKeyFile, keyLength, readKeyFile } from './key-file.js'
import { isPostgresAddress } from './postgres-address.js'
import { type Kysely, sql } from './query-builder.js'
import { inWords, type SchemaSteps } from './schema-steps.js'
import { isKeyOf, keyCheck, type Sealer, sealer } from './seal.js'
import { type PlaneTable, planeSteps, type Tables } from './tables.js'

export interface DatabaseOptions {
  /** A file, made with its folders if it is not there, or `:memory:`; or the address of a PostgreSQL database, `postgres://…`. */
  readonly path: string
  /** Where the key of its secrets is. Default: the path of the file with `.key` added; none for `:memory:`. */
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
  const backing = await openBacking(options.path)
  const { tables } = backing
  try {
    const { plane, key } = await tables.transaction().execute(async (transaction) => {
      // Under the write lock, so that of two processes that open a new database at once one makes it and its key.
      await migrate(transaction, backing, options)
      const plane = await transaction.selectFrom('plane').selectAll().executeTakeFirstOrThrow()
      return { plane, key: await obtainKey(transaction, backing, plane, options) }
    })
    return {
      id: plane.id,
      tables,
      sealer: sealer(key, options.random),
      prepare: (part) => prepare(backing, part),
      close: () => backing.close(),
    }
  } catch (cause) {
    await tables.destroy()
    throw backing.explained(cause)
  }
}

async function openBacking(path: string): Promise<Backing> {
  if (!isPostgresAddress(path)) return await (await import('./sqlite-backing.js')).openSqlite(path)
  return await (await import('./postgres-backing.js')).openPostgres(path)
}

async function migrate(tables: Kysely<Tables>, backing: Backing, options: DatabaseOptions): Promise<void> {
  const version = await schemaVersion(tables, backing)
  await takeSteps(tables, planeSteps, version, backing)
  if (version === 0) await populate(tables, options)
  else if (version < planeSteps.steps.length)
    await tables.updateTable('plane').set({ schema_version: planeSteps.steps.length }).execute()
}

async function prepare(backing: Backing, part: SchemaSteps): Promise<void> {
  await backing.tables.transaction().execute(async (transaction) => {
    const { name } = part
    const row = await transaction
      .selectFrom('plane_parts')
      .select('version')
      .where('name', '=', name)
      .executeTakeFirst()
    const version = part.steps.length
    await takeSteps(transaction, part, row?.version ?? 0, backing)
    if (row === undefined) await transaction.insertInto('plane_parts').values({ name, version }).execute()
    else if (row.version < version)
      await transaction.updateTable('plane_parts').set({ version }).where('name', '=', name).execute()
  })
}

async function takeSteps(
  tables: Kysely<Tables>,
  { name, steps }: SchemaSteps,
  version: number,
  backing: Backing,
): Promise<void> {
  if (version > steps.length) {
    throw new Failure(
      error('server/database-newer', 'the database was made by a newer version of Rolecall', {
        detail: `${backing.name} has schema version ${version} of ${name}, this version knows ${steps.length}`,
        help: 'Upgrade Rolecall, or use another database.',
      }),
    )
  }
  for (const step of steps.slice(version))
    for (const statement of step) await sql.raw(inWords(statement, backing.words)).execute(tables)
}

/** 0 for a database without tables. */
async function schemaVersion(tables: Kysely<Tables>, backing: Backing): Promise<number> {
  const names = await backing.tableNames(tables)
  if (names.length === 0) return 0
  if (!names.includes('plane')) throw foreign(backing)
  const plane = await tables.selectFrom('plane').select('schema_version').executeTakeFirst()
  if (plane === undefined) throw foreign(backing)
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
  // Both get the id 1, because they are the first. A number that is not the database's own would come up once more: PostgreSQL
  // counts only those that it gave.
  await tables.insertInto('trifacta_workspaces').values({ aws_config_id: null }).execute()
  await tables
    .insertInto('trifacta_people')
    .values({
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
  backing: Backing,
  plane: PlaneTable,
  options: DatabaseOptions,
): Promise<Buffer> {
  const file = options.keyFile ?? backing.keyFile
  if (file === undefined && !backing.isPassing) throw keyFileNeeded(backing)
  const existing = file === undefined ? undefined : await readKeyFile(file)
  if (plane.key_check !== '') {
    if (file === undefined || existing === undefined) throw keyProblem(backing, file, 'is missing')
    if (!isKeyOf(plane.key_check, existing)) throw keyProblem(backing, file, 'belongs to another database')
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

function keyFileNeeded({ name }: Backing): Failure {
  return new Failure(
    error('server/key-file-needed', 'the database needs a key file', {
      detail: `${name} keeps secrets sealed, and their key must not be where they are`,
      help: 'Name a file with --key-file or ROLECALL_KEY_FILE. It is made when the database is; every other server of the same database needs a copy.',
    }),
  )
}

function keyProblem({ name }: Backing, keyFile: string | undefined, what: string): Failure {
  return new Failure(
    error('server/key-file-wrong', 'the key file of the database is missing or another one', {
      detail: `${keyFile ?? 'the key file'} ${what}; ${name} holds secrets that only its own key opens`,
      help: 'Restore the key file from a backup, or name the right one.',
    }),
  )
}

function foreign({ name }: Backing): Failure {
  return new Failure(
    error('server/database-foreign', 'the database belongs to another program', {
      detail: `${name} holds tables, but none of a Rolecall control plane`,
      help: 'Name another one. A file is made if it does not exist; in PostgreSQL, make a database with createdb.',
    }),
  )
}
