import t from 'tap'
import { codes, openWorld, say } from './world.js'

const person = (name: string, more = '') => `
  resource "mem_person" "${name}" {
    email = "${name}@x.org"
    ${more}
  }`
const people = (more = '') => `
  data "mem_people" "all" {
    ${more}
  }
  output "emails" { value = data.mem_people.all.emails }`

t.test('a data source whose inputs are known is read in the plan, once', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_person', { email: 'ada@x.org' })
  const planned = await world.plan(people('domain = "x.org"'))
  t.strictSame(planned.requests, ['DATA mem_people x.org'])
  t.strictSame(planned.changes, [])
  t.strictSame(planned.plan?.outputs[0]?.after, ['ada@x.org'])
})

t.test('what it refers to may exist, as long as nothing of it is about to be written', async (t) => {
  const world = openWorld(t)
  const hcl = (name: string) =>
    `${person('ada', `name = "${name}"`)}${people('domain = split("@", mem_person.ada.email)[1]')}`
  await world.given(hcl('Ada'))
  t.strictSame((await world.plan(hcl('Ada'))).changes, [])
  const planned = await world.plan(hcl('Adele'))
  t.strictSame(planned.changes, ['update mem_person.ada: name', 'read data.mem_people.all'])
  t.equal(planned.change('data.mem_people.all').reason, 'depends-on-change')
})

t.test('an input that waits for apply makes it a read at apply', async (t) => {
  const world = openWorld(t)
  const hcl = `${person('ada')}${people('domain = mem_person.ada.code')}`
  const planned = await world.plan(hcl)
  t.equal(planned.change('data.mem_people.all').reason, 'inputs-known-at-apply')
  const applied = await world.apply(hcl)
  t.strictSame(applied.results, ['create mem_person.ada: done', 'read data.mem_people.all: done'])
  t.strictSame(applied.requests.slice(-1), ['DATA mem_people code-of-person-1'])
})

t.test('depends_on on something that is written defers it, and it sees what was written', async (t) => {
  const world = openWorld(t)
  const hcl = `${person('ada')}${people('depends_on = [mem_person.ada]')}`
  const applied = await world.apply(hcl)
  t.strictSame(applied.changes, ['create mem_person.ada', 'read data.mem_people.all'])
  const emails = applied.applied?.outputs.get('emails')?.value
  t.match(emails, { items: [{ value: 'ada@x.org' }] })
  t.strictSame((await world.plan(hcl)).changes, [])
})

t.test('so does a reference through a local', async (t) => {
  const world = openWorld(t)
  const hcl = (name: string) => `
    locals { domain = split("@", local.ada)[1] }
    locals { ada = mem_person.ada.email }
    ${person('ada', `name = "${name}"`)}${people('domain = local.domain')}`
  await world.given(hcl('Ada'))
  t.strictSame((await world.plan(hcl('Ada'))).changes, [])
  t.strictSame((await world.plan(hcl('Adele'))).changes, [
    'update mem_person.ada: name',
    'read data.mem_people.all',
  ])
})

const team = (names: string) => `
  locals { domains = distinct([for p in values(mem_person.p) : split("@", p.email)[1]]) }
  resource "mem_person" "p" {
    for_each = toset([${names}])
    email    = "\${each.key}@x.org"
  }`

for (const [way, more] of [
  ['by depends_on', 'depends_on = [mem_person.p]'],
  ['in its inputs', 'domain = length(mem_person.p) > 5 ? "many" : "x.org"'],
  ['through a local', 'domain = length(local.domains) > 5 ? "many" : "x.org"'],
] as const) {
  t.test(`an instance that is removed counts as a write of what it refers to ${way}`, async (t) => {
    const world = openWorld(t)
    await world.given(team('"ada", "bob"') + people(more))
    const planned = await world.plan(team('"ada"') + people(more))
    t.strictSame(planned.changes, ['read data.mem_people.all', 'delete mem_person.p["bob"]'])
    const all = await world.plan(team('') + people(more))
    t.ok(all.changes.includes('read data.mem_people.all'), 'also when no instance is left')
  })
}

t.test('a read at apply that refers to something removed waits for its end', async (t) => {
  const world = openWorld(t)
  const more = 'depends_on = [mem_person.p]'
  await world.given(team('"ada", "bob"') + people(more))
  const applied = await world.apply(team('"ada"') + people(more))
  t.strictSame(applied.results, ['delete mem_person.p["bob"]: done', 'read data.mem_people.all: done'])
  t.match(applied.applied?.outputs.get('emails')?.value, { items: [{ value: 'ada@x.org' }] })
})

t.test('also where something depends on the data source and, recorded, on what is removed', async (t) => {
  const world = openWorld(t)
  const hcl = (names: string) =>
    `${team(names)}${people('depends_on = [mem_person.p]')}
    resource "mem_disk" "d" {
      name  = "d"
      owner = join(",", data.mem_people.all.emails)
    }`
  await world.given(hcl('"ada", "bob"'))
  const applied = await world.apply(hcl('"ada"'))
  t.strictSame(applied.errors, [])
  t.strictSame(applied.results, [
    'delete mem_person.p["bob"]: done',
    'read data.mem_people.all: done',
    'update mem_disk.d: done',
  ])
  t.strictSame((await world.plan(hcl('"ada"'))).changes, [])
})

t.test('a data source that is deferred defers the one that reads it', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(`${person('ada')}${people('domain = mem_person.ada.code')}
    data "mem_people" "again" { domain = join(",", data.mem_people.all.emails) }`)
  t.strictSame(planned.changes, [
    'create mem_person.ada',
    'read data.mem_people.all',
    'read data.mem_people.again',
  ])
})

t.test('a resource that reads a deferred data source waits for what is behind it', async (t) => {
  const world = openWorld(t)
  const applied = await world.apply(`${person('ada')}${people('depends_on = [mem_person.ada]')}
    resource "mem_disk" "d" {
      name  = "d"
      owner = join(",", data.mem_people.all.emails)
    }`)
  t.strictSame(applied.results, [
    'create mem_person.ada: done',
    'read data.mem_people.all: done',
    'create mem_disk.d: done',
  ])
  t.equal((await world.row('mem_disk.d'))?.attributes.owner, 'ada@x.org')
  t.strictSame((await world.row('mem_disk.d'))?.dependsOn, ['mem_person.ada'])
})

t.test('keys from a data source that is deferred are an error that names it', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(`${person('ada')}${people('domain = mem_person.ada.code')}
    resource "mem_disk" "d" {
      for_each = toset(data.mem_people.all.emails)
      name     = each.key
    }`)
  t.strictSame(codes(planned.errors), ['engine/key-not-known'])
  t.match(say(planned.errors), /data\.mem_people\.all/)
})

t.test('a data source that cannot be read fails the plan, and says only that', async (t) => {
  const world = openWorld(t)
  world.service.on('DATA mem_people', 'refuse')
  const planned = await world.plan(`${people()}
    resource "mem_disk" "d" {
      for_each = toset(data.mem_people.all.emails)
      name     = each.key
    }
    resource "mem_disk" "e" { name = data.mem_people.all.emails[0] }`)
  t.strictSame(codes(planned.errors), ['engine/service'])
})
