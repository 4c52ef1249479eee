import t from 'tap'
import { toPlain } from '../../src/core/plain.js'
import { addPerson, call, create, list } from '../fixtures/test-plane.js'
import { openPlaneWorld } from './plane-world.js'
import { codes, fieldsOf, say, writing } from './world.js'

const head = 'provider "trifacta" { endpoint = "embedded" }'
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`
const person = (name: string, more = '') => `
  resource "trifacta_person" "${name}" {
    email = "${name}@example.com"
    ${more}
  }`
const config = (owner: string, more = '', name = 'ada') => `
  resource "trifacta_aws_config" "c" {
    person_id           = trifacta_person.${owner}.id
    credential_provider = "temporary"
    role                = "${role(name)}"
    default_bucket      = "acme"
    ${more}
  }`
const team = (count: number) => `${head}
  resource "trifacta_person" "p" {
    count = ${count}
    email = "p\${count.index}@example.com"
  }
  resource "trifacta_aws_config" "c" {
    count               = ${count}
    person_id           = trifacta_person.p[count.index].id
    credential_provider = "temporary"
    role                = "${role('r')}\${count.index}"
    default_bucket      = "acme"
  }`

t.test('people and their configurations are made once, and then there is nothing to do', async (t) => {
  const { world } = await openPlaneWorld(t)
  const applied = await world.apply(team(30))
  t.strictSame(applied.errors, [])
  t.match(applied.applied?.counts, { add: 60, failed: 0 })
  const planned = await world.plan(team(30))
  t.strictSame(planned.changes, [])
  t.strictSame(writing(planned.requests), [])
  t.ok(planned.requests.length < 12, `lists are read, not objects: ${planned.requests.length} requests`)
})

t.test('people beyond the first page of a list are found', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  for (let i = 0; i < 40; i++) await addPerson(plane, `p${i}@example.com`)
  const planned = await world.plan(`${head}
    resource "trifacta_person" "p" {
      count = 40
      email = "P\${count.index}@example.com"
    }`)
  t.strictSame(
    planned.changes.filter((c) => !c.startsWith('adopt')),
    [],
  )
  t.equal(planned.plan?.counts.adopt, 40)
})

t.test('a plan and a look for drift send no request that writes', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  await world.given(head + person('ada') + config('ada'))
  await call(plane, 'PATCH', '/people/2', { name: 'Theirs' })
  const hcl = head + person('ada', 'name = "Ada"') + person('bob') + config('bob', '', 'other')
  const planned = await world.plan(hcl)
  const seen = await world.drift(hcl, { unmanaged: true })
  t.strictSame(writing([...planned.requests, ...seen.requests]), [])
  t.ok(planned.changes.length > 1)
})

t.test('a config is handed on before the person that it belonged to goes', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  await world.given(head + person('ada') + config('ada'))
  const applied = await world.apply(head + person('bob') + config('bob'))
  t.strictSame(applied.errors, [])
  t.strictSame(applied.results, [
    'create trifacta_person.bob: done',
    'update trifacta_aws_config.c: done',
    'delete trifacta_person.ada: done',
  ])
  t.match(
    (await list(plane, '/people')).find((p) => p.email === 'ada@example.com'),
    { isDisabled: true, awsConfig: null },
  )
  t.strictSame((await world.plan(head + person('bob') + config('bob'))).changes, [])
})

t.test('a person is gently disabled, unless the block says otherwise', async (t) => {
  const { world } = await openPlaneWorld(t)
  await world.given(head + person('ada') + person('bob', 'on_destroy = "delete"'))
  const planned = await world.plan(head)
  t.equal(planned.change('trifacta_person.ada').destroys, 'disable')
  t.equal(planned.change('trifacta_person.bob').destroys, 'delete')
})

t.test('a person that was taken over is left as it is when it is not declared any more', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  await addPerson(plane, 'ada@example.com')
  await world.given(head + person('ada'))
  const applied = await world.apply(head)
  t.strictSame(applied.changes, ['forget trifacta_person.ada'])
  t.strictSame(writing(applied.requests), [])
})

t.test('the id of the active role is known after apply exactly when the role changes', async (t) => {
  const { world } = await openPlaneWorld(t)
  await world.given(head + person('ada') + config('ada'))
  const bucket = await world.plan(head + person('ada') + config('ada', 'extra_buckets = ["more"]'))
  t.strictSame(fieldsOf(bucket.change('trifacta_aws_config.c')), ['extra_buckets: [] -> ["more"]'])
  const other = await world.plan(head + person('ada') + config('ada', '', 'other'))
  t.strictSame(
    fieldsOf(other.change('trifacta_aws_config.c')).map((f) => f.split(':')[0]),
    ['role', 'active_role_id'],
  )
})

t.test('the role that a config has made is not to be declared too', async (t) => {
  const { world } = await openPlaneWorld(t)
  const base = head + person('ada') + config('ada')
  await world.given(base)
  const planned = await world.plan(`${base}
    resource "trifacta_aws_role" "r" {
      aws_config_id = trifacta_aws_config.c.id
      role          = "${role('ada')}"
    }`)
  t.strictSame(codes(planned.errors), ['engine/owned-object'])
  t.match(say(planned.errors), /trifacta_aws_role\.r.*trifacta_aws_config\.c/s)
})

t.test('nor is it unmanaged, but another one of the config is', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  const hcl = `${head}${person('ada')}${config('ada')}
    resource "trifacta_aws_role" "r" {
      aws_config_id = trifacta_aws_config.c.id
      role          = "${role('second')}"
    }`
  await world.given(hcl)
  t.strictSame(
    (await world.drift(hcl, { unmanaged: true })).drift.filter((d) => d.includes('role')),
    [],
  )
  const id = (await world.row('trifacta_person.ada'))?.id
  await create(plane, '/awsRoles', { personId: Number(id), role: role('third') })
  const seen = await world.drift(hcl, { unmanaged: true })
  t.equal(
    seen.drift.filter((d) => d.startsWith('unmanaged')).length,
    2,
    'the role and the first administrator',
  )
})

t.test('additional roles go with their config', async (t) => {
  const { world, plane } = await openPlaneWorld(t, { allowConfigDelete: true })
  await world.given(`${head}${person('ada')}${config('ada')}
    resource "trifacta_aws_role" "r" {
      aws_config_id = trifacta_aws_config.c.id
      role          = "${role('second')}"
    }`)
  const applied = await world.apply(head + person('ada'))
  t.strictSame(applied.errors, [])
  t.strictSame(applied.results, ['delete trifacta_aws_config.c: done', 'forget trifacta_aws_role.r: done'])
  t.strictSame(await list(plane, '/awsRoles'), [])
})

t.test('a service that hides who has a config is an error, not a reason to make one', async (t) => {
  let caller = 'admin@localhost'
  const { world } = await openPlaneWorld(t, { authenticate: async () => caller })
  const hcl = head + person('ada') + config('ada')
  await world.given(`${hcl}${person('bob')}`)
  caller = 'bob@example.com'
  const planned = await world.plan(hcl)
  t.strictSame(codes(planned.errors), ['engine/service'])
  t.match(say(planned.errors), /does not show.*Use the token of an administrator/s)
  t.strictSame(planned.changes, [])
})

t.test('a config whose person someone has deleted is handed to the one that is made again', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  const hcl = head + person('ada') + config('ada')
  await world.given(hcl)
  const id = (await world.row('trifacta_person.ada'))?.id
  await call(plane, 'DELETE', `/people/${id}`)
  const applied = await world.apply(hcl)
  t.strictSame(applied.errors, [])
  t.strictSame(applied.changes, ['create trifacta_person.ada', 'update trifacta_aws_config.c: person_id'])
  t.equal((await list(plane, '/awsConfigs')).length, 1)
  t.strictSame((await world.plan(hcl)).changes, [])
})

t.test('another e-mail address under a recorded id is an error, never a new person', async (t) => {
  const { world, plane } = await openPlaneWorld(t)
  await world.given(head + person('ada'))
  const id = (await world.row('trifacta_person.ada'))?.id
  await call(plane, 'PATCH', `/people/${id}`, { email: 'someone@example.com' })
  const planned = await world.plan(head + person('ada'))
  t.strictSame(codes(planned.errors), ['engine/identity-conflict'])
})

t.test(
  'a data source that is read at apply sees what the apply made, not the lists of its plan',
  async (t) => {
    const { world } = await openPlaneWorld(t)
    await world.given(team(6))
    const applied = await world.apply(`${team(9)}
    data "trifacta_people" "all" { email_pattern = "p*@\${length(trifacta_aws_config.c[8].id) > 0 ? "example.com" : ""}" }
    data "trifacta_person" "last" { email = trifacta_aws_config.c[8].id == "" ? "" : "P8@example.com" }
    data "trifacta_aws_roles" "own" { aws_config_id = trifacta_aws_config.c[8].id }
    output "seen" {
      value = [length(data.trifacta_people.all.people), data.trifacta_person.last.name, data.trifacta_aws_roles.own.roles[*].role]
    }`)
    t.strictSame(applied.errors, [])
    t.strictSame(applied.results.filter((r) => r.startsWith('read')).length, 3)
    const seen = applied.applied?.outputs.get('seen')?.value
    if (seen === undefined) throw new Error('there is no output')
    t.strictSame(toPlain(seen), [9, 'p8@example.com', [role('r8')]])
  },
)
