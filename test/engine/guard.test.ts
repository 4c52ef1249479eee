import t from 'tap'
import { codes, openWorld, say } from './world.js'

const crowd = (count: number, more = '') => `
  resource "mem_person" "p" {
    count = ${count}
    email = "p\${count.index}@x.org"
    ${more}
  }`

t.test('deleting more than 30 % of a type, and at least 10, is taken for an accident', async (t) => {
  const world = openWorld(t)
  await world.given(crowd(30))
  const planned = await world.plan(crowd(20))
  t.strictSame(codes(planned.errors), ['engine/mass-change'])
  t.match(say(planned.errors), /10 of 30 mem_person.*--allow-deletes=10/)
})

t.test('up to 30 % is not', async (t) => {
  const world = openWorld(t)
  await world.given(crowd(34))
  t.equal((await world.plan(crowd(24))).changes.length, 10)
})

t.test('fewer than 10 is not, whatever their share', async (t) => {
  const world = openWorld(t)
  await world.given(crowd(9))
  t.equal((await world.plan(crowd(0))).changes.length, 9)
})

t.test('--allow-deletes accepts at most so many', async (t) => {
  const world = openWorld(t)
  await world.given(crowd(30))
  t.strictSame((await world.plan(crowd(20), { allowDeletes: 10 })).errors, [])
  const refused = await world.plan(crowd(19), { allowDeletes: 10 })
  t.strictSame(codes(refused.errors), ['engine/mass-change'])
  t.match(say(refused.errors), /--allow-deletes=11/)
})

t.test('--allow-deletes counts all types together, and the message says so', async (t) => {
  const world = openWorld(t)
  const hcl = (people: number, mounts: number) => `${crowd(people)}
    resource "mem_mount" "m" {
      count = ${mounts}
      path  = "m\${count.index}"
    }`
  await world.given(hcl(30, 3))
  const refused = await world.plan(hcl(20, 1), { allowDeletes: 10 })
  t.strictSame(codes(refused.errors), ['engine/mass-change'])
  t.match(say(refused.errors), /10 of 30 mem_person.*--allow-deletes=12\. .*all types together/)
  t.strictSame((await world.plan(hcl(20, 1), { allowDeletes: 12 })).errors, [])
})

t.test('replacements count', async (t) => {
  const world = openWorld(t)
  const disks = (region: string) => `
    resource "mem_disk" "d" {
      count  = 12
      name   = "d\${count.index}"
      region = "${region}"
    }`
  await world.given(disks('eu'))
  const planned = await world.plan(disks('us'))
  t.match(say(planned.errors), /12 of 12 mem_disk/)
})

t.test('what goes with its parent counts as its own type', async (t) => {
  const world = openWorld(t)
  const hcl = `
    resource "mem_mount" "m" { path = "aws" }
    resource "mem_mount_role" "r" {
      count = 12
      mount = mem_mount.m.path
      name  = "r\${count.index}"
    }`
  await world.given(hcl)
  t.match(say((await world.plan('provider "mem" {}')).errors), /12 of 12 mem_mount_role/)
})

t.test('adoptions with changes count, those without do not', async (t) => {
  const world = openWorld(t)
  for (let i = 0; i < 12; i++) world.service.put('mem_person', { email: `p${i}@x.org`, name: 'X' })
  t.strictSame((await world.plan(crowd(12))).errors, [])
  t.match(say((await world.plan(crowd(12, 'name = "Y"'))).errors), /12 of 12 mem_person/)
})

t.test('the share is of rows and adoptions together', async (t) => {
  const world = openWorld(t)
  await world.given(crowd(30))
  for (let i = 30; i < 42; i++) world.service.put('mem_person', { email: `p${i}@x.org`, note: 'X' })
  t.strictSame((await world.plan(crowd(42))).errors, [], '12 of 42 is 29 %')
})

t.test('a secret that is only sent because nobody can see it does not count', async (t) => {
  const world = openWorld(t)
  for (let i = 0; i < 12; i++) world.service.put('mem_person', { email: `p${i}@x.org` })
  t.strictSame((await world.plan(crowd(12, 'password = env("SECRET")'))).errors, [])
})

t.test('destroy is exempt: it asks', async (t) => {
  const world = openWorld(t)
  await world.given(crowd(12))
  t.equal((await world.plan(crowd(12), { mode: 'destroy' })).changes.length, 12)
})

t.test('prevent_destroy holds for replacements too, and says so', async (t) => {
  const world = openWorld(t)
  const disk = (region: string) => `
    resource "mem_disk" "d" {
      name   = "d"
      region = "${region}"
      lifecycle { prevent_destroy = true }
    }`
  await world.given(disk('eu'))
  const planned = await world.plan(disk('us'))
  t.strictSame(codes(planned.errors), ['engine/prevent-destroy'])
  t.match(say(planned.errors), /mem_disk\.d.*replace it/)
})

t.test('prevent_destroy holds for a block that was removed with it', async (t) => {
  const world = openWorld(t)
  await world.given(`
    resource "mem_disk" "d" {
      name = "d"
      lifecycle { prevent_destroy = true }
    }`)
  t.strictSame(codes((await world.plan('provider "mem" {}')).errors), ['engine/prevent-destroy'])
})

t.test('prevent_destroy holds for what would go with its parent', async (t) => {
  const world = openWorld(t)
  const hcl = (kind: string) => `
    resource "mem_mount" "m" {
      path = "aws"
      kind = "${kind}"
    }
    resource "mem_mount_role" "r" {
      mount = mem_mount.m.path
      name  = "r"
      lifecycle { prevent_destroy = true }
    }`
  await world.given(hcl('one'))
  const planned = await world.plan(hcl('two'))
  t.match(say(planned.errors), /engine\/prevent-destroy.*mem_mount_role\.r/)
})
