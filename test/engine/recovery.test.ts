import t from 'tap'
import type { ApplyPoint } from '../../src/engine/apply-context.js'
import { codes, openWorld, say, type World, writing } from './world.js'

/** A run that stops at a moment, with its operation announced and not finished. */
async function interrupt(world: World, hcl: string, point: ApplyPoint, occurrence = 1): Promise<void> {
  let seen = 0
  const trace = (at: string) => {
    if (at === point && ++seen === occurrence) throw new Error('interrupted')
  }
  await world.apply(hcl, { trace }).then(
    () => {
      throw new Error('it was not interrupted')
    },
    (cause: unknown) => {
      if (!(cause instanceof Error) || cause.message !== 'interrupted') throw cause
    },
  )
}

const jane = (more = '') => `
  resource "mem_person" "jane" {
    email = "jane@x.org"
    ${more}
  }`

t.test('a create that was sent is found by its key, recorded, and run again as an update', async (t) => {
  const world = openWorld(t)
  const hcl = jane('password = env("SECRET")')
  await interrupt(world, hcl, 'committed')
  t.equal((await world.state()).open.size, 1)
  const planned = await world.plan(hcl)
  t.match(planned.plan?.recovered, [
    { address: 'mem_person.jane', action: 'create', outcome: 'found', id: 'person-1' },
  ])
  t.strictSame(planned.changes, ['update mem_person.jane: password, password_id'])
  t.equal(planned.change('mem_person.jane').reason, 'unfinished')
  const applied = await world.apply(hcl)
  t.strictSame(writing(applied.requests), ['PUT mem_person person-1'])
  t.equal(world.service.all('mem_person').length, 1)
  t.match(await world.row('mem_person.jane'), { origin: 'created', unfinished: undefined })
  t.equal((await world.state()).open.size, 0)
  t.strictSame((await world.plan(hcl)).changes, [])
})

t.test('a create that was not sent is planned again', async (t) => {
  const world = openWorld(t)
  await interrupt(world, jane(), 'begin:after')
  const planned = await world.plan(jane())
  t.match(planned.plan?.recovered, [{ outcome: 'not-found' }])
  t.strictSame(planned.changes, ['create mem_person.jane'])
  await world.given(jane())
  t.equal(world.service.all('mem_person').length, 1)
})

t.test('a create that stopped between two of its requests is finished', async (t) => {
  const world = openWorld(t)
  const hcl = `
    resource "mem_config" "c" {
      person_id = "7"
      role      = "one"
    }`
  await interrupt(world, hcl, 'sent', 2)
  await world.given(hcl)
  t.match(world.service.all('mem_config'), [['config-1', { role: 'one' }]])
  t.equal(world.service.all('mem_config').length, 1)
  t.strictSame((await world.plan(hcl)).changes, [])
})

t.test('what a create’s key gave before does not count as what it made', async (t) => {
  const world = openWorld(t)
  const disk = (name: string, region: string) => `
    resource "mem_disk" "d" {
      name   = "${name}"
      region = "${region}"
      lifecycle { create_before_destroy = true }
    }`
  await world.given(disk('one', 'eu'))
  await interrupt(world, disk('two', 'us'), 'begin:after')
  // Someone renames the old object meanwhile.
  world.service.change('disk-1', { name: 'two' })
  await world.apply(disk('one', 'eu'))
  const state = await world.state()
  t.equal(state.open.size, 0)
  t.match(
    [...state.rows.values()],
    [{ id: 'disk-1', deposedKey: undefined }],
    'it is not taken for a new one',
  )
})

t.test('a create before its destroy deposes the old object, also when it is recovered', async (t) => {
  const world = openWorld(t)
  const disk = (region: string) => `
    resource "mem_disk" "d" {
      name   = "in-${region}"
      region = "${region}"
      lifecycle { create_before_destroy = true }
    }`
  await world.given(disk('eu'))
  await interrupt(world, disk('us'), 'committed')
  const planned = await world.plan(disk('us'))
  t.strictSame(planned.changes, ['update mem_disk.d', 'delete mem_disk.d (deposed)'])
  await world.given(disk('us'))
  t.strictSame(
    world.service.all('mem_disk').map(([id]) => id),
    ['disk-2'],
  )
  t.strictSame((await world.plan(disk('us'))).changes, [])
})

for (const [what, point] of [
  ['was sent', 'committed'],
  ['was not sent', 'begin:after'],
] as const) {
  t.test(`an update that ${what} is run again, secrets included`, async (t) => {
    const world = openWorld(t)
    const hcl = (secret: string) => jane(`password = env("${secret}")`)
    await world.given(hcl('SECRET'))
    await interrupt(world, hcl('OTHER_SECRET'), point)
    const back = await world.apply(hcl('SECRET'))
    t.strictSame(back.changes, ['update mem_person.jane: password, password_id'])
    t.equal(world.service.get('person-1')?.password, 's3cret')
    t.strictSame((await world.plan(hcl('SECRET'))).changes, [])
  })

  t.test(`a delete that ${what} is finished`, async (t) => {
    const world = openWorld(t)
    await world.given(jane())
    await interrupt(world, 'provider "mem" {}', point)
    const planned = await world.plan('provider "mem" {}')
    t.strictSame(planned.changes, point === 'committed' ? [] : ['delete mem_person.jane'])
    await world.given('provider "mem" {}')
    t.equal(world.service.all('mem_person').length, 0)
    t.equal((await world.state()).rows.size, 0)
    t.equal((await world.state()).open.size, 0)
  })
}

