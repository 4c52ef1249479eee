import t from 'tap'
import { type Inputs, LostAnswer, type Outputs } from '../../../src/core/resource.js'
import { Secret } from '../../../src/core/secret.js'
import { awsConfig } from '../../../src/providers/trifacta/aws-config.js'
import { addPerson, call, list } from '../../fixtures/test-plane.js'
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
    extra_buckets: ['acme-shared'],
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

async function withPeople(t: Parameters<typeof openBench>[0], options = {}, given = {}): Promise<Bench> {
  const bench = await openBench(t, options, given)
  t.equal(await addPerson(bench.plane, 'jane@example.com'), 2)
  t.equal(await addPerson(bench.plane, 'joe@example.com'), 3)
  return bench
}

t.test('a configuration is created for its person in one request, and read back whole', async (t) => {
  const { api, requests } = await withPeople(t)
  requests.length = 0
  const made = await awsConfig.create(api(), temporary())
  t.strictSame(
    requests.filter((r) => !r.startsWith('GET')),
    ['POST /v4/awsConfigs'],
  )
  t.match(made, {
    id: '1',
    person_id: '2',
    workspace_id: null,
    credential_provider: 'temporary',
    role: role('a'),
    default_bucket: 'acme',
    extra_buckets: ['acme-shared'],
    credential_id: null,
    active_role_id: '1',
  })
  t.strictSame(await awsConfig.read(api(), '1'), made)
  t.strictSame(await awsConfig.find(api(), temporary()), made)
  t.strictSame(await awsConfig.importId?.(api(), 'jane@example.com'), made)
  t.strictSame(awsConfig.owns?.(made), [{ type: 'trifacta_aws_role', id: '1' }])
  t.equal(await awsConfig.find(api(), temporary({ person_id: '3' })), undefined)
  t.equal(await awsConfig.read(api(), '9'), undefined)
})

t.test('one walk reads each list once', async (t) => {
  const { api, requests } = await withPeople(t)
  await awsConfig.create(api(), temporary())
  await awsConfig.create(api(), keys({ person_id: '3' }))
  requests.length = 0
  const walk = api({ readOnly: true, snapshot: true })
  const all: Outputs[] = []
  for await (const out of awsConfig.list?.(walk) ?? []) all.push(out)
  for (const out of all) await awsConfig.read(walk, out.id)
  t.strictSame(
    new Map(all.map((out) => [out.person_id, out.role])),
    new Map([
      ['2', role('a')],
      ['3', null],
    ]),
  )
  for (const path of ['people', 'awsConfigs', 'awsRoles'])
    t.ok(requests.filter((r) => r === `GET /v4/${path}`).length <= 3, path)
})

t.test('changing the role keeps its object, and leaves no litter', async (t) => {
  const { api, plane } = await withPeople(t)
  const current = await awsConfig.create(api(), temporary())
  const prior = rowOf(type, temporary(), current)
  const after = await awsConfig.update?.(api(), temporary({ role: role('b') }), current, prior)
  t.match(after, { role: role('b'), active_role_id: '1' })
  t.match(await list(plane, '/awsRoles'), [{ id: 1, role: role('b') }])
})

t.test('the identity provider’s role is left alone; ours that it made unused is removed', async (t) => {
  const { api, plane } = await withPeople(t)
  const made = await awsConfig.create(api(), temporary())
  const delivered = await plane.deliverRole({ personId: 2, role: role('idp') })
  await call(plane, 'PUT', '/awsConfigs/1', { activeRoleId: delivered })
  const current = (await awsConfig.read(api(), '1'))!
  t.equal(current.role, role('idp'))

  const prior = rowOf(type, temporary(), made)
  const back = await awsConfig.update?.(api(), temporary(), current, prior)
  t.match(back, { role: role('a'), active_role_id: '1' })
  t.equal((await list(plane, '/awsRoles')).length, 2)

  const chosen = await awsConfig.update?.(api(), temporary({ role: role('idp') }), back!, prior)
  t.match(chosen, { role: role('idp'), active_role_id: String(delivered) })
  t.match(await list(plane, '/awsRoles'), [{ id: delivered, createdFrom: 'idp' }])
})

