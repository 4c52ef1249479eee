import t from 'tap'
import type { Progress } from '../../src/core/plan.js'
import { LostAnswer, ServiceError } from '../../src/core/resource.js'
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

const people = (count: number) => `
  resource "mem_person" "p" {
    count = ${count}
    email = "p\${count.index}@x.org"
  }`

/** What a write comes to that is answered with 500. */
const broken = (who: string) =>
  new LostAnswer(`creating ${who}`, {
    cause: new ServiceError(`creating ${who}`, { status: 500, words: `no space for ${who}, incident 4711` }),
  })

t.test(
  'a service that fails at every write is told once, with the objects, and soon left alone',
  async (t) => {
    const world = openWorld(t)
    for (let i = 0; i < 40; i++) world.service.on(`POST mem_person p${i}@`, broken(`p${i}@x.org`), 100)
    const applied = await world.apply(`${people(40)}
    resource "mem_mount" "m" {
      count      = 3
      path       = "m\${count.index}"
      depends_on = [mem_person.p]
    }`)
    t.strictSame(codes(applied.errors), ['engine/lost-answer'])
    t.match(
      say(applied.errors),
      /creating p\d+@x.org \(HTTP 500\): no space [^\n]*: so it is not known[^\n]*\nThe same happened to 9 more: mem_person\.p\[\d+\], .*\d+\]\./,
    )
    t.match(applied.applied?.counts, { failed: 10, skipped: 33 }, 'those under way are the last')
    t.equal(writing(applied.requests).length, 2 * 10)
    t.match(applied.results.at(-1), /skipped because of mem_person\.p\[\d\]/)
    const stopped = applied.applied?.results.filter(({ service }) => service === 'keeps failing') ?? []
    t.equal(stopped.filter(({ address }) => address.startsWith('mem_person.p[')).length, 30)
    t.equal(stopped.length, 30, 'what depends on one that failed is skipped for its sake')
    t.equal((await world.state()).open.size, 0)
  },
)

t.test(
  'a service that refuses all writes for one reason is told once; one that refuses objects, for each',
  async (t) => {
    const world = openWorld(t)
    const refuse = (status: number) =>
      new ServiceError('creating it', { status, words: 'the licence has run out' })
    world.service.on('POST mem_person', refuse(403), 100)
    const applied = await world.apply(people(30), { parallelism: 1 })
    t.strictSame(codes(applied.errors), ['engine/service'])
    t.match(applied.applied?.counts, { failed: 5, skipped: 25 })

    const other = openWorld(t)
    for (let i = 0; i < 30; i++)
      other.service.on(
        `POST mem_person p${i}@`,
        new ServiceError(`creating p${i}`, { status: 400, words: 'no' }),
        1,
      )
    const each = await other.apply(people(30), { parallelism: 1 })
    t.equal(each.errors.length, 30)
    t.match(each.applied?.counts, { failed: 30, skipped: 0 })
  },
)

t.test('while it waits to look up what came of a write, it says what the service answered', async (t) => {
  const world = openWorld(t)
  world.service.on('POST mem_person', broken('ada@x.org'))
  const told: Progress[] = []
  const slept: number[] = []
  const applied = await world.apply('resource "mem_person" "ada" { email = "ada@x.org" }', {
    progress(event) {
      if ('verb' in event || event.kind === 'operation-end') told.push(event)
    },
    settle: 60_000,
    sleep: async (milliseconds) => {
      t.equal(told.at(-1)?.kind, 'lookup-wait', 'before the wait, not after it')
      slept.push(milliseconds)
    },
  })
  t.strictSame(applied.results, ['create mem_person.ada: done'])
  t.strictSame(slept, [60_000])
  t.match(told, [
    { kind: 'operation-start' },
    { kind: 'lookup-wait', address: 'mem_person.ada', milliseconds: 60_000, message: /HTTP 500/ },
    { kind: 'operation-end' },
  ])
  t.notMatch(told, [{}, { message: /answer was lost/ }])
})

t.test('a service that stumbles is not given up', async (t) => {
  const world = openWorld(t)
  for (let i = 0; i < 30; i++)
    if (i % 5 !== 0) world.service.on(`POST mem_person p${i}@`, broken(`p${i}@x.org`), 2)
  const applied = await world.apply(people(30), { parallelism: 1 })
  t.match(applied.applied?.counts, { add: 6, failed: 24, skipped: 0 })
  t.equal(applied.errors.length, 1)
  t.match(say(applied.errors), /to 23 more: (mem_person\.p\[\d+\], ){9}… and 14 more\./)
})

t.test('trouble with one type does not stop the others', async (t) => {
  const world = openWorld(t)
  world.service.on('POST mem_person', broken('it'), 100)
  const applied = await world.apply(
    `${people(20)}
    resource "mem_mount" "z" {
      count = 8
      path  = "m\${count.index}"
    }`,
    { parallelism: 1 },
  )
  t.equal(world.service.all('mem_mount').length, 8)
  t.match(applied.applied?.counts, { add: 8, failed: 5, skipped: 15 })
})

t.test('two providers that are down are two causes', async (t) => {
  const world = openWorld(t)
  for (const endpoint of ['mem://a', 'mem://b']) world.at(endpoint).on('POST', 'unreachable', 100)
  const applied = await world.apply(
    `
    provider "mem" {}
    provider "mem" {
      alias    = "a"
      endpoint = "mem://a"
    }
    provider "mem" {
      alias    = "b"
      endpoint = "mem://b"
    }
    resource "mem_person" "one" { email = "one@x.org" }
    resource "mem_person" "a" {
      count    = 3
      provider = mem.a
      email    = "p\${count.index}@x.org"
    }
    resource "mem_person" "b" {
      count    = 3
      provider = mem.b
      email    = "p\${count.index}@x.org"
    }`,
    { parallelism: 1 },
  )
  t.strictSame(codes(applied.errors), ['engine/service', 'engine/service'])
  t.match(applied.applied?.counts, { add: 1, failed: 2, skipped: 4 })
})
