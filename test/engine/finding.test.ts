import t from 'tap'
import { codes, fieldsOf, openWorld, say, writing } from './world.js'

const jane = (more = '') => `
  resource "mem_person" "jane" {
    email = "jane@x.org"
    ${more}
  }`

const crowd = (count: number) => `
  resource "mem_person" "p" {
    count = ${count}
    email = "p\${count.index}@x.org"
  }`

t.test('an object is read by its recorded id', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  t.strictSame((await world.plan(jane())).requests, ['GET mem_person person-1'])
})

t.test('a key that is written in another way is the same key', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  world.service.change('person-1', { email: 'JANE@x.org' })
  const planned = await world.plan(jane())
  t.strictSame(planned.errors, [])
})

t.test('another key under the recorded id is drift if nobody else has the recorded key', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  world.service.change('person-1', { email: 'janet@x.org' })
  const planned = await world.plan(jane())
  t.strictSame(planned.errors, [])
  t.strictSame(fieldsOf(planned.change('mem_person.jane')), ['email: "janet@x.org" -> "jane@x.org"'])
  t.match(planned.plan?.drift, [{ kind: 'changed', address: 'mem_person.jane' }])
})

t.test('another key under the recorded id is an error if another object has the recorded key', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  world.service.change('person-1', { email: 'bob@x.org' })
  const other = world.service.put('mem_person', { email: 'jane@x.org' })
  const planned = await world.plan(jane())
  t.strictSame(codes(planned.errors), ['engine/identity-conflict'])
  t.match(
    say(planned.errors),
    new RegExp(`person-1 as jane@x.org.*is bob@x.org now.*${other}.*state rm`, 's'),
  )
  t.strictSame(writing(planned.requests), [])
})

t.test('another key under the recorded id is an error if the key can never be changed', async (t) => {
  const world = openWorld(t)
  const hcl = 'resource "mem_mount" "m" { path = "aws" }'
  await world.given(hcl)
  world.service.change('mount-1', { path: 'gcp' })
  const planned = await world.plan(hcl)
  t.strictSame(codes(planned.errors), ['engine/identity-conflict'])
  t.match(say(planned.errors), /declare path = "gcp" to keep it as it is, or change it back/)
})

t.test('a configuration may follow a key that somebody changed', async (t) => {
  const world = openWorld(t)
  await world.given('resource "mem_mount" "m" { path = "aws" }')
  world.service.change('mount-1', { path: 'gcp' })
  const followed = 'resource "mem_mount" "m" {\n  path = "gcp"\n  note = "ours"\n}'
  const planned = await world.plan(followed)
  t.strictSame(planned.errors, [])
  t.strictSame(planned.changes, ['update mem_mount.m: note'])
  const applied = await world.given(followed)
  t.strictSame(writing(applied.requests), ['PUT mem_mount mount-1'])
  t.equal((await world.row('mem_mount.m'))?.naturalKey, 'gcp')
  t.strictSame((await world.plan(followed)).changes, [])
  t.strictSame((await world.drift(followed)).drift, [])
})

t.test('a configuration that has followed a changed key is recorded without a change too', async (t) => {
  const world = openWorld(t)
  await world.given('resource "mem_mount" "m" { path = "aws" }')
  world.service.change('mount-1', { path: 'gcp' })
  const followed = 'resource "mem_mount" "m" { path = "gcp" }'
  const applied = await world.given(followed)
  t.strictSame(writing(applied.requests), [])
  t.strictSame((await world.plan(followed)).changes, [])
  await world.given(followed, { mode: 'refresh-only' })
  t.equal((await world.row('mem_mount.m'))?.naturalKey, 'gcp')
})

t.test('many objects are read as one list', async (t) => {
  const world = openWorld(t)
  await world.given(crowd(26))
  t.strictSame((await world.plan(crowd(26))).requests, ['LIST mem_person'])
})

t.test('what a list lacks is read before it is taken for gone', async (t) => {
  const world = openWorld(t)
  await world.given(crowd(26))
  world.service.hide('person-26')
  const planned = await world.plan(crowd(26))
  t.strictSame(planned.changes, [])
  t.strictSame(planned.requests, ['LIST mem_person', 'GET mem_person person-26'])
})

t.test('what many lists lack, because pages shifted, is read too before it is taken for gone', async (t) => {
  const world = openWorld(t)
  await world.given(crowd(40))
  for (let id = 20; id <= 40; id++) world.service.hide(`person-${id}`)
  t.strictSame((await world.plan(crowd(40))).changes, [])
})

t.test('what a list lacks is looked up by key before a create is planned', async (t) => {
  const world = openWorld(t)
  for (let i = 0; i < 26; i++) world.service.put('mem_person', { email: `p${i}@x.org` })
  world.service.hide('person-26')
  const planned = await world.plan(crowd(26))
  t.strictSame(
    planned.changes.filter((c) => !c.startsWith('adopt')),
    [],
  )
  t.strictSame(planned.requests, ['LIST mem_person', 'FIND mem_person p25@x.org'])
})

t.test('a list that keeps back a whole page does not lead to creates', async (t) => {
  const world = openWorld(t)
  for (let i = 0; i < 60; i++) world.service.put('mem_person', { email: `p${i}@x.org` })
  for (let id = 26; id <= 60; id++) world.service.hide(`person-${id}`)
  const planned = await world.plan(crowd(60))
  t.strictSame(
    planned.changes.filter((c) => !c.startsWith('adopt')),
    [],
  )
})

t.test('many new objects are not looked up one by one', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(crowd(100))
  t.equal(planned.changes.length, 100)
  t.ok(planned.requests.length < 15, `${planned.requests.length} requests`)
})