t.test('a role that others made through the API is not removed', async (t) => {
  const { api, plane } = await withPeople(t)
  const current = await awsConfig.create(api(), temporary())
  await call(plane, 'POST', '/awsRoles', { role: role('theirs'), personId: 2 })
  await awsConfig.update?.(api(), keys(), current, rowOf(type, temporary(), current))
  t.match(await list(plane, '/awsRoles'), [{ role: role('theirs') }])
})

t.test('keys give way to a role, and a role to keys', async (t) => {
  const { api, plane } = await withPeople(t)
  const made = await awsConfig.create(api(), keys())
  t.match(made, { credential_provider: 'default', role: null, active_role_id: null })
  t.ok(made.credential_id)
  const withRole = await awsConfig.update?.(api(), temporary(), made, rowOf(type, keys(), made))
  t.match(withRole, { credential_provider: 'temporary', role: role('a'), active_role_id: '1' })
  const back = await awsConfig.update?.(api(), keys(), withRole!, rowOf(type, temporary(), withRole!))
  t.match(back, { credential_provider: 'default', role: null, active_role_id: null, extra_buckets: [] })
  t.strictSame(await list(plane, '/awsRoles'), [])
})

t.test('key and secret are sent with every change, but not at a trusting adoption', async (t) => {
  const { api, requests } = await withPeople(t)
  const made = await awsConfig.create(api(), keys())
  requests.length = 0
  await awsConfig.update?.(api(), keys({ on_adopt: 'trust' }), made, undefined)
  t.notOk(requests.some((r) => r.startsWith('PUT')))
  await awsConfig.update?.(api(), keys(), made, undefined)
  t.ok(requests.includes('PUT /v4/awsConfigs/1'))
})

t.test('a configuration moves to another person, who must not have one', async (t) => {
  const { api, plane } = await withPeople(t)
  const made = await awsConfig.create(api(), temporary())
  const prior = rowOf(type, temporary(), made)
  const moved = await awsConfig.update?.(api(), temporary({ person_id: '3' }), made, prior)
  t.match(moved, { id: '1', person_id: '3' })
  t.equal((await call(plane, 'GET', '/people/2')).body.awsConfig, null)
  t.strictSame(
    awsConfig
      .consequences?.({ before: made, after: temporary({ person_id: '3' }) })
      .map((c) => [c.kind, c.text]),
    [['loses-access', 'Person 2 is left without AWS access until another configuration is made.']],
  )
  const [loss] = awsConfig.consequences?.({ before: (await awsConfig.read(api(), '1'))! }) ?? []
  t.match(loss?.text, /^\S+@\S+ \(person 3\) is left without AWS access/, 'named where the service was asked')
  await awsConfig.create(api(), keys())
  await t.rejects(
    async () => awsConfig.update?.(api(), temporary(), moved!, prior),
    /jane@example.com has awsConfig 2 already/,
  )
})

t.test(
  'destroying takes it away and removes its roles where it cannot be deleted, and says what stays',
  async (t) => {
    const { api, plane } = await withPeople(t)
    const made = await awsConfig.create(api(), temporary())
    const prior = rowOf(type, temporary(), made)
    t.strictSame(await awsConfig.delete(api(), prior, made), {
      left: 'awsConfig 1 had to stay at the service (it belongs to nobody now): this release has no call that deletes it.',
    })
    t.equal((await call(plane, 'GET', '/people/2')).body.awsConfig, null)
    t.strictSame(await list(plane, '/awsRoles'), [])
    t.equal(await awsConfig.find(api(), temporary()), undefined)
    const left: Outputs[] = []
    for await (const out of awsConfig.list?.(api()) ?? []) left.push(out)
    t.strictSame(left, [], 'what had to stay is not listed again')
    t.match(await awsConfig.create(api(), temporary()), { id: '2', person_id: '2' })
  },
)

t.test('destroying deletes it where the service can', async (t) => {
  const { api, plane } = await withPeople(t, { allowConfigDelete: true })
  const made = await awsConfig.create(api(), temporary())
  const prior = rowOf(type, temporary(), made)
  t.strictSame(await awsConfig.delete(api(), prior, made), {})
  t.strictSame(await awsConfig.delete(api(), prior, made), {}, 'again is fine')
  t.strictSame(await list(plane, '/awsConfigs'), [])
  t.strictSame(await list(plane, '/awsRoles'), [])
})

