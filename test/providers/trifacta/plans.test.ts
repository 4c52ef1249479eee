import t from 'tap'
import { Failure } from '../../../src/core/diagnostic.js'
import type { Plan } from '../../../src/core/plan.js'
import { person, withKeys, withRole } from '../../conformance/trifacta-texts.js'
import { openFolder } from '../../fixtures/plane-folder.js'
import { addPerson, call, create, list } from '../../fixtures/test-plane.js'

/*
 * What hands at the service lead to, as plans show it.
 */

const setup = { generation: 'C', transport: 'in process' } as const

const writes = ({ changes }: Plan) =>
  changes
    .filter((change) => change.action !== 'keep')
    .map(({ action, address, fields }) =>
      `${action} ${address} ${fields.map((field) => field.name).join(' ')}`.trim(),
    )

async function codes(promise: Promise<unknown>): Promise<readonly string[]> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof Failure)) throw thrown
  return thrown.diagnostics.map((diagnostic) => diagnostic.code)
}

t.test('who was deleted by hand is made again, and gets the configuration back', async (t) => {
  const folder = await openFolder(t, setup)
  folder.declare(withRole('a', 'acme'))
  await folder.apply()
  await call(folder.plane, 'DELETE', '/people/2')
  t.match((await folder.drift()).drift, [
    { kind: 'vanished', address: 'trifacta_person.joe' },
    {
      kind: 'changed',
      address: 'trifacta_aws_config.joe',
      fields: [{ name: 'person_id', before: '2', after: null }],
    },
  ])
  const plan = await folder.plan()
  t.strictSame(writes(plan), ['create trifacta_person.joe email', 'update trifacta_aws_config.joe person_id'])
  t.strictSame(
    plan.changes.flatMap((change) => change.consequences),
    [],
    'nobody loses anything by that',
  )
  await folder.apply()
  t.match(await list(folder.plane, '/people'), [{ id: 3, awsConfig: { id: 1 } }, {}])
  t.equal((await list(folder.plane, '/awsConfigs')).length, 1)
})

t.test(
  'a configuration that was handed to someone else is handed back, and who loses it is said',
  async (t) => {
    const folder = await openFolder(t, setup)
    folder.declare(withRole('a', 'acme'))
    await folder.apply()
    const jil = await addPerson(folder.plane, 'jil@example.com')
    await call(folder.plane, 'PUT', '/awsConfigs/1', { personId: jil })
    const plan = await folder.plan()
    t.strictSame(writes(plan), ['update trifacta_aws_config.joe person_id'])
    t.match(plan.changes.find((change) => change.action === 'update')?.consequences, [
      { kind: 'loses-access', text: /^jil@example\.com \(person 3\) is left without AWS access/ },
    ])
    await folder.apply()
    t.match(await list(folder.plane, '/people'), [
      { id: 3, awsConfig: null },
      { id: 2, awsConfig: { id: 1 } },
      {},
    ])
  },
)

t.test('a configuration that was put in place of ours is an error, not overwritten', async (t) => {
  const folder = await openFolder(t, setup)
  folder.declare(withRole('a', 'acme'))
  await folder.apply()
  await create(folder.plane, '/awsConfigs', {
    credentialProvider: 'temporary',
    role: 'arn:aws:iam::123456789012:role/theirs',
    defaultBucket: 'other',
    personId: 2,
  })
  t.strictSame(await codes(folder.plan()), ['engine/identity-conflict'])
})

t.test('what a destroy leaves at the service is said once, and is no drift afterwards', async (t) => {
  const folder = await openFolder(t, setup)
  folder.declare(withKeys('acme'))
  await folder.apply()
  folder.declare(person('joe'))
  const { results } = await folder.apply()
  t.match(results, [
    { verb: 'delete', left: /awsConfig 1 had to stay.*belongs to nobody now, with the key and secret/ },
  ])
  folder.declare(withKeys('acme').replaceAll('joe', 'jil'))
  const { drift } = await folder.drift({ unmanaged: true })
  t.strictSame(
    drift.map(({ kind, address, name }) => `${kind} ${address ?? name}`),
    ['not-adopted trifacta_person.jil', 'not-adopted trifacta_aws_config.jil', 'unmanaged admin@localhost'],
  )
})

t.test(
  'a role that a configuration has now is not taken over by another address, even if it gives it up',
  async (t) => {
    const folder = await openFolder(t, setup)
    const second = (name: string) => `
resource "trifacta_aws_role" "second" {
  aws_config_id = trifacta_aws_config.joe.id
  role          = "arn:aws:iam::123456789012:role/${name}"
}
`
    folder.declare(withRole('a', 'acme'))
    await folder.apply()
    folder.declare(withRole('b', 'acme') + second('a'))
    t.strictSame(await codes(folder.plan()), ['engine/owned-object'])
    folder.declare(withRole('b', 'acme'))
    await folder.apply()
    folder.declare(withRole('b', 'acme') + second('a'))
    t.match((await folder.apply()).counts, { add: 1, failed: 0 })
    t.strictSame(writes(await folder.plan()), [])
  },
)

t.test('that a configuration is the workspace’s is said when it is taken over or imported', async (t) => {
  const folder = await openFolder(t, setup)
  const workspace = withRole('all', 'acme').replace(/person_id.*/, 'workspace_id = "1"')
  folder.declare(workspace)
  await folder.apply()
  folder.loseState()
  t.match(writes(await folder.plan()), [/./, 'adopt trifacta_aws_config.joe workspace_id'])
  await folder.import('trifacta_aws_config.joe', '1')
  t.match(writes(await folder.plan()), [/./, 'update trifacta_aws_config.joe workspace_id'])
  await folder.apply()
  t.strictSame(writes(await folder.plan()), [])
})

t.test('a CA certificate that is none is told before anything is sent', async (t) => {
  const folder = await openFolder(t, setup)
  folder.declare(
    '\nprovider "trifacta" {\n  alias = "b"\n  endpoint = "https://127.0.0.1:1"\n  token = "t"\n  ca_certificate = "ca.pem"\n}\ndata "trifacta_people" "p" {\n  provider = trifacta.b\n}\n',
  )
  t.match(await codes(folder.plan()), ['lang/literal-secret', 'core/not-matching'])
})
