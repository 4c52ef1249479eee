import t from 'tap'
import { codes, openWorld, say, writing } from './world.js'

t.test(
  'an object that is declared under another address is moved there, without a request that writes',
  async (t) => {
    const world = openWorld(t)
    await world.given('resource "mem_person" "old" { email = "jane@x.org" }')
    const hcl = 'resource "mem_person" "new" { email = "jane@x.org" }'
    const applied = await world.apply(hcl)
    t.strictSame(applied.changes, ['move mem_person.new from mem_person.old'])
    t.strictSame(writing(applied.requests), [])
    t.strictSame([...(await world.state()).rows.keys()], ['mem_person.new'])
    t.equal((await world.row('mem_person.new'))?.origin, 'created')
    t.strictSame((await world.plan(hcl)).changes, [])
    t.match(applied.applied?.counts, { move: 1, add: 0, destroy: 0 })
  },
)

t.test('a move with changes is an update that shows where it comes from', async (t) => {
  const world = openWorld(t)
  await world.given('resource "mem_person" "old" { email = "jane@x.org" }')
  const hcl = `
    resource "mem_person" "new" {
      email = "jane@x.org"
      name  = "Jane"
    }`
  const applied = await world.apply(hcl)
  t.strictSame(applied.changes, ['update mem_person.new from mem_person.old: name'])
  t.strictSame(writing(applied.requests), ['PUT mem_person person-1'])
  t.strictSame((await world.plan(hcl)).changes, [])
})

t.test('a move may need the object replaced, and that is shown too', async (t) => {
  const world = openWorld(t)
  await world.given('resource "mem_disk" "old" { name = "d" }')
  const hcl = `
    resource "mem_disk" "new" {
      name   = "d"
      region = "eu"
    }`
  const applied = await world.apply(hcl)
  t.strictSame(applied.changes, ['replace mem_disk.new from mem_disk.old: region'])
  t.strictSame(applied.errors, [])
  t.strictSame(writing(applied.requests), ['DELETE mem_disk disk-1', 'POST mem_disk d'])
  t.strictSame([...(await world.state()).rows.keys()], ['mem_disk.new'])
  t.strictSame((await world.plan(hcl)).changes, [])
})

t.test('a new key in for_each is a move of the object too', async (t) => {
  const world = openWorld(t)
  const hcl = (key: string) => `
    resource "mem_person" "p" {
      for_each = { ${key} = "jane@x.org" }
      email    = each.value
    }
    resource "mem_config" "c" {
      for_each  = { ${key} = "b" }
      person_id = mem_person.p[each.key].id
      bucket    = each.value
    }`
  await world.given(hcl('jane'))
  const applied = await world.apply(hcl('janet'))
  t.strictSame(applied.changes, [
    'move mem_person.p["janet"] from mem_person.p["jane"]',
    'move mem_config.c["janet"] from mem_config.c["jane"]',
  ])
  t.strictSame((await world.row('mem_config.c["janet"]'))?.dependsOn, ['mem_person.p["janet"]'])
})

t.test('from single to count and back is a move', async (t) => {
  const world = openWorld(t)
  const one = 'resource "mem_person" "p" { email = "p0@x.org" }'
  const many = `
    resource "mem_person" "p" {
      count = 2
      email = "p\${count.index}@x.org"
    }`
  await world.given(one)
  t.strictSame((await world.plan(many)).changes, [
    'move mem_person.p[0] from mem_person.p',
    'create mem_person.p[1]',
  ])
  await world.given(many)
  t.strictSame((await world.plan(one)).changes, [
    'move mem_person.p from mem_person.p[0]',
    'delete mem_person.p[1]',
  ])
})

t.test('removing an instance in the middle of count moves the others instead of remaking them', async (t) => {
  const world = openWorld(t)
  const hcl = (names: string) => `
    locals { names = [${names}] }
    resource "mem_mount" "m" {
      count = length(local.names)
      path  = local.names[count.index]
    }`
  await world.given(hcl('"a", "b", "c"'))
  const applied = await world.apply(hcl('"a", "c"'))
  t.strictSame(applied.changes, [
    'move mem_mount.m[1] from mem_mount.m[2]',
    'delete mem_mount.m[1] (deposed)',
  ])
  t.strictSame(applied.errors, [])
  t.strictSame(writing(applied.requests), ['DELETE mem_mount mount-2'])
  t.strictSame((await world.plan(hcl('"a", "c"'))).changes, [])
})

t.test('a key that an object gives up in this plan is taken by a create after that', async (t) => {
  const world = openWorld(t)
  await world.given('resource "mem_person" "ada" { email = "ada@x.org" }')
  const applied = await world.apply(`
    resource "mem_person" "new" { email = "ada@x.org" }
    resource "mem_person" "ada" { email = "adele@x.org" }`)
  t.strictSame(applied.errors, [])
  t.strictSame(writing(applied.requests), ['PUT mem_person person-1', 'POST mem_person ada@x.org'])
})

t.test('an object of another address that keeps it is an error that names both', async (t) => {
  const world = openWorld(t)
  await world.given('resource "mem_person" "ada" { email = "ada@x.org" }')
  const planned = await world.plan(`
    resource "mem_person" "ada" { email = "ada@x.org" }
    resource "mem_person" "ada2" {
      email = lower("ADA@x.org")
    }`)
  t.equal(planned.errors.length, 1)
  t.match(say(planned.errors), /mem_person\.ada.*mem_person\.ada2|mem_person\.ada2.*mem_person\.ada/s)
})

t.test(
  'a move that cannot be told from the instances of a block that depend on it is an error',
  async (t) => {
    const world = openWorld(t)
    await world.given(`
    resource "mem_person" "old" {
      for_each = toset(["ada@x.org"])
      email    = each.key
    }`)
    const planned = await world.plan(`
    resource "mem_person" "new" { email = "ada@x.org" }
    resource "mem_person" "old" {
      for_each = toset([for email in [mem_person.new.email] : email if email != "ada@x.org"])
      email    = each.key
    }`)
    t.strictSame(codes(planned.errors), ['engine/undecided-move'])
    t.match(say(planned.errors), /rolecall state mv 'mem_person\.old\["ada@x\.org"\]' 'mem_person\.new'/)
  },
)