t.test('what stays with a person whom nothing can change is said', async (t) => {
  const writable = await withPeople(t)
  const made = await awsConfig.create(writable.api(), keys())
  const cloud = await openBench(t, { allowPeopleWrites: false })
  const own = await awsConfig.create(cloud.api(), keys({ person_id: '1' }))
  t.ok(made)
  t.strictSame(await awsConfig.delete(cloud.api(), rowOf(type, keys(), own), own), {
    left: 'awsConfig 1 had to stay at the service (it is still that of person 1, with the key and secret that it keeps): this release has no call that deletes it.',
  })
})

t.test('a workspace has a configuration of its own', async (t) => {
  const { api, plane } = await withPeople(t)
  const inputs = temporary({ person_id: null, workspace_id: '1' })
  const made = await awsConfig.create(api(), inputs)
  t.match(made, { person_id: null, workspace_id: '1', role: role('a') })
  t.strictSame(await awsConfig.find(api(), inputs), made)
  t.strictSame(await awsConfig.read(api(), made.id), made)
  t.match(await awsConfig.update?.(api(), { ...inputs, default_bucket: 'other' }, made, undefined), {
    id: made.id,
    default_bucket: 'other',
  })
  t.equal((await list(plane, '/awsConfigs')).length, 1)
  await t.rejects(
    awsConfig.find(api(), temporary({ person_id: null, workspace_id: '7' })),
    /this provider works in workspace 1/,
  )
})

t.test('what appeared since the plan is not taken over by a create, however equal it is', async (t) => {
  const { api } = await withPeople(t)
  await awsConfig.create(api(), keys())
  for (const inputs of [temporary(), keys()])
    await t.rejects(awsConfig.create(api(), inputs), {
      message: /awsConfig 1 is there already/,
      facts: { help: /plan again/ },
    })
})

t.test('a token that may not see configurations is told so', async (t) => {
  let who = 'admin@localhost'
  const { plane, api } = await withPeople(t, { authenticate: async () => who })
  await awsConfig.create(api(), temporary())
  await addPerson(plane, 'clerk@example.com')
  who = 'clerk@example.com'
  await t.rejects(awsConfig.find(api(), temporary()), /does not show whether the person has one/)
})

t.test('a create whose answer is lost is found', async (t) => {
  const { api, apiKilledAfter, plane } = await withPeople(t)
  await t.rejects(awsConfig.create(apiKilledAfter(3), temporary()), LostAnswer)
  const found = await awsConfig.find(api(), temporary())
  t.match(found, { id: '1', role: role('a') })
  t.equal((await list(plane, '/awsConfigs')).length, 1)
})

t.test('every verb converges when it is run again after an interruption', async (t) => {
  const stories: Readonly<
    Record<string, (bench: Bench) => Promise<(api: ReturnType<Bench['api']>) => Promise<unknown>>>
  > = {
    'create with a role': async () => (api) => createOrFinish(awsConfig, api, temporary()),
    'create with keys': async () => (api) => createOrFinish(awsConfig, api, keys()),
    'create for a workspace': async () => (api) =>
      createOrFinish(awsConfig, api, temporary({ person_id: null, workspace_id: '1' })),
    'another role': (bench) =>
      updated(bench, temporary(), temporary({ role: role('b'), default_bucket: 'b2b' })),
    'keys to role': (bench) => updated(bench, keys(), temporary()),
    'role to keys': (bench) => updated(bench, temporary(), keys()),
    'another person': (bench) => updated(bench, temporary(), temporary({ person_id: '3', role: role('b') })),
    destroy: (bench) => destroyed(bench, temporary()),
    'destroy one with keys': (bench) => destroyed(bench, keys()),
  }
  for (const [name, prepare] of Object.entries(stories)) {
    const ends = await killEverywhere(t, async (bench) => {
      await addPerson(bench.plane, 'jane@example.com')
      await addPerson(bench.plane, 'joe@example.com')
      return prepare(bench)
    })
    t.ok(ends.length > 2, `${name}: ${ends.length - 1} interruptions`)
    for (const end of ends) t.strictSame(end, ends[0], name)
  }
})

function updated(bench: Bench, from: Inputs, to: Inputs) {
  return afterCreate(bench, awsConfig, from, async (api, current, prior) =>
    awsConfig.update?.(api, to, current, prior),
  )
}

function destroyed(bench: Bench, inputs: Inputs) {
  return afterCreate(bench, awsConfig, inputs, (api, current, prior) => awsConfig.delete(api, prior, current))
}
