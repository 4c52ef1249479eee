import t from 'tap'
import { codes, openWorld, say, writing } from './world.js'

const config = (owner: string) => `
  resource "mem_config" "c" { person_id = mem_person.${owner}.id }`
const person = (name: string, more = '') => `
  resource "mem_person" "${name}" {
    email = "${name}@x.org"
    ${more}
  }`

t.test('what refers to an object is written after it', async (t) => {
  const world = openWorld(t)
  const applied = await world.apply(config('ada') + person('ada'))
  t.strictSame(applied.results, ['create mem_person.ada: done', 'create mem_config.c: done'])
  t.strictSame((await world.row('mem_config.c'))?.dependsOn, ['mem_person.ada'])
})

t.test('a delete waits for the writes of what depended on the object', async (t) => {
  const world = openWorld(t)
  await world.given(config('ada') + person('ada'))
  const applied = await world.apply(config('bob') + person('bob'))
  t.strictSame(writing(applied.requests), [
    'POST mem_person bob@x.org',
    'PUT mem_config config-2',
    'DELETE mem_person person-1',
  ])
})

t.test('a delete that waits for a write which fails is skipped', async (t) => {
  const world = openWorld(t)
  await world.given(config('ada') + person('ada'))
  world.service.on('PUT mem_config', 'refuse')
  const applied = await world.apply(config('bob') + person('bob'))
  t.strictSame(applied.results, [
    'create mem_person.bob: done',
    'update mem_config.c: failed',
    'delete mem_person.ada: skipped because of mem_config.c',
  ])
})

t.test('deletes go from dependents to what they depended on', async (t) => {
  const world = openWorld(t)
  await world.given(`${person('ada')}
    resource "mem_disk" "d" {
      name  = "d"
      owner = mem_person.ada.id
    }
    resource "mem_s3_link" "l" {
      name = "l"
      to   = mem_disk.d.id
    }`)
  const applied = await world.apply('provider "mem" {}')
  t.strictSame(writing(applied.requests), [
    'DELETE mem_s3_link s3_link-3',
    'DELETE mem_disk disk-2',
    'DELETE mem_person person-1',
  ])
})

t.test('depends_on orders without a reference', async (t) => {
  const world = openWorld(t)
  const hcl = `
    resource "mem_disk" "d" {
      name       = "d"
      depends_on = [mem_person.ada]
    }
    ${person('ada')}`
  const applied = await world.apply(hcl)
  t.strictSame(applied.results, ['create mem_person.ada: done', 'create mem_disk.d: done'])
  t.strictSame((await world.row('mem_disk.d'))?.dependsOn, ['mem_person.ada'])
})

t.test(
  'where a new object needs the name of an old one of another type, the delete goes first',
  async (t) => {
    const world = openWorld(t)
    await world.given('resource "mem_s3_link" "l" { name = "shared" }')
    const applied = await world.apply('resource "mem_db_link" "l" { name = "shared" }')
    t.strictSame(applied.errors, [])
    t.strictSame(writing(applied.requests), ['DELETE mem_s3_link s3_link-1', 'POST mem_db_link shared'])
  },
)

t.test('so it does when something that depended on the old one moves to the new one', async (t) => {
  const world = openWorld(t)
  const disk = (kind: string) => `
    resource "mem_${kind}_link" "l" { name = "shared" }
    resource "mem_disk" "d" {
      name  = "d"
      owner = mem_${kind}_link.l.id
    }`
  await world.given(disk('s3'))
  const applied = await world.apply(disk('db'))
  t.strictSame(applied.errors, [])
  t.strictSame(writing(applied.requests), [
    'DELETE mem_s3_link s3_link-1',
    'POST mem_db_link shared',
    'PUT mem_disk disk-2',
  ])
})

t.test('where an update takes the key of an object that is deleted, the delete goes first', async (t) => {
  const world = openWorld(t)
  await world.given(person('ada') + person('bob'))
  const applied = await world.apply('resource "mem_person" "bob" { email = "ada@x.org" }')
  t.strictSame(applied.errors, [])
  t.strictSame(writing(applied.requests), ['DELETE mem_person person-1', 'PUT mem_person person-2'])
})

t.test('keys that are passed on are given up before they are taken', async (t) => {
  const world = openWorld(t)
  const hcl = (ada: string, bob: string) => `
    resource "mem_person" "ada" { email = "${ada}@x.org" }
    resource "mem_person" "bob" { email = "${bob}@x.org" }`
  await world.given(hcl('ada', 'bob'))
  const applied = await world.apply(hcl('bob', 'carl'))
  t.strictSame(applied.errors, [])
  t.strictSame(writing(applied.requests), ['PUT mem_person person-2', 'PUT mem_person person-1'])
})

t.test('a swap of keys is an error of the plan that says how to swap addresses', async (t) => {
  const world = openWorld(t)
  const hcl = (ada: string, bob: string) => `
    resource "mem_person" "ada" { email = "${ada}@x.org" }
    resource "mem_person" "bob" { email = "${bob}@x.org" }`
  await world.given(hcl('ada', 'bob'))
  const planned = await world.plan(hcl('bob', 'ada'))
  t.strictSame(codes(planned.errors), ['engine/order-cycle'])
  t.match(say(planned.errors), /mem_person\.ada, mem_person\.bob.*state mv/)
})
