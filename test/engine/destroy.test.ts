import t from 'tap'
import { codes, openWorld, say, writing } from './world.js'

const jane = (more = '') => `
  resource "mem_person" "jane" {
    email = "jane@x.org"
    ${more}
  }`

t.test('destroy goes by the records, dependents first', async (t) => {
  const world = openWorld(t)
  const hcl = `${jane()}
    resource "mem_config" "c" { person_id = mem_person.jane.id }`
  await world.given(hcl)
  const applied = await world.apply(hcl, { mode: 'destroy' })
  t.strictSame([...applied.changes].sort(), ['delete mem_config.c', 'delete mem_person.jane'])
  t.equal(applied.change('mem_person.jane').reason, 'destroy-requested')
  t.strictSame(writing(applied.requests), ['DELETE mem_config config-2', 'DELETE mem_person person-1'])
  t.equal((await world.state()).rows.size, 0)
})

t.test('nothing of the configuration is evaluated but provider blocks and what they need', async (t) => {
  const world = openWorld(t)
  await world.given(`provider "mem" { endpoint = "mem://one" }${jane()}`)
  const applied = await world.apply(
    `locals { endpoint = "mem://one" }
     provider "mem" { endpoint = local.endpoint }
     data "mem_people" "p" {}
     resource "mem_disk" "d" { name = [for e in data.mem_people.p.emails : e][99] }`,
    { mode: 'destroy' },
  )
  t.strictSame(applied.results, ['delete mem_person.jane: done'])
  t.strictSame(applied.requests, ['GET mem_person person-1', 'DELETE mem_person person-1'])
})

t.test('provider settings may need data sources, and these are read', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_person', { email: 'ada@x.org' })
  const hcl = `
    provider "mem" {}
    provider "mem" {
      alias    = "second"
      endpoint = "mem://\${data.mem_people.all.emails[0]}"
    }
    data "mem_people" "all" {}
    resource "mem_person" "bob" {
      provider = mem.second
      email    = "bob@x.org"
    }`
  await world.given(hcl)
  const applied = await world.apply(hcl, { mode: 'destroy' })
  t.strictSame(applied.results, ['delete mem_person.bob: done'])
  t.strictSame(applied.requests, ['DATA mem_people'])
})

t.test('on_destroy is that of the block if it is there', async (t) => {
  const world = openWorld(t)
  await world.given(jane('on_destroy = "delete"'))
  const applied = await world.apply(jane('on_destroy = "disable"'), { mode: 'destroy' })
  t.equal(applied.change('mem_person.jane').destroys, 'disable')
  t.strictSame(writing(applied.requests), ['PUT mem_person person-1'])
  t.match(applied.applied?.results, [{ left: 'jane@x.org stays, disabled.' }])
  t.strictSame(codes(applied.warnings), ['engine/left-behind'])
  t.equal((await world.state()).rows.size, 0)
})

t.test('on_destroy is that of the record if the block is gone', async (t) => {
  const world = openWorld(t)
  await world.given(jane('on_destroy = "keep"'))
  const applied = await world.apply('provider "mem" {}', { mode: 'destroy' })
  t.strictSame(applied.changes, ['forget mem_person.jane'])
  t.equal(applied.change('mem_person.jane').destroys, 'keep')
  t.strictSame(writing(applied.requests), [])
})

t.test('on_destroy is that of the record if the block cannot be evaluated any more', async (t) => {
  const world = openWorld(t)
  await world.given(jane('on_destroy = "keep"'))
  const hcl = `${jane('on_destroy = mem_mount.m.note\n')}\nresource "mem_mount" "m" { path = "aws" }`
  t.strictSame((await world.plan(hcl, { mode: 'destroy' })).changes, ['forget mem_person.jane'])
})

t.test('prevent_destroy is that of the block if it is there, else that of the record', async (t) => {
  const world = openWorld(t)
  await world.given(jane('lifecycle { prevent_destroy = true }'))
  const kept = await world.plan(jane('lifecycle { prevent_destroy = true }'), { mode: 'destroy' })
  t.strictSame(codes(kept.errors), ['engine/prevent-destroy'])
  t.match(say(kept.errors), /mem_person\.jane has prevent_destroy.*destroy it/)
  t.strictSame(codes((await world.plan('provider "mem" {}', { mode: 'destroy' })).errors), [
    'engine/prevent-destroy',
  ])
  t.strictSame((await world.plan(jane(), { mode: 'destroy' })).changes, ['delete mem_person.jane'])
})

t.test('what is declared and has no record is listed as not in the state', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_mount', { path: 'aws' })
  await world.given(jane())
  const planned = await world.plan(
    `${jane()}
     resource "mem_mount" "m" { path = "aws" }
     resource "mem_disk" "d" {
       for_each = toset(["a", "b"])
       name     = each.key
     }`,
    { mode: 'destroy' },
  )
  t.strictSame(planned.changes, ['delete mem_person.jane'])
  t.strictSame(codes(planned.warnings), ['engine/not-in-state'])
  t.match(say(planned.warnings), /mem_disk\.d, mem_mount\.m/)
})

t.test('a record whose provider block is gone is an error that says to keep the block', async (t) => {
  const world = openWorld(t)
  await world.given(`
    provider "mem" {}
    provider "mem" { alias = "old" }
    resource "mem_person" "jane" {
      provider = mem.old
      email    = "jane@x.org"
    }`)
  for (const mode of ['normal', 'destroy'] as const) {
    const planned = await world.plan('provider "mem" {}', { mode })
    t.strictSame(codes(planned.errors), ['engine/no-provider-block'])
    t.match(say(planned.errors), /"mem\.old".*Keep the block provider "mem"/)
  }
})

t.test('an object that is gone already is only dropped from the records', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  world.service.remove('person-1')
  const applied = await world.apply(jane(), { mode: 'destroy' })
  t.strictSame(applied.changes, ['forget mem_person.jane'])
  t.equal(applied.change('mem_person.jane').destroys, 'record')
  t.equal((await world.state()).rows.size, 0)
})

t.test('outputs go with the last object, and stay when something is left', async (t) => {
  const world = openWorld(t)
  const hcl = `${jane()}
    resource "mem_mount" "m" { path = "aws" }
    output "jane" { value = mem_person.jane.id }`
  await world.given(hcl)
  await world.given(hcl, { mode: 'destroy', targets: ['mem_mount.m'] })
  t.strictSame(Object.keys((await world.state()).outputs), ['jane'])
  await world.given(hcl, { mode: 'destroy' })
  t.strictSame(Object.keys((await world.state()).outputs), [])
})

t.test('destroy --target takes recorded dependents along', async (t) => {
  const world = openWorld(t)
  const hcl = `${jane()}
    resource "mem_config" "c" { person_id = mem_person.jane.id }
    resource "mem_mount" "m" { path = "aws" }`
  await world.given(hcl)
  const planned = await world.plan(hcl, { mode: 'destroy', targets: ['mem_person.jane'] })
  t.strictSame([...planned.changes].sort(), ['delete mem_config.c', 'delete mem_person.jane'])
})
