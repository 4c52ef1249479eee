import t from 'tap'
import { openLease } from '../../src/state/lease.js'
import { processIdentity } from '../../src/state/process-identity.js'
import { openWorld, say, writing } from './world.js'

const jane = (more = '') => `
  resource "mem_person" "jane" {
    email = "jane@x.org"
    ${more}
  }`

t.test('drift is against what was last applied, not against the configuration', async (t) => {
  const world = openWorld(t)
  await world.given(jane('name = "Jane"'))
  t.strictSame((await world.drift(jane('name = "Janet"'))).drift, [], 'a changed configuration is no drift')
  world.service.change('person-1', { name: 'Theirs', seen_at: 'just now' })
  t.strictSame((await world.drift(jane('name = "Theirs"'))).drift, ['changed mem_person.jane: name'])
})

t.test('an object that is gone is drift', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  world.service.remove('person-1')
  t.strictSame((await world.drift(jane())).drift, ['vanished mem_person.jane'])
})

t.test('a declared object without a record is not adopted', async (t) => {
  const world = openWorld(t)
  world.service.put('mem_person', { email: 'jane@x.org' })
  const seen = await world.drift(jane())
  t.strictSame(seen.drift, ['not-adopted mem_person.jane'])
  t.match(seen.report?.drift, [{ id: 'person-1', name: 'jane@x.org' }])
})

t.test('what is recorded and not declared any more is looked at as well', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  world.service.change('person-1', { name: 'Theirs' })
  t.strictSame((await world.drift('provider "mem" {}')).drift, ['changed mem_person.jane: name'])
})

t.test('a guard that would stop an apply does not stop a look', async (t) => {
  const world = openWorld(t)
  await world.given(jane('lifecycle { prevent_destroy = true }'))
  t.strictSame((await world.drift('provider "mem" {}')).errors, [])
})

t.test('--unmanaged lists what nobody declared, of the types that are declared', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  const stranger = world.service.put('mem_person', { email: 'stranger@x.org' })
  world.service.put('mem_disk', { name: 'of another type' })
  const seen = await world.drift(jane(), { unmanaged: true })
  t.strictSame(seen.drift, [`unmanaged ${stranger}`])
  t.match(seen.report?.drift, [{ name: 'stranger@x.org', type: 'mem_person' }])
})

const config = `
  resource "mem_config" "c" {
    person_id = "7"
    role      = "one"
  }`
const role = `
  resource "mem_role" "r" {
    config_id = "9"
    arn       = "two"
  }`

t.test('what a managed object owns is never unmanaged', async (t) => {
  const world = openWorld(t)
  await world.given(config + role)
  t.strictSame((await world.drift(config + role, { unmanaged: true })).drift, [])
})

t.test('nor is what an object owns that is recorded and not declared any more', async (t) => {
  const world = openWorld(t)
  await world.given(config + role)
  t.strictSame((await world.drift(role, { unmanaged: true })).drift, [])
})

t.test('plan and drift write nothing, neither at the service nor to the state', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  world.service.put('mem_person', { email: 'bob@x.org', name: 'Theirs' })
  world.service.change('person-1', { note: 'theirs' })
  const before = world.writes()
  const hcl = `${jane('name = "New"')}
    resource "mem_person" "bob" {
      email = "bob@x.org"
      name  = "Bob"
    }`
  const planned = await world.plan(hcl)
  t.equal(planned.changes.length, 2)
  const seen = await world.drift(hcl, { unmanaged: true })
  t.strictSame(writing([...planned.requests, ...seen.requests]), [])
  t.equal(world.writes(), before)
})

t.test('a live run is named, and its open operations are not called crashed', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  const lease = await openLease(world.store, {
    operation: 'apply',
    lockTimeout: 0,
    environment: {
      monotonic: () => 0,
      wall: () => 0,
      now: () => new Date(0),
      random: (bytes) => new Uint8Array(bytes).fill(7),
      sleep: async () => {},
      processIdentity: () => processIdentity(),
      isAlive: () => 'alive',
      host: 'here',
      who: 'someone',
      version: '0.0.0',
    },
  })
  await lease.begin({
    event: 'begin',
    op: 'open1',
    address: 'mem_person.bob',
    action: 'create',
    type: 'mem_person',
    provider: 'mem',
    endpoint: 'mem://one',
    inputs: { email: 'bob@x.org' },
  })
  const hcl = `${jane('name = "New"')}
    resource "mem_person" "bob" { email = "bob@x.org" }
    resource "mem_config" "bob" { person_id = mem_person.bob.id }`
  const planned = await world.plan(hcl)
  t.equal(planned.live, lease.run)
  t.strictSame(planned.plan?.recovered, [])
  t.strictSame(planned.changes, ['update mem_person.jane: name'], 'its addresses are left alone')
  const seen = await world.drift(hcl)
  t.equal(seen.report?.live?.run, lease.run)
  t.strictSame(seen.drift, [])
  const refused = await world.apply(hcl)
  t.match(say(refused.errors), /state\/locked.*someone/s)
  await lease.close()
})
