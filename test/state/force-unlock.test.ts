import t from 'tap'
import { LeaseLost } from '../../src/core/state.js'
import { forceUnlock } from '../../src/state/force-unlock.js'
import { openLease } from '../../src/state/lease.js'
import { memoryPlace, memoryStore } from '../../src/state/memory.js'
import { readState } from '../../src/state/read.js'
import { create, row } from '../core/journal-fixture.js'
import { failureOf } from './failure-of.js'
import { processIn, virtualTime } from './virtual-time.js'

function world() {
  const time = virtualTime()
  const place = memoryPlace()
  const open = () =>
    time.run(
      openLease(memoryStore({ place }), { operation: 'apply', lockTimeout: 0, environment: processIn(time) }),
    )
  const unlock = (id: string) => time.run(forceUnlock(memoryStore({ place }), id, processIn(time)))
  const read = () => time.run(readState(memoryStore({ place }), processIn(time)))
  return { open, unlock, read }
}

t.test(
  'rule 4: force-unlock takes the lease over and gives it back, so that the next run opens',
  async (t) => {
    const { open, unlock, read } = world()
    const first = await open()
    await first.append([create('1', 'a.b')])
    t.equal((await unlock(first.run)).run, first.run)
    t.equal((await read()).live, undefined)
    t.same([...(await read()).state.open.keys()], ['1'], 'what was open is left for the next run to find out')
    const next = await open()
    await next.append([{ event: 'done', address: 'a.c', row: row('a.c', '1') }])
  },
)

t.test('a run that was unlocked by force appends nothing when it wakes up', async (t) => {
  const { open, unlock, read } = world()
  const zombie = await open()
  await unlock(zombie.run)
  const { seq } = (await read()).state
  await t.rejects(zombie.append([{ event: 'done', address: 'a.b', row: row('a.b', '7') }]), LeaseLost)
  await t.rejects(zombie.close(), LeaseLost)
  t.equal((await read()).state.seq, seq)
})

t.test('a wrong ID is refused, and the right one is named', async (t) => {
  const { open, unlock, read } = world()
  const { run } = await open()
  t.match(
    await failureOf(unlock('1234')),
    new RegExp(`state/wrong-lock-id\n1234 was asked for, but .*\nID: +${run}`),
  )
  t.equal((await read()).live?.holder.run, run, 'nothing was written')
})

t.test('a state that nobody holds has nothing to unlock', async (t) => {
  const { open, unlock } = world()
  const lease = await open()
  await lease.close()
  t.match(await failureOf(unlock(lease.run)), /state\/not-locked/)
})
