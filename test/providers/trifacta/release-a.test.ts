import t from 'tap'
import { Failure } from '../../../src/core/diagnostic.js'
import { Secret } from '../../../src/core/secret.js'
import { awsConfig } from '../../../src/providers/trifacta/aws-config.js'
import { awsRole } from '../../../src/providers/trifacta/aws-role.js'
import { addPerson, call, create } from '../../fixtures/test-plane.js'
import {
  afterCreate,
  type Bench,
  createOrFinish,
  inputsFor,
  killEverywhere,
  openBench,
  role,
  rowOf,
} from '../../fixtures/trifacta-connection.js'

const type = 'trifacta_aws_config'
const temporary = (given = {}) =>
  inputsFor(type, {
    person_id: '2',
    credential_provider: 'temporary',
    role: role('a'),
    default_bucket: 'acme',
    ...given,
  })
const keys = (given = {}) =>
  inputsFor(type, {
    person_id: '2',
    credential_provider: 'default',
    key: new Secret('AKIAEXAMPLE'),
    secret: new Secret('hunter2'),
    default_bucket: 'acme',
    ...given,
  })

async function releaseA(t: Parameters<typeof openBench>[0], given = {}): Promise<Bench> {
  const bench = await openBench(t, { generation: 'A' }, given)
  await addPerson(bench.plane, 'jane@example.com')
  await addPerson(bench.plane, 'joe@example.com')
  return bench
}

t.test(
  'in release 6.0 the role is part of the configuration, and the person is changed to have it',
  async (t) => {
    const { api, plane, requests } = await releaseA(t, { generation: 'A' })
    const made = await awsConfig.create(api(), temporary())
    t.match(made, { person_id: '2', role: role('a'), active_role_id: null })
    t.strictSame(requests.filter((r) => !r.startsWith('GET')).slice(-2), [
      'POST /v4/awsConfigs',
      'PATCH /v4/people/2',
    ])
    t.strictSame(await awsConfig.read(api(), made.id), made)
    t.strictSame(await awsConfig.find(api(), temporary()), made)
    const prior = rowOf(type, temporary(), made)
    const changed = await awsConfig.update?.(
      api(),
      temporary({ role: role('b'), default_bucket: 'other' }),
      made,
      prior,
    )
    t.match(changed, { role: role('b'), default_bucket: 'other', person_id: '2' })
    const moved = await awsConfig.update?.(
      api(),
      temporary({ person_id: '3', role: role('b') }),
      changed!,
      prior,
    )
    t.match(moved, { person_id: '3', default_bucket: 'acme' })
    t.equal((await call(plane, 'GET', '/people/2')).body.awsConfig, null)
    const withKeys = await awsConfig.update?.(api(), keys({ person_id: '3' }), moved!, prior)
    t.match(withKeys, { credential_provider: 'default', role: null })
    t.match(await awsConfig.delete(api(), prior, withKeys!), { left: /awsConfig 1 had to stay.*nobody/ })
    t.equal((await call(plane, 'GET', '/people/3')).body.awsConfig, null)
  },
)

t.test('the release is found out by itself, unless nothing tells', async (t) => {
  const { api } = await releaseA(t)
  const error = await awsConfig.create(api(), temporary()).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Failure)) throw error
  t.match(error.diagnostics, [{ code: 'trifacta/unknown-generation', help: /generation = "A"/ }])

  const told = await releaseA(t)
  await call(told.plane, 'POST', '/awsConfigs', {
    mode: 'user',
    credentialProvider: 'temporary',
    role: role('seen'),
    defaultBucket: 'acme',
  })
  await call(told.plane, 'PATCH', '/people/3', { awsConfig: { id: 1 } })
  t.match(await awsConfig.create(told.api(), temporary()), { person_id: '2', role: role('a') })
})

t.test('it has no awsRoles, and says so', async (t) => {
  const { api } = await releaseA(t, { generation: 'A' })
  await t.rejects(
    awsRole.find(api(), inputsFor('trifacta_aws_role', { aws_config_id: '1', role: role('x') })),
    /release 6.0 has no awsRoles/,
  )
})

t.test('what an interrupted create left is found behind many that belong to nobody', async (t) => {
  const { api, plane } = await releaseA(t, { generation: 'A' })
  const body = { mode: 'user', credentialProvider: 'temporary', defaultBucket: 'acme', extraBuckets: [] }
  for (let i = 0; i < 45; i++) await create(plane, '/awsConfigs', { ...body, role: role(`r${i}`) })
  await create(plane, '/awsConfigs', { ...body, role: role('a') })
  const strays = (await awsConfig.strays?.(api(), temporary())) ?? []
  t.match(strays, [{ id: '46', person_id: null }])
  t.equal(strays.length, 1, 'and nothing of another content')
})

t.test('two people with equal configurations, created at once, get one each', async (t) => {
  const { api } = await releaseA(t, { generation: 'A' })
  const made = await Promise.all([
    awsConfig.create(api(), temporary()),
    awsConfig.create(api(), temporary({ person_id: '3' })),
  ])
  t.equal(new Set(made.map((out) => out.id)).size, 2)
})

t.test('every verb converges in release 6.0 too', async (t) => {
  const open = () => releaseA(t, { generation: 'A' })
  const stories: Readonly<
    Record<string, (bench: Bench) => Promise<(api: ReturnType<Bench['api']>) => Promise<unknown>>>
  > = {
    create: async () => (api) => createOrFinish(awsConfig, api, temporary()),
    'create with keys': async () => (api) => createOrFinish(awsConfig, api, keys()),
    'another person': (bench) =>
      afterCreate(bench, awsConfig, temporary(), async (api, current, prior) =>
        awsConfig.update?.(api, temporary({ person_id: '3', role: role('b') }), current, prior),
      ),
    destroy: (bench) =>
      afterCreate(bench, awsConfig, temporary(), (api, current, prior) =>
        awsConfig.delete(api, prior, current),
      ),
  }
  for (const [name, prepare] of Object.entries(stories)) {
    const ends = await killEverywhere(t, prepare, open)
    t.ok(ends.length > 2, `${name}: ${ends.length - 1} interruptions`)
    for (const end of ends) t.strictSame(end, ends[0], name)
  }
})
