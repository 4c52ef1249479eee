import t from 'tap'
import { codes, openWorld, say, writing } from './world.js'

const chain = (name = 'Ada') => `
  resource "mem_person" "ada" {
    email = "ada@x.org"
    name  = "${name}"
  }
  resource "mem_config" "ada" {
    person_id = mem_person.ada.id
    bucket    = "${name}"
  }
  resource "mem_disk" "d" {
    name  = "d"
    owner = mem_config.ada.id
    size  = length("${name}")
  }
  resource "mem_mount" "m" { path = "aws" }
  output "ada" { value = mem_person.ada.name }
  output "disk" { value = mem_disk.d.size }`

t.test('--target takes an address and what it depends on, and the rest is listed as left out', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(chain(), { targets: ['mem_config.ada'] })
  t.strictSame(planned.changes, ['create mem_person.ada', 'create mem_config.ada'])
  t.strictSame(planned.plan?.leftOut, ['mem_disk.d', 'mem_mount.m'])
})

t.test('a block that is left out is told by its instances where they are recorded, and once', async (t) => {
  const world = openWorld(t)
  const hcl = `
    resource "mem_person" "p" {
      for_each = toset(["a", "b"])
      email    = "\${each.key}@x.org"
    }
    resource "mem_config" "c" {
      for_each  = toset(["a", "b"])
      person_id = mem_person.p[each.key].id
    }`
  await world.given(hcl)
  t.strictSame((await world.plan(hcl, { targets: ['mem_person.p["a"]'] })).plan?.leftOut, [
    'mem_config.c["a"]',
    'mem_config.c["b"]',
    'mem_person.p["b"]',
  ])
})

t.test('--target may name one instance', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(
    `
    resource "mem_person" "p" {
      for_each = { ada = "ada@x.org", bob = "bob@x.org" }
      email    = each.value
    }`,
    { targets: ['mem_person.p[bob]'] },
  )
  t.strictSame(planned.changes, ['create mem_person.p["bob"]'])
  t.strictSame(planned.plan?.leftOut, ['mem_person.p["ada"]'])
})

t.test('--exclude leaves out an address and what depends on it', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(chain(), { excludes: ['mem_config.ada'] })
  t.strictSame(planned.changes, ['create mem_person.ada', 'create mem_mount.m'])
  t.strictSame(planned.plan?.leftOut, ['mem_config.ada', 'mem_disk.d'])
})

t.test('--exclude follows data sources and locals too', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(
    `
    resource "mem_person" "ada" { email = "ada@x.org" }
    data "mem_people" "p" { domain = mem_person.ada.code }
    locals { first = data.mem_people.p.emails[0] }
    resource "mem_disk" "d" {
      name  = "d"
      owner = local.first
    }`,
    { excludes: ['mem_person.ada'] },
  )
  t.strictSame(planned.changes, [])
  t.strictSame(planned.plan?.leftOut, ['data.mem_people.p', 'mem_disk.d', 'mem_person.ada'])
})

t.test('an address that names nothing is an error that proposes what could be meant', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(chain(), { targets: ['mem_config.adda'] })
  t.strictSame(codes(planned.errors), ['engine/unknown-address'])
  t.match(say(planned.errors), /--target=mem_config\.adda.*mem_config\.ada/)
  t.strictSame(codes((await world.plan(chain(), { excludes: ['what?'] })).errors), ['engine/bad-address'])
})

t.test('outputs that depend on what was left out keep their value', async (t) => {
  const world = openWorld(t)
  await world.given(chain('Ada'))
  const applied = await world.apply(chain('Adele'), { targets: ['mem_person.ada'] })
  t.strictSame(applied.changes, ['update mem_person.ada: name'])
  t.match(
    applied.plan?.outputs.map((o) => [o.name, o.action]),
    [['ada', 'update']],
  )
  t.match((await world.state()).outputs, { ada: { value: 'Adele' }, disk: { value: 3 } })
})

t.test('what is left out is seen as it is recorded', async (t) => {
  const world = openWorld(t)
  await world.given(chain('Ada'))
  const planned = await world.plan(chain('Adele'), { excludes: ['mem_person.ada'] })
  t.strictSame(planned.changes, [], 'and what depends on it is left out')
  t.strictSame(writing(planned.requests), [])
})

