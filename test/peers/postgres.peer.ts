import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import t, { type Test } from 'tap'
import { Failure } from '../../src/core/diagnostic.js'
import { openControlPlane } from '../../src/server/control-plane.js'
import { openDatabase } from '../../src/server/database.js'
import type { SchemaSteps } from '../../src/server/schema-steps.js'
import { makeSchema } from '../fixtures/postgres-schema.js'
import { addPerson, call, create, list } from '../fixtures/test-plane.js'
import { type PostgresServer, startPostgres } from './postgres-server.js'

const server = await startPostgres()
const skip = server === undefined && 'PostgreSQL is not installed (Debian: apt-get install postgresql)'
t.teardown(() => server?.remove())

// All the tests of the servers once more.
t.setTimeout(900_000)

const now = () => new Date()
const random = randomBytes

/** A schema, and a folder for the key. */
async function place(t: Test, { address }: PostgresServer) {
  const schema = await makeSchema(address)
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-postgres-key-'))
  t.teardown(async () => {
    rmSync(folder, { recursive: true })
    await schema.drop()
  })
  return { path: schema.address, keyFile: join(folder, 'key') }
}

async function failureOf(promise: Promise<unknown>) {
  const thrown = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (!(thrown instanceof Failure)) throw new Error('it did not fail as it should', { cause: thrown })
  const { code, detail, help } = thrown.diagnostics[0] ?? {}
  return { code, text: `${detail} ${help}`, all: `${thrown.stack} ${JSON.stringify(thrown.diagnostics)}` }
}

t.test(
  'all tests of the servers, and of all types against them, pass on PostgreSQL',
  { skip, timeout: 900_000 },
  async (t) => {
    if (server === undefined) return
    const root = join(process.cwd(), 'dist', 'test')
    // The sandbox is not the control plane: its data is in a file of its own. What kills planes is about processes, not databases.
    const systems = readdirSync(join(root, 'server'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'sandbox')
      .map(({ name }) => join(root, 'server', name))
    const files = [...systems, join(root, 'conformance')].flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.test.js') && name !== 'crash.test.js')
        .map((name) => join(folder, name)),
    )
    t.ok(files.length > 15, 'the tests were found')
    const waiting = files.values()
    const work = async () => {
      for (const file of waiting) {
        const { code, output } = await run(file, server.address)
        t.equal(code, 0, `${relative(root, file)}${code === 0 ? '' : `\n${output}`}`)
      }
    }
    await Promise.all([work(), work()])
  },
)

async function run(file: string, address: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['--enable-source-maps', file], {
    // Without tap's runner a file has 30 seconds, which a busy machine needs more of.
    env: { ...process.env, TAP: '1', TAP_TIMEOUT: '300', ROLECALL_TEST_DATABASE: address },
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, output: Buffer.concat(chunks).toString().slice(-4000) }
}

t.test('values come back as they do from SQLite', { skip }, async (t) => {
  if (server === undefined) return
  const steps: SchemaSteps = {
    name: 'values',
    steps: [
      [
        'create table samples (id {id}, word text {nocase}, amount integer, share double precision, content {bytes})',
      ],
    ],
  }
  const seen = []
  for (const options of [{ path: ':memory:' }, await place(t, server)]) {
    const database = await openDatabase({ ...options, now, random })
    await database.prepare(steps)
    await database.prepare(steps)
    const tables = database.tables.withTables<{
      samples: {
        id?: number
        word: string | null
        amount: number | null
        share: number | null
        content: Uint8Array | null
      }
    }>()
    const insert = (word: string | null, amount: number | null) =>
      tables
        .insertInto('samples')
        .values({ word, amount, share: 0.1, content: Buffer.from([0, 255, 10]) })
        .returning('id')
        .executeTakeFirstOrThrow()
    const ids = [
      await insert('b', 2 ** 40),
      await insert('A', null),
      await insert(null, -1),
      await insert('é', 0),
    ]
    const words = async (direction: 'asc' | 'desc') =>
      (await tables.selectFrom('samples').select('word').orderBy('word', direction).execute()).map(
        (r) => r.word,
      )
    const rows = await tables.selectFrom('samples').selectAll().orderBy('id').execute()
    const { rows: made } = await sql<{ n: number; s: number; truth: unknown }>`
      select count(*) as n, sum(amount) as s, (1 = 1) as truth from samples`.execute(tables)
    const changed = await tables
      .updateTable('samples')
      .set({ amount: 5 })
      .where('id', '>', 2)
      .executeTakeFirst()
    seen.push({
      ids,
      nullsFirst: await words('asc'),
      nullsLast: await words('desc'),
      amounts: await tables.selectFrom('samples').select('amount').orderBy('amount').execute(),
      rows: rows.map((row) => ({ ...row, content: Buffer.from(row.content ?? []).toString('hex') })),
      made,
      changed: changed.numUpdatedRows,
      byHugeId: await tables
        .selectFrom('samples')
        .select('id')
        .where('id', '=', 2 ** 52)
        .execute(),
    })
    await t.rejects(
      tables
        .selectFrom('samples')
        .select('id')
        .where('amount', '=', true as unknown as number)
        .execute(),
      { name: 'TypeError' },
    )
    await database.close()
  }
  t.strictSame(seen[1], seen[0])
  t.strictSame(seen[1]?.made, [{ n: 4, s: 2 ** 40 - 1, truth: 1 }])
})

