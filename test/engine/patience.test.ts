import t, { type Test } from 'tap'
import { LostAnswer, ServiceError } from '../../src/core/resource.js'
import { type Applying, openWorld, say, type World, writing } from './world.js'

/*
 * A write whose answer was lost is looked up only when the service has had time to settle. A run spends that time once on a
 * service that answers nothing, and leaves to the next run what it loses after that.
 */

const people = (many: number) => `
  resource "mem_person" "p" {
    count = ${many}
    email = "p\${count.index}@x.org"
  }`

/** Applies with waits of a minute, and tells how many of these passed one after the other. */
async function patiently(
  world: World,
  hcl: string,
  parallelism: number,
): Promise<{ applied: Applying; minutes: number; waits: number }> {
  let waits = 0
  let minutes = 0
  let waiting: Promise<void> | undefined
  const applied = await world.apply(hcl, {
    parallelism,
    settle: 60_000,
    sleep(milliseconds) {
      t.equal(milliseconds, 60_000)
      waits++
      // Who begins to wait while others do waits along with them.
      waiting ??= new Promise((resolve) => {
        setImmediate(() => {
          minutes++
          waiting = undefined
          resolve()
        })
      })
      return waiting
    },
  })
  return { applied, minutes, waits }
}

/** The next run, at a service that is well again, finds out about everything and makes each object once. */
async function isFinished(t: Test, world: World, many: number): Promise<void> {
  const applied = await world.apply(people(many))
  t.strictSame(applied.errors, [])
  const emails = world.service.all('mem_person').map(([, { email }]) => email)
  t.equal(emails.length, many)
  t.equal(new Set(emails).size, many)
  const state = await world.state()
  t.equal(state.open.size, 0)
  t.equal(state.rows.size, many)
  t.strictSame((await world.plan(people(many))).changes, [])
}

for (const parallelism of [1, 10])
  t.test(`a service that answers no write is waited for once, ${parallelism} at a time`, async (t) => {
    const world = openWorld(t)
    let ill = true
    const noAnswer = () => {
      if (ill)
        throw new LostAnswer('creating it', { cause: new ServiceError('creating it', { status: 500 }) })
    }
    world.service.on('POST mem_person', noAnswer, 1000)
    const { applied, minutes, waits } = await patiently(world, people(30), parallelism)
    t.equal(minutes, 1)
    t.equal(waits, parallelism, 'what was lost at the same time waits along and is looked up')
    t.ok(writing(applied.requests).length <= parallelism + 5)
    t.match(applied.applied?.counts, { add: 0 })
    t.match(say(applied.errors), /It is not known whether the service did it.*HTTP 500.*Run apply again/s)
    t.match(applied.applied?.results.at(-1), { outcome: 'skipped', service: 'keeps failing' })
    ill = false
    await isFinished(t, world, 30)
  })

t.test(
  'what is lost after the wait is not looked up in that run, and found by the next if it was done',
  async (t) => {
    const world = openWorld(t)
    world.service.on('POST mem_person p0@', 'drop', 2)
    world.service.on('POST mem_person p1@', 'lose')
    world.service.on('POST mem_person p2@', 'drop')
    const { applied, waits } = await patiently(world, people(4), 1)
    t.equal(waits, 1)
    t.strictSame(applied.results, [
      'create mem_person.p[0]: failed',
      'create mem_person.p[1]: failed',
      'create mem_person.p[2]: failed',
      'create mem_person.p[3]: done',
    ])
    t.strictSame(
      [...(await world.state()).open.values()].map(({ address }) => address),
      ['mem_person.p[0]', 'mem_person.p[1]', 'mem_person.p[2]'],
    )
    await isFinished(t, world, 4)
  },
)

t.test('so it is with updates and deletes', async (t) => {
  const world = openWorld(t)
  await world.given(people(6))
  const renamed = people(4).replace('email', 'name = "Jo"\n    email')
  world.service.on('PUT mem_person person-1', 'drop', 2)
  world.service.on('PUT mem_person person-2', 'lose')
  world.service.on('PUT mem_person person-3', 'drop')
  world.service.on('PUT mem_person person-4', 'lose')
  world.service.on('DELETE mem_person person-5', 'lose')
  world.service.on('DELETE mem_person person-6', 'drop')
  const { waits } = await patiently(world, renamed, 1)
  t.equal(waits, 1)
  const again = await world.apply(renamed)
  t.strictSame(again.errors, [])
  t.strictSame(
    world.service.all('mem_person').map(([id, { name }]) => `${id} ${name}`),
    [1, 2, 3, 4].map((n) => `person-${n} Jo`),
  )
  t.equal((await world.state()).open.size, 0)
  t.strictSame((await world.plan(renamed)).changes, [])
})

t.test('a write that is answered in between makes the service worth waiting for again', async (t) => {
  const world = openWorld(t)
  for (const i of [0, 2, 4]) world.service.on(`POST mem_person p${i}@`, 'drop')
  const { applied, minutes } = await patiently(world, people(6), 1)
  t.equal(minutes, 3)
  t.match(applied.applied?.counts, { add: 6, failed: 0 })
  t.equal((await world.state()).open.size, 0)
})
