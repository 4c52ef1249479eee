import t from 'tap'
import { codes, openWorld, say, writing } from './world.js'

const team = `
resource "mem_person" "p" {
  for_each = { ada = "ada@x.org", bob = "bob@x.org" }
  email    = each.value
}
`

t.test('keys may come from the instances of another block, whose values wait for apply', async (t) => {
  const world = openWorld(t)
  const hcl = `${team}
    resource "mem_config" "c" {
      for_each  = mem_person.p
      person_id = each.value.id
    }`
  const planned = await world.plan(hcl)
  t.strictSame(planned.changes, [
    'create mem_person.p["ada"]',
    'create mem_person.p["bob"]',
    'create mem_config.c["ada"]',
    'create mem_config.c["bob"]',
  ])
  const applied = await world.apply(hcl)
  t.strictSame(applied.errors, [])
  t.strictSame((await world.plan(hcl)).changes, [])
})

t.test('keys may come from a data source', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_person', { email: 'ada@x.org' })
  const planned = await world.plan(`
    data "mem_people" "all" {}
    resource "mem_disk" "d" {
      for_each = toset(data.mem_people.all.emails)
      name     = each.key
    }`)
  t.strictSame(planned.changes, ['create mem_disk.d["ada@x.org"]'])
})

t.test('keys may come from an attribute of an object that exists and keeps it', async (t) => {
  const world = openWorld(t)
  const mount = (note: string) => `
    resource "mem_mount" "m" {
      path = "aws"
      note = "${note}"
    }
    resource "mem_disk" "d" {
      for_each = toset([mem_mount.m.id])
      name     = each.key
    }`
  await world.given('resource "mem_mount" "m" { path = "aws" }')
  const planned = await world.plan(mount('changed'))
  t.strictSame(planned.changes, ['update mem_mount.m: note', 'create mem_disk.d["mount-1"]'])
})

t.test('a key that waits for apply is an error that names what it waits for', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(`
    resource "mem_person" "jane" { email = "jane@x.org" }
    resource "mem_disk" "d" {
      for_each = toset([mem_person.jane.id])
      name     = each.key
    }`)
  t.strictSame(codes(planned.errors), ['engine/key-not-known'])
  t.match(say(planned.errors), /mem_disk\.d depend on mem_person\.jane,/)
  t.equal(planned.errors[0]?.span?.start.line, 4, 'and stands where the keys are')
})

t.test('a count that waits for apply is an error that names what it waits for', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(`
    resource "mem_person" "jane" { email = "jane@x.org" }
    resource "mem_disk" "d" {
      count = length(mem_person.jane.id)
      name  = "d-\${count.index}"
    }`)
  t.strictSame(codes(planned.errors), ['engine/key-not-known'])
  t.match(say(planned.errors), /mem_person\.jane/)
})

t.test('the number of instances of a block is known before any of them exists', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(`${team}
    resource "mem_disk" "d" {
      count = length(mem_person.p)
      name  = "d-\${count.index}"
    }`)
  t.strictSame(
    planned.changes.filter((c) => c.includes('disk')),
    ['create mem_disk.d[0]', 'create mem_disk.d[1]'],
  )
})

for (const [way, config] of [
  [
    'looks its own person up by key',
    `for_each  = toset(["ada", "bob"])
     person_id = mem_person.p[each.key].id`,
  ],
  [
    'goes over the persons',
    `for_each  = mem_person.p
     person_id = each.value.id`,
  ],
  [
    'goes over the keys of the persons',
    `for_each  = toset(keys(mem_person.p))
     person_id = mem_person.p[each.key].id`,
  ],
  [
    'goes over a map made of the persons',
    `for_each  = { for key, person in mem_person.p : key => person.id }
     person_id = each.value`,
  ],
] as const) {
  t.test(`when one person fails, only their own config is skipped: a config that ${way}`, async (t) => {
    const world = openWorld(t)
    world.service.on('POST mem_person ada', 'refuse')
    const applied = await world.apply(`${team}
      resource "mem_config" "c" {
        ${config}
      }`)
    t.strictSame([...applied.results].sort(), [
      'create mem_config.c["ada"]: skipped because of mem_person.p["ada"]',
      'create mem_config.c["bob"]: done',
      'create mem_person.p["ada"]: failed',
      'create mem_person.p["bob"]: done',
    ])
    t.strictSame((await world.row('mem_config.c["bob"]'))?.dependsOn, ['mem_person.p["bob"]'])
  })
}

t.test(
  'what chooses its instances by the value of an attribute waits for the object that has it',
  async (t) => {
    const world = openWorld(t)
    const hcl = (disabled: boolean) => `
    resource "mem_person" "p" {
      for_each    = { ada = "ada@x.org", bob = "bob@x.org" }
      email       = each.value
      is_disabled = each.key == "ada" ? ${disabled} : false
    }
    resource "mem_disk" "d" {
      for_each = { for key, person in mem_person.p : key => person.email if !person.is_disabled }
      name     = each.key
    }`
    await world.given(hcl(true))
    world.service.on('PUT mem_person', 'refuse')
    const applied = await world.apply(hcl(false))
    t.strictSame(applied.results, [
      'update mem_person.p["ada"]: failed',
      'create mem_disk.d["ada"]: skipped because of mem_person.p["ada"]',
    ])
  },
)

t.test('an instance that cannot be evaluated stops the plan, and the others are checked too', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(`
    variable "people" { default = { ada = { email = "ada@x.org" }, bob = {}, eve = {} } }
    resource "mem_person" "p" {
      for_each = var.people
      email    = each.value.email
    }`)
  t.strictSame(new Set(codes(planned.errors)).size, 1)
  t.strictSame(planned.changes, [])
  t.strictSame(writing(planned.requests), [])
})

t.test('validate checks a body once when its keys are known only to the service', async (t) => {
  const world = openWorld(t)
  const hcl = `
    data "mem_people" "all" {}
    resource "mem_disk" "d" {
      for_each = toset(data.mem_people.all.emails)
      name     = each.value
      size     = "large"
    }`
  const found = await world.open(hcl, (workspace) => workspace.validate({}))
  t.strictSame(
    found.map((d) => d.span?.start.line),
    [6],
  )
  t.strictSame(world.service.requests, [])
})