t.test('with --target no list is read', async (t) => {
  const world = openWorld(t)
  await world.given(crowd(26))
  const planned = await world.plan(crowd(26), { targets: ['mem_person.p[3]'] })
  t.strictSame(planned.requests, ['GET mem_person person-4'])
})

t.test('--refresh=false takes what is recorded, and still finds what has no record', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  world.service.change('person-1', { name: 'Somebody else' })
  const bob = world.service.put('mem_person', { email: 'bob@x.org' })
  const planned = await world.plan(
    `${jane('name = "Somebody"')}\nresource "mem_person" "bob" { email = "bob@x.org" }`,
    {
      refresh: false,
    },
  )
  t.strictSame(planned.changes, ['adopt mem_person.bob'])
  t.equal(planned.change('mem_person.bob').importing?.id, bob)
  t.strictSame(planned.requests, ['FIND mem_person bob@x.org'])
})

t.test('a create whose key was not known at plan looks first, and stops at what it finds', async (t) => {
  const world = openWorld(t)
  const hcl = `
    resource "mem_mount" "m" { path = "aws" }
    resource "mem_disk" "d" { name = "disk-of-\${mem_mount.m.id}" }`
  world.service.on('POST mem_mount', () => {
    world.service.put('mem_disk', { name: 'disk-of-mount-2' })
  })
  const applied = await world.apply(hcl)
  t.strictSame(applied.results, ['create mem_mount.m: done', 'create mem_disk.d: failed'])
  t.match(say(applied.errors), /engine\/exists-plan-again.*disk-of-mount-2.*disk-1.*plan again/s)
  t.strictSame((await world.plan(hcl)).changes, ['adopt mem_disk.d'])
})

t.test('a create whose key was not known at plan goes on when it finds nothing', async (t) => {
  const world = openWorld(t)
  const applied = await world.apply(`
    resource "mem_mount" "m" { path = "aws" }
    resource "mem_disk" "d" { name = "disk-of-\${mem_mount.m.id}" }`)
  t.strictSame(applied.requests.slice(-2), ['FIND mem_disk disk-of-mount-1', 'POST mem_disk disk-of-mount-1'])
})

t.test('a record whose id is gone while its key finds another object is a visible adoption', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  world.service.remove('person-1')
  const id = world.service.put('mem_person', { email: 'jane@x.org' })
  const planned = await world.plan(jane())
  t.strictSame(planned.changes, ['adopt mem_person.jane'])
  t.match(planned.change('mem_person.jane'), { reason: 'vanished', importing: { id } })
  await world.given(jane())
  t.match(await world.row('mem_person.jane'), { id, origin: 'adopted' })
  t.strictSame((await world.plan(jane())).changes, [])
})

t.test('an object that is gone is created again, and nothing of its old record stays', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  world.service.remove('person-1')
  const applied = await world.apply(jane())
  t.strictSame(applied.changes, ['create mem_person.jane'])
  t.equal(applied.change('mem_person.jane').reason, 'vanished')
  t.strictSame([...(await world.state()).rows.keys()], ['mem_person.jane'])
  t.strictSame((await world.plan(jane())).changes, [])
})

t.test('what the service does not show is an error, not an absence', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  world.service.on('GET mem_person', 'refuse')
  const planned = await world.plan(jane())
  t.strictSame(codes(planned.errors), ['engine/service'])
  t.match(say(planned.errors), /GET mem_person person-1.*422.*not today/)
})

t.test('a service that is down is told once, however many objects it has', async (t) => {
  const world = openWorld(t)
  await world.given(`${crowd(3)}\nresource "mem_mount" "m" { path = "aws" }`)
  world.service.on('', 'unreachable', 100)
  const planned = await world.plan(`${crowd(3)}\nresource "mem_mount" "m" { path = "aws" }`)
  t.strictSame(codes(planned.errors), ['engine/service'])
  t.match(say(planned.errors), /The service cannot be reached/)
})

t.test('two addresses that declare one object are both named before anything is sent', async (t) => {
  const world = openWorld(t)
  const planned = await world.plan(`
    resource "mem_person" "p" {
      for_each = { a = "jane@x.org", b = "JANE@x.org" }
      email    = each.value
    }`)
  t.strictSame(codes(planned.errors), ['lang/same-object'])
  t.match(say(planned.errors), /mem_person\.p\["b"\] and mem_person\.p\["a"\] have the same email/)
})

t.test('two addresses whose key only the service tells are both named, too', async (t) => {
  const world = openWorld(t)
  const person = 'resource "mem_person" "ada" { email = "ada@x.org" }'
  await world.given(person)
  const planned = await world.plan(`${person}
    resource "mem_config" "c" {
      for_each  = toset(["a", "b"])
      person_id = mem_person.ada.id
    }`)
  t.strictSame(codes(planned.errors), ['engine/duplicate-key'])
  t.match(say(planned.errors), /mem_config\.c\["a"\] and mem_config\.c\["b"\]/)
})

t.test('an object that another address manages is not taken from it', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  world.service.change('person-1', { email: 'janet@x.org' })
  const planned = await world.plan(`${jane()}\nresource "mem_person" "janet" { email = "janet@x.org" }`)
  t.strictSame(
    planned.changes,
    ['update mem_person.jane: email', 'create mem_person.janet'],
    'unless it gives the key up in this plan',
  )
  const kept = `
    resource "mem_person" "jane" {
      email = "jane@x.org"
      lifecycle { ignore_changes = [email] }
    }
    resource "mem_person" "janet" { email = "janet@x.org" }`
  const refused = await world.plan(kept)
  t.strictSame(codes(refused.errors), ['engine/object-taken'])
  t.match(say(refused.errors), /mem_person\.janet declares.*person-1.*mem_person\.jane manages/)
})
