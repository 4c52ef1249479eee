import t from 'tap'
import { codes, openWorld, say, writing } from './world.js'

const chain = `
  resource "mem_person" "ada" { email = "ada@x.org" }
  resource "mem_config" "ada" { person_id = mem_person.ada.id }
  resource "mem_role" "ada" {
    config_id = mem_config.ada.id
    arn       = "one"
  }
  resource "mem_mount" "m" { path = "aws" }
  output "config" { value = mem_config.ada.id }
  output "mount" { value = mem_mount.m.id }`

t.test('a failure stops what depends on it and nothing else, and they say what stopped them', async (t) => {
  const world = openWorld(t)
  world.service.on('POST mem_person', 'refuse')
  const applied = await world.apply(chain)
  t.strictSame([...applied.results].sort(), [
    'create mem_config.ada: skipped because of mem_person.ada',
    'create mem_mount.m: done',
    'create mem_person.ada: failed',
    'create mem_role.ada: skipped because of mem_person.ada',
  ])
  t.strictSame(codes(applied.errors), ['engine/service'])
  t.match(applied.errors[0], { address: 'mem_person.ada', span: { start: { line: 2 } } })
  t.match(say(applied.errors), /POST mem_person ada@x\.org.*422.*not today/)
  t.match(applied.applied?.counts, { add: 1, failed: 1, skipped: 2 })
  t.strictSame([...(await world.state()).open.keys()], [], 'what was refused is no open operation')
})

t.test('after a failure the next run goes on with the rest', async (t) => {
  const world = openWorld(t)
  world.service.on('POST mem_config', 'refuse')
  await world.apply(chain)
  const applied = await world.apply(chain)
  t.strictSame(applied.results, ['create mem_config.ada: done', 'create mem_role.ada: done'])
})

t.test('outputs that could not be had keep their value, and the others are recorded', async (t) => {
  const world = openWorld(t)
  world.service.on('POST mem_config', 'refuse')
  await world.apply(chain)
  t.strictSame(Object.keys((await world.state()).outputs), ['mount'])
})

t.test('after a verb with several requests has stopped in the middle, the record says so', async (t) => {
  const world = openWorld(t)
  const hcl = `
    resource "mem_config" "c" {
      person_id = "7"
      role      = "one"
    }`
  world.service.on('PUT mem_config', 'refuse')
  const applied = await world.apply(hcl)
  t.strictSame(applied.results, ['create mem_config.c: failed'])
  t.match(await world.row('mem_config.c'), { id: 'config-1', unfinished: 'update' })
  const planned = await world.plan(hcl)
  t.strictSame(planned.changes, ['update mem_config.c: role, active_role_id'])
  await world.given(hcl)
  t.equal((await world.row('mem_config.c'))?.unfinished, undefined)
  t.equal(world.service.all('mem_config').length, 1)
})

for (const [what, fault] of [
  ['was carried out', 'lose'],
  ['was not carried out', 'drop'],
] as const) {
  t.test(`a create whose answer was lost is looked into: it ${what}`, async (t) => {
    const world = openWorld(t)
    const hcl = 'resource "mem_person" "ada" { email = "ada@x.org" }'
    world.service.on('POST mem_person', fault)
    const applied = await world.apply(hcl)
    t.strictSame(applied.results, ['create mem_person.ada: done'])
    t.equal(world.service.all('mem_person').length, 1)
    t.equal((await world.row('mem_person.ada'))?.origin, 'created')
    t.equal((await world.row('mem_person.ada'))?.unfinished, undefined)
    t.strictSame((await world.plan(hcl)).changes, [])
  })

  t.test(`an update whose answer was lost is run again: it ${what}`, async (t) => {
    const world = openWorld(t)
    const hcl = (name: string) => `
      resource "mem_person" "ada" {
        email = "ada@x.org"
        name  = "${name}"
      }`
    await world.given(hcl('Ada'))
    world.service.on('PUT mem_person', fault)
    const applied = await world.apply(hcl('Adele'))
    t.strictSame(applied.results, ['update mem_person.ada: done'])
    t.equal(world.service.get('person-1')?.name, 'Adele')
    t.strictSame((await world.plan(hcl('Adele'))).changes, [])
  })

  t.test(`a delete whose answer was lost is run again: it ${what}`, async (t) => {
    const world = openWorld(t)
    await world.given('resource "mem_person" "ada" { email = "ada@x.org" }')
    world.service.on('DELETE mem_person', fault)
    const applied = await world.apply('provider "mem" {}')
    t.strictSame(applied.results, ['delete mem_person.ada: done'])
    t.equal(world.service.all('mem_person').length, 0)
    t.equal((await world.state()).rows.size, 0)
  })
}

