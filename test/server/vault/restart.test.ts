import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { ListUsersCommand } from '@aws-sdk/client-iam'
import Libsql from 'libsql'
import t from 'tap'
import { iamClient } from '../../../src/aws/clients.js'
import { testDatabase } from '../../fixtures/postgres-schema.js'
import { openTestPlane } from '../../fixtures/test-plane.js'
import { dataOf, vaultOf } from '../../fixtures/vault-plane.js'
import { identities, openTestSandbox } from '../sandbox/sandbox-fixture.js'

t.test('a plane that resumes removes what became due while none was open, without a request', async (t) => {
  const { as } = await openTestSandbox(t)
  const database = join(t.testdir({}), 'plane.db')
  const open = (ahead: number) =>
    openTestPlane({
      database,
      now: () => new Date(Date.now() + ahead),
      random: randomBytes,
      aws: async () => as(identities.plane),
    })
  const iam = await iamClient(as(identities.plane))
  const users = async () => (await iam.send(new ListUsersCommand({}))).Users?.length
  const before = await users()

  const first = await open(0)
  await first.resume()
  const ask = vaultOf(first)
  await ask('POST', 'sys/mounts/aws', { type: 'aws' })
  await ask('POST', 'aws/config/lease', { lease: '1h', lease_max: '2h' })
  await ask('POST', 'aws/roles/a', { credential_type: 'iam_user' })
  const { body } = await ask('GET', 'aws/creds/a')
  await first.close()

  const soon = await open(60_000)
  await soon.resume()
  const lease_id = String(body?.lease_id)
  t.match(dataOf(await vaultOf(soon)('POST', 'sys/leases/lookup', { lease_id })), { id: lease_id })
  await soon.close()
  t.equal(await users(), Number(before) + 1)

  const later = await open(3_601_000)
  await later.resume()
  for (let i = 0; i < 500 && (await users()) !== before; i++)
    await new Promise((resolve) => setTimeout(resolve, 10))
  t.equal(await users(), before)
  await later.close()
})

t.test('however many tokens are over at once, they all end', async (t) => {
  const database = join(t.testdir({}), 'plane.db')
  const open = () => openTestPlane({ database, now: () => new Date() })
  const first = await open()
  await vaultOf(first)('POST', 'sys/mounts/aws', { type: 'aws' })
  await first.close()
  const sqlite = new Libsql(database)
  t.teardown(() => sqlite.close())
  // More than a statement of the database has places for values.
  sqlite.exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < 70000)
    insert into vault_tokens
    select 'h' || i, 'a', 't', '[]', '2025-01-01T00:00:00.000Z', '2025-01-02T00:00:00.000Z', 1, 0, x'00', x'00' from n`)
  const left = () => (sqlite.prepare('select count(*) as n from vault_tokens').get() as { n: number }).n
  t.equal(left(), 70_000)
  const second = await open()
  await second.resume()
  for (let i = 0; i < 500 && left() > 0; i++) await new Promise((resolve) => setTimeout(resolve, 10))
  t.equal(left(), 0)
  await second.close()
})

t.test('no secret is kept in clear, and issued ones are not kept at all', async (t) => {
  const { as } = await openTestSandbox(t)
  const database = join(t.testdir({}), 'plane.db')
  const plane = await openTestPlane({
    database,
    now: () => new Date(),
    aws: async () => as(identities.plane),
  })
  const ask = vaultOf(plane)
  await ask('POST', 'sys/mounts/aws', { type: 'aws' })
  const { accessKeyId: access_key, secretAccessKey: secret_key } = identities.plane
  await ask('POST', 'aws/config/root', { access_key, secret_key })
  await ask('POST', 'aws/roles/a', { credential_type: 'iam_user' })
  await ask('POST', 'aws/static-roles/s', { username: 'nobody', rotation_period: 60 })
  const token = (await ask('POST', 'auth/token/create', {})).body as { auth: { client_token: string } }
  const secrets = [
    secret_key,
    dataOf(await ask('GET', 'aws/creds/a')).secret_key,
    dataOf(await ask('GET', 'aws/static-creds/s')).secret_key,
    token.auth.client_token,
  ].map(String)
  await plane.close()
  const { readFileSync } = await import('node:fs')
  const bytes = readFileSync(database, 'latin1')
  t.ok(bytes.includes(access_key), 'it is the file')
  for (const secret of secrets) t.notOk(bytes.includes(secret))
})

t.test('a list and a thousand reads are quick', async (t) => {
  const plane = await openTestPlane()
  t.teardown(() => plane.close())
  const ask = vaultOf(plane)
  await ask('POST', 'sys/mounts/aws', { type: 'aws' })
  // PostgreSQL is another process, whose time this does not tell.
  const names = Array.from({ length: testDatabase() === undefined ? 1_000 : 100 }, (_, i) => `role-${i}`)
  for (const name of names)
    await ask('POST', `aws/roles/${name}`, { credential_type: 'iam_user', policy_arns: [`for-${name}`] })
  const before = process.cpuUsage()
  const keys = dataOf(await ask('LIST', 'aws/roles')).keys
  const read = new Set<number>()
  for (const name of names) read.add((await ask('GET', `aws/roles/${name}`)).status)
  const { user, system } = process.cpuUsage(before)
  t.strictSame([...read], [200])
  t.strictSame(keys, names.toSorted())
  const seconds = (user + system) / 1_000_000
  t.ok(seconds < 5, `${seconds} s of CPU time, whatever else the machine does`)
})
