import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Libsql from 'libsql'
import t from 'tap'
import { Failure } from '../../src/core/diagnostic.js'
import { addPerson, call, create, list, openTestPlane } from '../fixtures/test-plane.js'

const keys = {
  credentialProvider: 'default',
  key: 'canary-key-AKIA',
  secret: 'canary-secret',
  defaultBucket: 'b',
}

function mode(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}

async function failure(promise: Promise<unknown>): Promise<{ code: string; text: string }> {
  try {
    await promise
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const { code = '', detail, help } = error.diagnostics[0] ?? {}
    return { code, text: `${detail} ${help}` }
  }
  throw new Error('it did not fail')
}

t.test(
  'a database is made with its folders and key, for its owner alone, and keeps what it holds',
  async (t) => {
    const database = join(t.testdir(), 'deep', 'er', 'plane.db')
    const plane = await openTestPlane({ database })
    t.match(plane.id, /^[0-9a-f]{32}$/)
    await create(plane, '/awsConfigs', keys)
    t.equal(mode(database), '600')
    t.equal(mode(`${database}-wal`), '600')
    t.equal(mode(`${database}.key`), '600')
    t.equal(mode(join(database, '..')), '700')
    const before = await list(plane, '/awsConfigs')
    await plane.close()
    await plane.close()
    await t.rejects(plane.fetch(new Request('http://plane.test/v4/people')), {
      message: 'the control plane is closed',
    })

    const again = await openTestPlane({ database, generation: 'C' })
    t.teardown(() => again.close())
    t.equal(again.id, plane.id)
    t.strictSame(await list(again, '/awsConfigs'), before)
    t.equal(
      (await call(again, 'PUT', '/awsConfigs/1', { secret: 'other' })).status,
      200,
      'the stored key opens',
    )
  },
)

t.test('two planes are never the same', async (t) => {
  const one = await openTestPlane()
  const two = await openTestPlane()
  t.teardown(() => Promise.all([one.close(), two.close()]))
  t.not(one.id, two.id)
})

t.test('no secret is in any file of the database, nor in any answer', async (t) => {
  const folder = t.testdir()
  const plane = await openTestPlane({ database: join(folder, 'plane.db') })
  const answers = [await create(plane, '/awsConfigs', keys)]
  await call(plane, 'PUT', '/awsConfigs/1', { secret: 'canary-rotated' })
  await call(plane, 'PUT', '/awsConfigs/1', { credentialProvider: 'temporary', role: 'r' })
  await create(plane, '/people', {
    accept: 'accept',
    email: 'jane@example.com',
    name: 'Jane',
    password: 'canary-password',
    password2: 'canary-password',
  })
  answers.push(...(await list(plane, '/awsConfigs')), ...(await list(plane, '/people?embed=awsConfig')))
  t.notMatch(JSON.stringify(answers), /canary/)
  const search = () => {
    for (const name of readdirSync(folder)) {
      t.notOk(readFileSync(join(folder, name)).includes('canary'), name)
    }
  }
  t.ok(existsSync(join(folder, 'plane.db-wal')), 'searched while the log is there')
  search()
  await plane.close()
  search()
})

t.test('a random generator that repeats itself is refused rather than used for two secrets', async (t) => {
  const plane = await openTestPlane({ random: (bytes) => new Uint8Array(bytes).fill(9) })
  t.teardown(() => plane.close())
  t.equal((await call(plane, 'POST', '/awsConfigs', keys)).status, 201)
  t.equal((await call(plane, 'POST', '/awsConfigs', keys)).status, 500)
  t.equal((await list(plane, '/awsConfigs')).length, 1)
})

t.test('a key file that others may read is refused, with what to do', async (t) => {
  const database = join(t.testdir(), 'plane.db')
  await (await openTestPlane({ database })).close()
  for (const loose of [0o640, 0o604, 0o666]) {
    chmodSync(`${database}.key`, loose)
    const { code, text } = await failure(openTestPlane({ database }))
    t.equal(code, 'server/key-file-permissions')
    t.match(text, /mode 06\d\d, it must be 0600.*chmod 600 '.*plane\.db\.key'/)
  }
  chmodSync(`${database}.key`, 0o400)
  await (await openTestPlane({ database })).close()
})