t.test('a create whose answer was lost is found in a type that cannot be updated, too', async (t) => {
  const world = openWorld(t)
  const hcl = `
    resource "mem_role" "r" {
      config_id = "7"
      arn       = "one"
    }`
  world.service.on('POST mem_role', 'lose')
  t.strictSame((await world.apply(hcl)).results, ['create mem_role.r: done'])
  t.equal(world.service.all('mem_role').length, 1)
  t.strictSame((await world.plan(hcl)).changes, [])
})

t.test('an answer that is lost twice is left to the next run', async (t) => {
  const world = openWorld(t)
  const hcl = 'resource "mem_person" "ada" { email = "ada@x.org" }'
  world.service.on('POST mem_person', 'drop', 2)
  const applied = await world.apply(hcl)
  t.strictSame(codes(applied.errors), ['engine/lost-answer'])
  t.strictSame((await world.plan(hcl)).changes, ['create mem_person.ada'])
})

t.test('when a lost answer cannot be looked into, the operation stays open for the next run', async (t) => {
  const world = openWorld(t)
  const hcl = 'resource "mem_person" "ada" { email = "ada@x.org" }'
  world.service.on('POST mem_person', 'lose')
  // The first look-up is that of the plan, the second that after the lost answer.
  world.service.on('FIND mem_person', () => {})
  world.service.on('FIND mem_person', 'refuse')
  const applied = await world.apply(hcl)
  t.strictSame(applied.results, ['create mem_person.ada: failed'])
  t.equal((await world.state()).open.size, 1)
  const again = await world.apply(hcl)
  t.match(again.plan?.recovered, [{ address: 'mem_person.ada', outcome: 'found', id: 'person-1' }])
  t.strictSame(again.results, ['update mem_person.ada: done'])
  t.equal(world.service.all('mem_person').length, 1)
})

t.test('the first stop signal lets finish what is in flight, and starts nothing more', async (t) => {
  const world = openWorld(t)
  const stop = new AbortController()
  world.service.on('POST mem_person', () => stop.abort())
  const applied = await world.apply(chain, { stop: stop.signal, parallelism: 1 })
  t.ok(applied.applied?.interrupted)
  t.strictSame([...applied.results].sort(), [
    'create mem_config.ada: skipped',
    'create mem_mount.m: skipped',
    'create mem_person.ada: done',
    'create mem_role.ada: skipped',
  ])
  t.strictSame(writing(applied.requests), ['POST mem_person ada@x.org'])
  const state = await world.state()
  t.strictSame([...state.rows.keys()], ['mem_person.ada'])
  t.equal(state.open.size, 0)
  t.equal(state.holder, undefined, 'the state is not left locked')
  const rest = await world.apply(chain)
  t.equal(rest.applied?.counts.add, 3)
})

t.test('when the service is down, the rest is not tried, and it is told once', async (t) => {
  const world = openWorld(t)
  world.service.on('POST', 'unreachable', 100)
  const applied = await world.apply(
    `
    resource "mem_person" "p" {
      count = 5
      email = "p\${count.index}@x.org"
    }`,
    { parallelism: 1 },
  )
  t.strictSame(codes(applied.errors), ['engine/service'])
  t.equal(writing(applied.requests).length, 1)
  t.strictSame(applied.results.slice(0, 2), [
    'create mem_person.p[0]: failed',
    'create mem_person.p[1]: skipped because of mem_person.p[0]',
  ])
})

t.test('no more operations run at a time than --parallelism allows', async (t) => {
  const world = openWorld(t)
  let running = 0
  let most = 0
  world.service.on(
    'POST',
    async () => {
      most = Math.max(most, ++running)
      await new Promise(setImmediate)
      running--
    },
    100,
  )
  await world.given(
    `
    resource "mem_person" "p" {
      count = 12
      email = "p\${count.index}@x.org"
    }`,
    { parallelism: 3 },
  )
  t.equal(most, 3)
})
