import t from 'tap'
import { codes, fieldsOf, openWorld, say, writing } from './world.js'

const jane = (more = '') => `
  resource "mem_person" "jane" {
    email = "jane@x.org"
    ${more}
  }`

t.test(
  'an object that exists is taken over as it is, with a record and no request that writes',
  async (t) => {
    const world = openWorld(t)
    world.service.put('mem_person', { email: 'jane@x.org', name: 'Jane' })
    const applied = await world.apply(jane('name = "Jane"'))
    t.strictSame(applied.changes, ['adopt mem_person.jane'])
    t.strictSame(applied.results, ['adopt mem_person.jane: done'])
    t.strictSame(writing(applied.requests), [])
    t.match(await world.row('mem_person.jane'), { id: 'person-1', origin: 'adopted' })
    t.match(applied.applied?.counts, { adopt: 1, add: 0 })
  },
)

t.test('the fields that differ are those of any update', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_person', { email: 'jane@x.org', name: 'Jane', note: 'old' })
  const applied = await world.apply(jane('name = "Janet"'))
  t.strictSame(fieldsOf(applied.change('mem_person.jane')), [
    'name: "Jane" -> "Janet"',
    'note: "old" -> null',
  ])
  t.strictSame(writing(applied.requests), ['PUT mem_person person-1'])
  t.equal((await world.row('mem_person.jane'))?.unfinished, undefined)
  t.strictSame((await world.plan(jane('name = "Janet"'))).changes, [])
})

t.test('what cannot be read and is not declared is left alone', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_person', { email: 'jane@x.org', password: 'theirs', hint: 'theirs' })
  const applied = await world.apply(jane())
  t.strictSame(fieldsOf(applied.change('mem_person.jane')), [])
  t.match(world.service.get('person-1'), { password: 'theirs', hint: 'theirs' })
})

t.test('a difference in what cannot be changed is a conflict, never a replacement', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_disk', { name: 'd', region: 'us' })
  const planned = await world.plan(`
    resource "mem_disk" "d" {
      name   = "d"
      region = "eu"
    }`)
  t.strictSame(codes(planned.errors), ['engine/adoption-conflict'])
  t.match(say(planned.errors), /mem_disk\.d.*disk-1.*its region differs/)
  t.equal(planned.errors[0]?.span?.start.line, 4)
})

t.test('so is any difference in a type that cannot be updated', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_role', { config_id: '7', arn: 'one', note: 'theirs' })
  const planned = await world.plan(`
    resource "mem_role" "r" {
      config_id = "7"
      arn       = "one"
      note      = "ours"
    }`)
  t.strictSame(codes(planned.errors), ['engine/adoption-conflict'])
})

t.test('a conflict that shows only at apply is told there, and nothing is sent', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_disk', { name: 'd', region: 'us' })
  const applied = await world.apply(`
    resource "mem_mount" "m" { path = "aws" }
    resource "mem_disk" "d" {
      name   = "d"
      region = mem_mount.m.id
    }`)
  t.strictSame(applied.results, ['create mem_mount.m: done', 'adopt mem_disk.d: failed'])
  t.strictSame(codes(applied.errors), ['engine/adoption-conflict'])
  t.strictSame(writing(applied.requests), ['POST mem_mount aws'])
})

t.test('a declared secret is sent once, because nobody can see whether it is there', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_person', { email: 'jane@x.org' })
  const hcl = jane('password = env("SECRET")')
  const planned = await world.plan(hcl)
  t.strictSame(fieldsOf(planned.change('mem_person.jane')), [
    'password: nothing -> ***',
    'password_id: "password_id-of-person-1" -> ?',
  ])
  await world.given(hcl)
  t.strictSame((await world.plan(hcl)).changes, [])
})

t.test('with on_adopt = "trust" a declared secret is taken for the one that is there', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_person', { email: 'jane@x.org', password: 'theirs' })
  const hcl = (secret: string, more = '') => jane(`password = env("${secret}")\non_adopt = "trust"\n${more}`)
  const applied = await world.apply(hcl('SECRET'))
  t.strictSame(applied.changes, ['adopt mem_person.jane'])
  t.strictSame(writing(applied.requests), [])
  t.strictSame((await world.plan(hcl('SECRET'))).changes, [], 'its fingerprint is recorded')
  t.strictSame((await world.plan(hcl('OTHER_SECRET'))).changes, [
    'update mem_person.jane: password, password_id',
  ])
})

t.test('a trusted secret is not sent with other fields that differ either', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_person', { email: 'jane@x.org', password: 'theirs', name: 'Jane' })
  const hcl = jane('password = env("SECRET")\non_adopt = "trust"\nname = "Janet"')
  await world.given(hcl)
  t.match(world.service.get('person-1'), { password: 'theirs', name: 'Janet' })
  t.strictSame((await world.plan(hcl)).changes, [])
})

t.test('--no-adopt makes it an error that names the import', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_person', { email: 'jane@x.org' })
  const planned = await world.plan(jane(), { adopt: false })
  t.strictSame(codes(planned.errors), ['engine/exists'])
  t.match(say(planned.errors), /rolecall import 'mem_person\.jane' person-1/)
})

t.test('taking over a disabled account is a warning that names the line to add', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_person', { email: 'jane@x.org', is_disabled: true })
  const planned = await world.plan(jane())
  t.strictSame(codes(planned.warnings), ['engine/adopts-disabled'])
  t.match(say(planned.warnings), /is_disabled = false/)
  t.strictSame((await world.plan(jane('is_disabled = true'))).warnings, [])
  const enabled = await world.plan(jane('is_disabled = false'))
  t.strictSame(enabled.warnings, [])
  t.strictSame(enabled.changes, ['adopt mem_person.jane: is_disabled'])
})

t.test('where an object came from is shown when it is deleted', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_mount', { path: 'aws' })
  await world.given('resource "mem_mount" "m" { path = "aws" }')
  const applied = await world.apply('provider "mem" {}')
  t.match(applied.change('mem_mount.m'), { action: 'delete', origin: 'adopted', destroys: 'delete' })
  t.strictSame(writing(applied.requests), ['DELETE mem_mount mount-1'])
})

t.test('an adoption that was interrupted before its update is an update in the next plan', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_person', { email: 'jane@x.org', name: 'Jane' })
  world.service.on('PUT mem_person', 'refuse')
  const applied = await world.apply(jane('name = "Janet"'))
  t.strictSame(applied.results, ['adopt mem_person.jane: failed'])
  const planned = await world.plan(jane('name = "Janet"'))
  t.strictSame(planned.changes, ['update mem_person.jane: name'])
  await world.given(jane('name = "Janet"'))
  t.strictSame((await world.plan(jane('name = "Janet"'))).changes, [])
})
