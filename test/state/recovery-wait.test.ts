import t from 'tap'
import type { Entry, Lease } from '../../src/core/state.js'
import type { LeaseEnvironment } from '../../src/state/environment.js'
import { forceUnlock } from '../../src/state/force-unlock.js'
import { type LeaseOptions, openLease } from '../../src/state/lease.js'
import { memoryPlace, memoryStore } from '../../src/state/memory.js'
import { create } from '../core/journal-fixture.js'
import { processIn, virtualTime } from './virtual-time.js'

function world() {
  const time = virtualTime()
  const place = memoryPlace()
  const open = (more: Partial<LeaseOptions> = {}, process: Partial<LeaseEnvironment> = {}) => {
    const environment = processIn(time, process)
    return time.run(
      openLease(memoryStore({ place }), { operation: 'apply', lockTimeout: 0, environment, ...more }),
    )
  }
  /** How long the lease waits before it may look up what is open. */
  const waitOf = async (lease: Lease, settleOf: (entry: Entry) => number = () => 0) => {
    const start = time.now()
    await time.run(lease.waitBeforeRecovery(settleOf))
    return time.now() - start
  }
  return { time, place, open, waitOf }
}

t.test(
  'rule 6: the whole budget of each open entry counts from the own opening, on the own clock',
  async (t) => {
    const { time, open, waitOf } = world()
    const first = await open()
    await first.append([create('1', 'a.a', { budget: 60_000 }), create('2', 'a.b', { budget: 90_000 })])
    await time.pass(80_000)
    const second = await open({ force: true })
    t.equal(await waitOf(second), 90_000, 'not the 10 s that are left by the other clock')
    t.equal(await waitOf(second), 0, 'once is enough')
  },
)

t.test('rule 6: time spent since the own opening counts', async (t) => {
  const { time, open, waitOf } = world()
  await (await open()).append([create('1', 'a.a')])
  const second = await open({ force: true })
  await time.pass(25_000)
  t.equal(await waitOf(second), 35_000)
})

t.test(
  'rule 6: the wait goes by the monotonic clock alone: a wall clock that jumps ahead does not shorten it',
  async (t) => {
    const { time, open, waitOf } = world()
    await (await open()).append([create('1', 'a.a')])
    const second = await open({ force: true }, { wall: () => 2 * time.now() + 1e9 })
    t.equal(await waitOf(second), 60_000)
  },
)

t.test('rule 6: there is nothing to wait for when nothing is open', async (t) => {
  const { open, waitOf } = world()
  await open()
  t.equal(await waitOf(await open({ force: true }), () => 30_000), 0)
})

t.test(
  'rule 6: a run that is proven dead sends nothing any more: only what the service may still commit is waited for',
  async (t) => {
    const { open, waitOf } = world()
    await (await open()).append([create('1', 'a.a')])
    t.equal(await waitOf(await open({}, { isAlive: () => 'dead' }), () => 30_000), 30_000)
  },
)

t.test('rule 6: the proof counts for the run of each entry, not for the last holder alone', async (t) => {
  const { open, waitOf } = world()
  const first = await open()
  await first.append([create('1', 'a.a')])
  const second = await open({ force: true })
  const third = await open({}, { isAlive: (holder) => (holder.run === second.run ? 'dead' : 'unknown') })
  t.same(
    third.inherited.map((entry) => entry.run),
    [first.run],
  )
  t.equal(await waitOf(third), 60_000)
})

t.test('rule 6: force-unlock in between does not end the run that it unlocked', async (t) => {
  const { time, place, open, waitOf } = world()
  const first = await open()
  await first.append([create('1', 'a.a')])
  await time.run(forceUnlock(memoryStore({ place }), first.run, processIn(time)))
  t.equal(await waitOf(await open()), 60_000)
})

t.test(
  'rule 6: a run that closed with an entry open, because a look-up failed, sends nothing any more',
  async (t) => {
    const { open, waitOf } = world()
    const first = await open()
    await first.append([create('1', 'a.a')])
    await first.close()
    const second = await open()
    t.same(
      second.inherited.map((entry) => entry.op),
      ['1'],
      'its entry is there to be looked up',
    )
    t.equal(await waitOf(second, () => 30_000), 30_000)
  },
)

t.test('rule 7: after the budget each service has its time to settle', async (t) => {
  const { open, waitOf } = world()
  await (await open()).append([
    create('1', 'a.a', { budget: 10_000, provider: 'slow' }),
    create('2', 'a.b', { budget: 20_000, provider: 'embedded' }),
  ])
  const second = await open({ force: true })
  t.equal(await waitOf(second, (entry) => (entry.provider === 'slow' ? 30_000 : 0)), 40_000)
})

t.test('the wait is announced once, and can be stopped', async (t) => {
  const { time, open } = world()
  await (await open()).append([create('1', 'a.a')])
  const second = await open({ force: true })
  const stop = new AbortController()
  const told: number[] = []
  const waiting = second.waitBeforeRecovery(() => 0, { signal: stop.signal, onWait: (ms) => told.push(ms) })
  waiting.catch(() => {})
  await time.pass(10_000)
  stop.abort(new Error('SIGINT'))
  await t.rejects(waiting, /SIGINT/)
  t.same(told, [60_000])
})

t.test('what the lease itself begins is not inherited', async (t) => {
  const { open, waitOf } = world()
  const lease = await open()
  await lease.begin(create('1', 'a.a'))
  t.same(lease.inherited, [])
  t.equal(await waitOf(lease, () => 30_000), 0)
})