t.test('a key file that is lost, damaged or another database’s is refused', async (t) => {
  const folder = t.testdir()
  const database = join(folder, 'plane.db')
  const other = join(folder, 'other.db')
  await (await openTestPlane({ database })).close()
  await (await openTestPlane({ database: other })).close()
  const wrong = await failure(openTestPlane({ database, keyFile: `${other}.key` }))
  t.equal(wrong.code, 'server/key-file-wrong')
  t.match(wrong.text, /other\.db\.key belongs to another database.*Restore/)
  writeFileSync(`${other}.key`, 'not a key\n')
  t.equal((await failure(openTestPlane({ database: other }))).code, 'server/key-file-malformed')
  unlinkSync(`${database}.key`)
  const lost = await failure(openTestPlane({ database }))
  t.equal(lost.code, 'server/key-file-wrong')
  t.match(lost.text, /plane\.db\.key is missing/)
  t.notOk(existsSync(`${database}.key`), 'no new one takes its place')
})

t.test('a key file elsewhere can be named', async (t) => {
  const folder = t.testdir({ keys: {} })
  const keyFile = join(folder, 'keys', 'plane')
  const database = join(folder, 'plane.db')
  await (await openTestPlane({ database, keyFile })).close()
  t.equal(mode(keyFile), '600')
  t.notOk(existsSync(`${database}.key`))
  await (await openTestPlane({ database, keyFile })).close()
})

t.test('a database of a newer version is refused', async (t) => {
  const database = join(t.testdir(), 'plane.db')
  await (await openTestPlane({ database })).close()
  const raw = new Libsql(database)
  raw.exec('update plane set schema_version = 99')
  raw.close()
  const { code, text } = await failure(openTestPlane({ database }))
  t.equal(code, 'server/database-newer')
  t.match(text, /plane\.db has schema version 99 of plane, this version knows \d+.*Upgrade Rolecall/)
})

t.test('files that are no database of ours are refused and left alone', async (t) => {
  const folder = t.testdir({ 'text.db': 'this is not a database, '.repeat(100), folder: {} })
  const foreign = join(folder, 'foreign.db')
  const raw = new Libsql(foreign)
  raw.exec('create table recipes (name text)')
  raw.close()
  t.equal((await failure(openTestPlane({ database: foreign }))).code, 'server/database-foreign')
  t.equal(
    (await failure(openTestPlane({ database: join(folder, 'text.db') }))).code,
    'server/database-damaged',
  )
  t.equal(
    (await failure(openTestPlane({ database: join(folder, 'folder') }))).code,
    'server/database-unavailable',
  )
  t.notOk(existsSync(`${foreign}.key`))
})

t.test('planes that share a database wait for each other', async (t) => {
  const database = join(t.testdir(), 'plane.db')
  const planes = await Promise.all([openTestPlane({ database }), openTestPlane({ database })])
  t.teardown(() => Promise.all(planes.map((plane) => plane.close())))
  t.equal(planes[0].id, planes[1].id, 'both opened it while it was new')
  const added = planes.flatMap((plane, which) =>
    Array.from({ length: 50 }, async (_, n) => {
      const personId = await addPerson(plane, `p${which}-${n}@example.com`)
      await create(plane, '/awsConfigs', { ...keys, personId })
    }),
  )
  await Promise.all(added)
  for (const plane of planes) t.equal((await list(plane, '/awsConfigs?limit=1000')).length, 100)
})

t.test('a path that looks like a URL is a path', async (t) => {
  const folder = t.testdir()
  const before = process.cwd()
  process.chdir(folder)
  t.teardown(() => process.chdir(before))
  const plane = await openTestPlane({ database: 'http://localhost:9/plane.db' })
  t.match(await list(plane, '/people'), [{ id: 1 }])
  await plane.close()
  t.ok(existsSync(join(folder, 'http:', 'localhost:9', 'plane.db')))
})
