import { cpSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { type Ambient, openWorkspace } from '../../src/app.js'
import type { Applied, Change, Plan } from '../../src/core/plan.js'
import { openControlPlane } from '../../src/server/control-plane.js'

const examples = join(process.cwd(), 'examples')

/** A copy of an example, to work in. */
function copyOf(story: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-example-'))
  cpSync(join(examples, story), folder, { recursive: true })
  return folder
}

async function inFolder<T>(
  folder: string,
  work: (workspace: Awaited<ReturnType<typeof openWorkspace>>) => Promise<T>,
): Promise<T> {
  const ambient: Ambient = {
    cwd: folder,
    env: {},
    now: () => new Date(),
    stop: new AbortController().signal,
    progress: () => {},
  }
  const workspace = await openWorkspace(ambient)
  try {
    return await work(workspace)
  } finally {
    await workspace.close()
  }
}

const plan = (folder: string): Promise<Plan> => inFolder(folder, async (w) => (await w.plan({})).plan)

const apply = (folder: string, mode: 'normal' | 'destroy' = 'normal'): Promise<Applied> =>
  inFolder(folder, async (w) => (await w.apply({ mode, confirm: async () => true })) as Applied)

const seen = (changes: readonly Change[]) =>
  changes.map((c) => ({ action: c.action, address: c.address, fields: c.fields.map((f) => f.name) }))

const quiet = (plan: Plan) =>
  plan.changes.every((c) => c.action === 'keep') && plan.outputs.every((o) => o.action === 'keep')

t.test('every example is executed here', async (t) => {
  t.strictSame(readdirSync(examples).sort(), [
    'company',
    'company-yaml',
    'everyone',
    'keys-to-roles',
    'quickstart',
    'quickstart-yaml',
    'tines',
    'vault',
  ])
})

for (const story of ['quickstart', 'quickstart-yaml']) {
  t.test(`${story} is valid, applied, found unchanged and destroyed`, async (t) => {
    const folder = copyOf(story)
    t.strictSame(await inFolder(folder, (w) => w.validate({})), [])
    const applied = await apply(folder)
    t.match(applied.counts, { add: 8, change: 0, destroy: 0, failed: 0, skipped: 0 })
    t.ok(quiet(await plan(folder)), 'nothing to do afterwards')
    t.strictSame((await inFolder(folder, (w) => w.drift({}))).drift, [])
    t.match((await apply(folder, 'destroy')).counts, { destroy: 8, failed: 0 })
  })
}

t.test('tines is valid, and its external id is in the trust policy that it puts out', async (t) => {
  const folder = copyOf('tines')
  t.strictSame(await inFolder(folder, (w) => w.validate({})), [])
  const applied = await apply(folder)
  t.match(applied.counts, { add: 3, change: 0, destroy: 0, failed: 0, skipped: 0 })
  const after = await plan(folder)
  t.ok(quiet(after), 'nothing to do afterwards')
  t.strictSame((await inFolder(folder, (w) => w.drift({}))).drift, [])
  const { state } = await inFolder(folder, (w) => w.readState())
  const id = state.rows.get('tines_credential.logs')?.attributes.aws_assumed_role_external_id
  t.match(id, /^[0-9a-f-]{36}$/)
  const trust = after.outputs.find((output) => output.name === 'trust_policy')?.after
  t.match(JSON.parse(String(trust)), {
    Statement: [{ Condition: { StringEquals: { 'sts:ExternalId': id } } }],
  })
  const destroyed = await apply(folder, 'destroy')
  t.match(destroyed.counts, { destroy: 2, failed: 0 }, 'the test credential goes with its live one')
})

t.test('vault is valid, and its roles give credentials', async (t) => {
  const folder = copyOf('vault')
  t.strictSame(await inFolder(folder, (w) => w.validate({})), [])
  t.match((await apply(folder)).counts, { add: 7, change: 0, destroy: 0, failed: 0, skipped: 0 })
  t.ok(quiet(await plan(folder)), 'nothing to do afterwards')
  t.strictSame((await inFolder(folder, (w) => w.drift({}))).drift, [])
  const issued = await inFolder(folder, (w) => w.issue('vault_aws_role.reports', {}))
  t.match(issued.accessKeyId, /^ASIA/)
  t.match((await apply(folder, 'destroy')).counts, { failed: 0, skipped: 0 })
})

t.test('both quickstarts are the same plan', async (t) => {
  const hcl = await plan(copyOf('quickstart'))
  const yaml = await plan(copyOf('quickstart-yaml'))
  const bySameOrder = (p: Plan) => seen(p.changes).sort((a, b) => (a.address < b.address ? -1 : 1))
  t.strictSame(bySameOrder(yaml), bySameOrder(hcl))
  t.strictSame(yaml.outputs, hcl.outputs)
})

t.test('keys-to-roles changes configurations in place, and leaves one role for each', async (t) => {
  const root = copyOf('keys-to-roles')
  const before = join(root, '1-keys')
  const after = join(root, '2-roles')
  t.match((await apply(before)).counts, { add: 4, failed: 0 })
  const migration = await plan(after)
  t.strictSame(
    seen(migration.changes.filter((c) => c.action !== 'keep')).map(({ action, address }) => ({
      action,
      address,
    })),
    [
      { action: 'update', address: 'trifacta_aws_config.engineer["ada"]' },
      { action: 'update', address: 'trifacta_aws_config.engineer["grace"]' },
    ],
  )
  t.match((await apply(after)).counts, { add: 0, change: 2, destroy: 0, failed: 0 })
  t.ok(quiet(await plan(after)), 'nothing to do afterwards')

  const plane = await openControlPlane({
    database: join(root, '.rolecall/plane.db'),
    now: () => new Date(),
    random: (n) => new Uint8Array(n),
  })
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  const list = async (path: string) =>
    (
      (await (await plane.fetch(new Request(`http://plane/v4/${path}`, { headers }))).json()) as {
        data: unknown[]
      }
    ).data
  t.equal((await list('awsConfigs')).length, 2, 'no configuration came or went')
  t.equal((await list('awsRoles')).length, 2, 'one role each')
  await plane.close()
})

t.test('everyone gives a configuration to each person that the service knows', async (t) => {
  const folder = copyOf('everyone')
  const plane = await openControlPlane({
    database: join(folder, '.rolecall/plane.db'),
    now: () => new Date(),
    random: (n) => crypto.getRandomValues(new Uint8Array(n)),
  })
  for (let i = 0; i < 30; i++) {
    const response = await plane.fetch(
      new Request('http://plane/v4/people/', {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify({
          accept: 'accept',
          email: `p${i}@example.com`,
          name: `P ${i}`,
          password: 'Password-1',
          password2: 'Password-1',
        }),
      }),
    )
    t.equal(response.status, 201)
  }
  await plane.close()
  t.match((await apply(folder)).counts, { add: 30, failed: 0 }, 'also those beyond the first page of 25')
  t.ok(quiet(await plan(folder)), 'nothing to do afterwards')
})

t.test('company reaches its data through all systems, over an AWS in a file', async (t) => {
  const root = copyOf('.')
  const folder = join(root, 'company')
  t.strictSame(await inFolder(folder, (w) => w.validate({})), [])
  t.match((await apply(folder)).counts, { change: 0, destroy: 0, failed: 0, skipped: 0 })
  t.ok(quiet(await plan(folder)), 'nothing to do afterwards')
  const yaml = join(root, 'company-yaml')
  cpSync(join(folder, '.rolecall'), join(yaml, '.rolecall'), { recursive: true })
  t.ok(quiet(await plan(yaml)), 'nothing to do either when it is written in YAML')
  t.strictSame((await inFolder(folder, (w) => w.drift({}))).drift, [])
  const { outputs } = await inFolder(folder, async (w) => (await w.readState()).state)
  const policies = JSON.stringify(outputs)
  t.match(policies, /"sts:ExternalId".*acme-outerproduct/, 'OuterProduct’s external id')
  t.match(policies, /[0-9a-f]{8}-[0-9a-f]{4}-/, 'the external ids that Tines gave')
  t.match((await apply(folder, 'destroy')).counts, { failed: 0, skipped: 0 })
})