t.test('a delete that was interrupted and is not wanted any more leaves the object', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  await interrupt(world, 'provider "mem" {}', 'begin:after')
  const applied = await world.apply(jane())
  t.strictSame(applied.changes, ['update mem_person.jane'])
  t.equal(world.service.all('mem_person').length, 1)
  t.strictSame((await world.plan(jane())).changes, [])
})

t.test('an update of an object that is gone by then is a create in the next plan', async (t) => {
  const world = openWorld(t)
  await world.given(jane())
  await interrupt(world, jane('name = "Jane"'), 'begin:after')
  world.service.remove('person-1')
  const planned = await world.plan(jane('name = "Jane"'))
  t.match(planned.plan?.recovered, [{ action: 'update', outcome: 'not-found' }])
  t.strictSame(planned.changes, ['create mem_person.jane'])
})

t.test('recovery reads and records; it never writes to the service', async (t) => {
  const world = openWorld(t)
  await interrupt(world, jane(), 'committed')
  const applied = await world.apply(jane(), { confirm: async () => false })
  t.strictSame(writing(applied.requests), [])
  t.match(await world.row('mem_person.jane'), { id: 'person-1', unfinished: 'update' })
  t.equal((await world.state()).open.size, 0)
})

const two = `${jane()}
  resource "mem_config" "jane" { person_id = mem_person.jane.id }
  resource "mem_mount" "m" { path = "aws" }`

t.test('what cannot be looked into blocks its address and its dependents, and nothing else', async (t) => {
  const world = openWorld(t)
  await interrupt(world, jane(), 'committed')
  world.service.on('FIND mem_person', 'refuse')
  const applied = await world.apply(two)
  t.match(applied.plan?.recovered, [{ address: 'mem_person.jane', outcome: 'unknown' }])
  t.strictSame(codes(applied.warnings), ['engine/unresolved'])
  t.match(say(applied.warnings), /mem_person\.jane.*could not be found out.*not today/s)
  t.strictSame(applied.results, ['create mem_mount.m: done'])
  t.equal((await world.state()).open.size, 1, 'it stays open')
  const again = await world.apply(two)
  t.strictSame(again.results, ['update mem_person.jane: done', 'create mem_config.jane: done'])
})

t.test('a delete that cannot be looked into is not sent again before it is', async (t) => {
  const world = openWorld(t)
  const mount = 'resource "mem_mount" "m" { path = "aws" }'
  await world.given(`${mount}\nresource "mem_disk" "d" { name = mem_mount.m.id }`)
  await interrupt(world, mount, 'begin:after')
  world.service.on('GET mem_disk', 'refuse')
  const applied = await world.apply('provider "mem" {}')
  t.strictSame(applied.results, [], 'nor is what it depends on deleted')
  t.strictSame((await world.apply('provider "mem" {}')).results, [
    'delete mem_disk.d: done',
    'delete mem_mount.m: done',
  ])
})

t.test('an operation at another endpoint is not looked for here', async (t) => {
  const world = openWorld(t)
  await interrupt(world, jane(), 'committed')
  const planned = await world.plan(`provider "mem" { endpoint = "mem://two" }${jane()}`)
  t.match(planned.plan?.recovered, [{ outcome: 'unknown' }])
  t.match(say(planned.warnings), /mem:\/\/one.*mem:\/\/two/)
  t.strictSame(world.at('mem://two').requests, [])
})

t.test('plan and drift see what an interrupted run has done, and record nothing of it', async (t) => {
  const world = openWorld(t)
  await interrupt(world, jane(), 'committed')
  const before = world.writes()
  await world.plan(jane())
  const seen = await world.drift(jane())
  t.strictSame(seen.drift, [])
  t.match(seen.report?.recovered, [{ outcome: 'found' }])
  t.equal(world.writes(), before)
  t.equal((await world.state()).open.size, 1)
})

t.test('a row that was recovered knows what it depends on by the next apply', async (t) => {
  const world = openWorld(t)
  const hcl = `${jane()}
    resource "mem_config" "jane" { person_id = mem_person.jane.id }`
  await interrupt(world, hcl, 'committed', 2)
  await world.given(hcl)
  t.strictSame((await world.row('mem_config.jane'))?.dependsOn, ['mem_person.jane'])
})

t.test(
  'a row that was recovered is destroyed before what it depends on, without an apply in between',
  async (t) => {
    const world = openWorld(t)
    const hcl = `${jane()}
    resource "mem_config" "jane" { person_id = mem_person.jane.id }`
    await interrupt(world, hcl, 'committed', 2)
    const applied = await world.apply('provider "mem" {}')
    t.strictSame(writing(applied.requests), ['DELETE mem_config config-2', 'DELETE mem_person person-1'])
  },
)