t.test('planes that share a database wait for each other, and write one at a time', { skip }, async (t) => {
  if (server === undefined) return
  const { path: database, keyFile } = await place(t, server)
  const open = () => openControlPlane({ database, keyFile, now, random })
  const planes = await Promise.all([open(), open(), open()])
  t.teardown(() => Promise.all(planes.map((plane) => plane.close())))
  t.equal(new Set(planes.map(({ id }) => id)).size, 1, 'all opened it while it was new')
  t.equal(statSync(keyFile).mode & 0o777, 0o600)
  const added = planes.flatMap((plane, which) =>
    Array.from({ length: 20 }, async (_, n) => {
      const personId = await addPerson(plane, `p${which}-${n}@example.com`)
      await create(plane, '/awsConfigs', {
        credentialProvider: 'default',
        key: 'canary-key',
        secret: 'canary-secret',
        defaultBucket: 'b',
        personId,
      })
    }),
  )
  await Promise.all(added)
  for (const plane of planes) t.equal((await list(plane, '/awsConfigs?limit=1000')).length, 60)
  const taken = await Promise.all(
    planes.map((plane) =>
      call(plane, 'POST', '/people', {
        accept: 'accept',
        email: 'Same@example.com',
        name: 'S',
        password: 'p',
        password2: 'p',
      }),
    ),
  )
  t.strictSame(taken.map(({ status }) => status).sort(), [201, 400, 400])
})

t.test(
  'a transaction sees nobody write while it is under way, single statements included',
  { skip },
  async (t) => {
    if (server === undefined) return
    const options = { ...(await place(t, server)), now, random }
    const one = await openDatabase(options)
    const two = await openDatabase(options)
    t.teardown(() => Promise.all([one.close(), two.close()]))
    const order: string[] = []
    let single: Promise<unknown> = Promise.resolve()
    await one.tables.transaction().execute(async (write) => {
      await write.updateTable('trifacta_people').set({ name: 'first' }).execute()
      single = two.tables
        .updateTable('trifacta_people')
        .set({ name: 'second' })
        .execute()
        .then(() => order.push('second'))
      await new Promise((resolve) => setTimeout(resolve, 100))
      const before = await two.tables.selectFrom('trifacta_people').select('name').executeTakeFirstOrThrow()
      t.equal(before.name, 'Administrator', 'reading does not wait')
      order.push('first')
    })
    await single
    t.strictSame(order, ['first', 'second'])
    await t.rejects(
      one.tables.transaction().execute(async (write) => {
        await write.updateTable('trifacta_people').set({ name: 'third' }).execute()
        throw new Error('no')
      }),
      { message: 'no' },
    )
    const { name } = await two.tables.selectFrom('trifacta_people').select('name').executeTakeFirstOrThrow()
    t.equal(name, 'second', 'what is thrown undoes the rest')
  },
)

