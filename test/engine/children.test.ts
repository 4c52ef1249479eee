import t from 'tap'
import { codes, openWorld, say, writing } from './world.js'

const mount = (more = '') => `
  resource "mem_mount" "m" {
    path = "aws"
    ${more}
  }
  resource "mem_mount_role" "r" {
    mount  = mem_mount.m.path
    name   = "ci"
    policy = "read"
  }`

t.test('a child of a parent that is to be created is not looked for', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(mount())
  t.strictSame(planned.changes, ['create mem_mount.m', 'create mem_mount_role.r'])
  t.strictSame(planned.requests, ['FIND mem_mount aws'])
  const applied = await world.apply(mount())
  t.strictSame(applied.requests.slice(1), ['POST mem_mount aws', 'POST mem_mount_role aws ci'])
})

t.test('nor is one whose key waits for its parent, also not at apply', async (t) => {
  const world = openWorld(t)
  const applied = await world.apply(`
    resource "mem_person" "jane" { email = "jane@x.org" }
    resource "mem_config" "jane" { person_id = mem_person.jane.id }`)
  t.strictSame(applied.requests, [
    'FIND mem_person jane@x.org',
    'POST mem_person jane@x.org',
    'POST mem_config person-1',
  ])
})

t.test('a child of a parent that exists is looked for', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_mount', { path: 'aws' })
  world.service.put('mem_mount_role', { mount: 'aws', name: 'ci', policy: 'read' })
  t.strictSame((await world.plan(mount())).changes, ['adopt mem_mount.m', 'adopt mem_mount_role.r'])
})

t.test('a parent that is replaced takes its children with it, and they are created again', async (t) => {
  const world = openWorld(t)
  await world.given(mount('kind = "one"'))
  const planned = await world.plan(mount('kind = "two"'))
  t.strictSame(planned.changes, ['replace mem_mount.m: kind', 'create mem_mount_role.r'])
  t.equal(planned.change('mem_mount_role.r').reason, 'dependency-replaced')
  const applied = await world.apply(mount('kind = "two"'))
  t.strictSame(applied.errors, [])
  t.strictSame(writing(applied.requests), [
    'DELETE mem_mount mount-1',
    'POST mem_mount aws',
    'POST mem_mount_role aws ci',
  ])
  t.strictSame([...(await world.state()).rows.keys()].sort(), ['mem_mount.m', 'mem_mount_role.r'])
  t.strictSame((await world.plan(mount('kind = "two"'))).changes, [])
})

t.test(
  'the child of a parent that is deleted too is only dropped from the records, after the parent',
  async (t) => {
    const world = openWorld(t)
    await world.given(mount())
    const applied = await world.apply('provider "mem" {}')
    t.strictSame(applied.results, ['delete mem_mount.m: done', 'forget mem_mount_role.r: done'])
    t.equal(applied.change('mem_mount_role.r').destroys, 'record')
    t.strictSame(writing(applied.requests), ['DELETE mem_mount mount-1'])
    t.strictSame([...(await world.state()).rows.keys()], [])
  },
)

t.test('the record of a child stays when its parent could not be deleted', async (t) => {
  const world = openWorld(t)
  await world.given(mount())
  world.service.on('DELETE mem_mount', 'refuse')
  const applied = await world.apply('provider "mem" {}')
  t.strictSame(applied.results, [
    'delete mem_mount.m: failed',
    'forget mem_mount_role.r: skipped because of mem_mount.m',
  ])
  t.strictSame([...(await world.state()).rows.keys()].sort(), ['mem_mount.m', 'mem_mount_role.r'])
})

t.test('a child alone is deleted at the service', async (t) => {
  const world = openWorld(t)
  await world.given(mount())
  const applied = await world.apply('resource "mem_mount" "m" { path = "aws" }')
  t.strictSame(writing(applied.requests), ['DELETE mem_mount_role mount_role-2'])
})

const owner = (more = '') => `
  resource "mem_person" "jane" {
    email = "jane@x.org"
    ${more}
  }
  resource "mem_config" "jane" { person_id = mem_person.jane.id }`

t.test('what can be handed on does not go with its owner: it is deleted first', async (t) => {
  const world = openWorld(t)
  await world.given(owner())
  const applied = await world.apply('provider "mem" {}')
  t.strictSame(writing(applied.requests), ['DELETE mem_config config-2', 'DELETE mem_person person-1'])
})

t.test('what can be handed on is handed on when its owner is replaced', async (t) => {
  const world = openWorld(t)
  await world.given(owner())
  const applied = await world.apply(owner(), { replace: ['mem_person.jane'] })
  t.strictSame(applied.changes, ['replace mem_person.jane', 'update mem_config.jane: person_id'])
  t.strictSame(writing(applied.requests), [
    'DELETE mem_person person-1',
    'POST mem_person jane@x.org',
    'PUT mem_config config-2',
  ])
  t.equal(world.service.get('config-2')?.person_id, 'person-3')
})

const config = (more = '') => `
  resource "mem_config" "c" {
    person_id = "7"
    role      = "one"
  }
  ${more}`

t.test('what an object owns is not to be declared a second time: both addresses are named', async (t) => {
  const world = openWorld(t)
  await world.given(config())
  const planned = await world.plan(
    config(`
      resource "mem_role" "r" {
        config_id = mem_config.c.id
        arn       = "one"
      }`),
  )
  t.strictSame(codes(planned.errors), ['engine/owned-object'])
  t.match(say(planned.errors), /mem_role\.r.*role-2.*mem_config\.c/s)
  t.strictSame(writing(planned.requests), [])
})

t.test('an object that someone made the owned one is not taken for a second declaration', async (t) => {
  const world = openWorld(t)
  const hcl = config(`
    resource "mem_role" "r" {
      config_id = mem_config.c.id
      arn       = "two"
    }`)
  await world.given(hcl)
  const id = (await world.row('mem_role.r'))?.id ?? ''
  world.service.change('config-1', { role: 'two', active_role_id: id })
  const planned = await world.plan(hcl)
  t.strictSame(planned.errors, [])
  t.strictSame(planned.changes, ['update mem_config.c: role, active_role_id'])
})

t.test('a parent that is named without a reference is made first all the same', async (t) => {
  const world = openWorld(t)
  const child = `
    resource "mem_mount_role" "r" {
      mount  = "aws"
      name   = "ci"
      policy = "read"
    }`
  const parent = (more = '') => `
    resource "mem_mount" "m" {
      path = "aws"
      ${more}
    }`
  const applied = await world.apply(child + parent())
  t.strictSame(writing(applied.requests), ['POST mem_mount aws', 'POST mem_mount_role aws ci'])
  const planned = await world.plan(child + parent('kind = "two"'))
  t.strictSame(planned.changes, ['replace mem_mount.m: kind'])
  t.match(
    say(planned.warnings),
    /mem_mount\.m is replaced, and takes mem_mount_role\.r with it.*Write mount = mem_mount\.m\.path/s,
  )
  t.notMatch(say((await world.plan(mount('kind = "two"'))).warnings), /without a reference/)
})
