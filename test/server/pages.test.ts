import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import t from 'tap'
import { openDatabase } from '../../src/server/database.js'
import { call, list, openTestPlane } from '../fixtures/test-plane.js'

const size = 3_000

/** Puts people and their configs straight into the tables: 20,000 requests would be most of the test. */
async function fill(path: string): Promise<void> {
  const database = await openDatabase({ path, now: () => new Date(0), random: randomBytes })
  const at = new Date(0).toISOString()
  const times = { created_at: at, updated_at: at, deleted_at: null }
  await database.tables.transaction().execute(async (write) => {
    for (let id = 2; id <= size; id += 1) {
      const role = {
        aws_config_id: id,
        role: `arn:aws:iam::1:role/r${id}`,
        created_from: 'api' as const,
        ...times,
      }
      await write
        .insertInto('trifacta_aws_roles')
        .values({ id, ...role })
        .execute()
      await write
        .insertInto('trifacta_aws_configs')
        .values({
          id,
          credential_provider: 'temporary',
          default_bucket: 'b',
          extra_buckets: '["x"]',
          external_id: 'e',
          credential_id: null,
          active_role_id: id,
          ...times,
        })
        .execute()
      await write
        .insertInto('trifacta_people')
        .values({
          id,
          workspace_id: 1,
          email: `p${id}@example.com`,
          name: `P ${id}`,
          sso_principal: null,
          hadoop_principal: null,
          is_admin: 0,
          is_disabled: 0,
          force_password_change: 0,
          output_home_dir: '/o',
          file_upload_path: '/u',
          last_login_time: null,
          last_state_change: null,
          aws_config_id: id,
          ...times,
        })
        .execute()
    }
  })
  await database.close()
}

t.test('thousands of people and configs are listed by pages, and found by an index', async (t) => {
  const database = join(t.testdir(), 'plane.db')
  await fill(database)
  const plane = await openTestPlane({ database, now: () => new Date() })
  t.teardown(() => plane.close())
  const ids = new Set<unknown>()
  for (const path of ['/people', '/awsConfigs']) {
    for (let offset = 0; ; offset += 1000) {
      const page = await list(plane, `${path}?limit=5000&offset=${offset}`)
      if (page.length === 0) break
      t.ok(page.length <= 1000, 'the server lowers the limit')
      for (const item of page) ids.add(`${path}/${item.id}`)
    }
  }
  t.equal(ids.size, 2 * size - 1)

  t.strictSame(
    (await list(plane, '/people?email=P2900%40example.com')).map((person) => person.id),
    [2900],
  )

  t.equal((await call(plane, 'GET', '/people/2')).status, 200)
})