const owners = (owner: string, more = '') => `
  resource "mem_person" "bob" { email = "bob@x.org" }
  resource "mem_config" "c" { person_id = mem_person.${owner}.id }
  ${more}`
const ada = 'resource "mem_person" "ada" { email = "ada@x.org" }'

t.test('a target that is to be deleted brings along what recorded that it depends on it', async (t) => {
  const world = openWorld(t)
  await world.given(`${ada}
    resource "mem_disk" "d" {
      name  = "d"
      owner = mem_person.ada.id
    }
    resource "mem_mount" "m" { path = "aws" }`)
  const planned = await world.plan('provider "mem" {}', { targets: ['mem_person.ada'] })
  t.strictSame([...planned.changes].sort(), ['delete mem_disk.d', 'delete mem_person.ada'])
  t.strictSame(planned.plan?.leftOut, ['mem_mount.m'])
})

t.test('so it does where the dependent is declared still and moves on', async (t) => {
  const world = openWorld(t)
  await world.given(owners('ada', ada))
  const applied = await world.apply(owners('bob'), { targets: ['mem_person.ada'] })
  t.strictSame(applied.changes, ['update mem_config.c: person_id', 'delete mem_person.ada'])
  t.strictSame(writing(applied.requests).length, 2)
})

t.test('an instance that is to be deleted is not deleted under a dependent that is left out', async (t) => {
  const world = openWorld(t)
  const hcl = (people: string, owner: string) => `
    resource "mem_person" "p" {
      for_each = toset([${people}])
      email    = "\${each.key}@x.org"
    }
    resource "mem_config" "c" { person_id = mem_person.p["${owner}"].id }`
  await world.given(hcl('"ada", "bob"', 'ada'))
  const planned = await world.plan(hcl('"bob"', 'bob'), { targets: ['mem_person.p[ada]'] })
  t.strictSame(codes(planned.errors), ['engine/still-in-use'])
  t.match(say(planned.errors), /mem_person\.p\["ada"\].*mem_config\.c.*--target='mem_config\.c'/s)
})

t.test('a dependent that is left out while its object is replaced is named', async (t) => {
  const world = openWorld(t)
  const hcl = (region: string) => `
    resource "mem_disk" "d" {
      name   = "d"
      region = "${region}"
    }
    resource "mem_s3_link" "l" {
      name = "l"
      to   = mem_disk.d.id
    }`
  await world.given(hcl('eu'))
  for (const options of [{ targets: ['mem_disk.d'] }, { excludes: ['mem_s3_link.l'] }]) {
    const planned = await world.plan(hcl('us'), options)
    t.strictSame(planned.changes, ['replace mem_disk.d: region'])
    t.strictSame(codes(planned.warnings), ['engine/left-with-old'])
    t.match(say(planned.warnings), /mem_s3_link\.l was applied with a reference to mem_disk\.d/)
  }
  t.strictSame((await world.plan(hcl('us'))).warnings, [])
})

t.test('excluding a dependent keeps what it is recorded to depend on', async (t) => {
  const world = openWorld(t)
  await world.given(owners('ada', ada))
  const planned = await world.plan('provider "mem" {}', { excludes: ['mem_config.c'] })
  t.strictSame(planned.changes, ['delete mem_person.bob'])
  t.strictSame(planned.plan?.leftOut, ['mem_config.c', 'mem_person.ada'])
})

t.test('the new address of a move brings the old one along', async (t) => {
  const world = openWorld(t)
  await world.given(ada)
  const planned = await world.plan('resource "mem_person" "new" { email = "ada@x.org" }', {
    targets: ['mem_person.new'],
  })
  t.strictSame(planned.changes, ['move mem_person.new from mem_person.ada'])
})

t.test('the old address of a move brings the new one along', async (t) => {
  const world = openWorld(t)
  await world.given(ada)
  const planned = await world.plan(
    `resource "mem_person" "new" { email = "ada@x.org" }
     resource "mem_mount" "m" { path = "aws" }`,
    { targets: ['mem_person.ada'] },
  )
  t.strictSame(planned.changes, ['move mem_person.new from mem_person.ada'])
})

t.test('an excluded record is not moved', async (t) => {
  const world = openWorld(t)
  await world.given(ada)
  const planned = await world.plan('resource "mem_person" "new" { email = "ada@x.org" }', {
    excludes: ['mem_person.ada'],
  })
  t.strictSame(codes(planned.errors), ['engine/object-taken'])
})