t.test('a plane goes on when the database was restarted', { skip }, async (t) => {
  if (server === undefined) return
  const { path: database, keyFile } = await place(t, server)
  const plane = await openControlPlane({ database, keyFile, now, random })
  t.teardown(() => plane.close())
  await addPerson(plane, 'before@example.com')
  t.equal(await plane.isReady(), true)
  server.stop()
  server.start()
  t.equal((await list(plane, '/people')).length, 2, 'reading')
  server.stop()
  server.start()
  await addPerson(plane, 'after@example.com')
  server.stop()
  const reading = call(plane, 'GET', '/people')
  setTimeout(() => server.start(), 300)
  t.equal((await reading).status, 200, 'while it starts')
})

t.test('a database that does not come back is a 503, and not ready', { skip }, async (t) => {
  if (server === undefined) return
  const { path: database, keyFile } = await place(t, server)
  const plane = await openControlPlane({ database, keyFile, now, random })
  t.teardown(() => plane.close())
  server.stop()
  try {
    const [trifacta, vault, tines, outerproduct, ready] = await Promise.all([
      ...['/v4/people', '/v1/sys/mounts', '/api/v1/teams', '/outerproduct/v1/connectors'].map((path) =>
        plane.fetch(new Request(`http://plane.test${path}`, { headers: { 'x-vault-token': 't' } })),
      ),
      plane.isReady(),
    ] as const)
    for (const answer of [trifacta, vault, tines, outerproduct])
      t.equal(answer instanceof Response && answer.status, 503)
    t.equal(ready, false)
  } finally {
    server.start()
  }
})

t.test(
  'what is wrong with a database is said with what to do, and without the password',
  { skip },
  async (t) => {
    if (server === undefined) return
    const { path, keyFile } = await place(t, server)
    const address = (change: (url: URL) => void): string => {
      const url = new URL(path)
      change(url)
      return url.href
    }
    const open = (path: string, key: string | undefined = keyFile) =>
      failureOf(openDatabase({ path, now, random, ...(key !== '' && { keyFile: key }) }))
    const wrong = await open(address((url) => (url.password = 'canary-4711')))
    t.match(wrong, { code: 'server/database-refused', text: /tester@127\.0\.0\.1.*PGPASSWORD/ })
    t.notMatch(wrong.all, 'canary-4711')
    t.match(await open(address((url) => (url.pathname = '/nowhere'))), {
      code: 'server/database-missing',
      text: /nowhere.*createdb/,
    })
    const closed = await open(address((url) => (url.port = '1')))
    t.match(closed, { code: 'server/database-unavailable', text: /127\.0\.0\.1:1.*Check host and port/ })
    t.notMatch(closed.all, 'secret')
    const unreadable = await open('postgres://u:canary-4711@[/x')
    t.equal(unreadable.code, 'server/database-address')
    t.notMatch(unreadable.all, 'canary-4711')
    const keyless = await open(path, '')
    t.match(keyless, { code: 'server/key-file-needed', text: /--key-file/ })
    t.equal((await open(path, join(keyFile, '..', 'none', 'key'))).code, 'server/key-file-unwritable')

    const client = new pg.Client({ connectionString: path })
    await client.connect()
    await client.query('create table recipes (name text)')
    t.equal((await open(path)).code, 'server/database-foreign')
    t.notOk(existsSync(keyFile), 'and no key was made for it')
    await client.query('drop table recipes')
    await (await openDatabase({ path, keyFile, now, random })).close()
    const other = join(keyFile, '..', 'other')
    t.match(await open(path, other), { code: 'server/key-file-wrong', text: /other is missing/ })
    await client.query('update plane set schema_version = 99')
    t.equal((await open(path)).code, 'server/database-newer')
    await client.end()
  },
)

t.test('no secret is in the rows of the database', { skip }, async (t) => {
  if (server === undefined) return
  const { path: database, keyFile } = await place(t, server)
  const plane = await openControlPlane({ database, keyFile, now, random })
  await create(plane, '/awsConfigs', {
    credentialProvider: 'default',
    key: 'canary-key',
    secret: 'canary-secret',
    defaultBucket: 'b',
  })
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  const { rows } = await client.query('select * from trifacta_credentials')
  t.equal(rows.length, 1)
  const stored = Buffer.concat(rows.map(({ sealed }) => sealed))
  t.notOk(stored.includes('canary'))
  t.notOk(stored.includes(readFileSync(keyFile, 'utf8').trim()))
  await client.end()
  await plane.close()
})
