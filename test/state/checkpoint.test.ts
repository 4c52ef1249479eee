import t from 'tap'
import { LeaseLost } from '../../src/core/state.js'
import { memoryStore } from '../../src/state/memory.js'
import { create } from '../core/journal-fixture.js'
import { contents, done, faulty, jane, joe, world } from './lease-world.js'

t.test(
  'rule 9: a snapshot is named by the number it covers; what it covers goes, except takeovers and the last one',
  async (t) => {
    const { time, place, open, read } = world()
    await open()
    const lease = await open({ force: true, outgrown: { appends: 2, bytes: 0 } })
    await lease.append([done(jane, '7')])
    await time.run(lease.checkpoint())
    t.same(contents(place), { 'append 2': 'takeover', 'append 3': 'done', 'snapshot 3': 'state' })
    await lease.append([done(joe, '8')])
    await lease.append([create('1', 'a.b')])
    await time.run(lease.checkpoint())
    await lease.close()
    t.same(contents(place), {
      'append 2': 'takeover',
      'append 5': 'begin',
      'append 6': 'closed',
      'snapshot 5': 'state',
    })
    const { state } = await read()
    t.same([...state.rows.keys()], [jane, joe])
    t.same([...state.open.keys()], ['1'])
  },
)

t.test(
  'rule 9: a takeover fences for ever: its number stays taken through every later snapshot',
  async (t) => {
    const { time, place, open } = world()
    const zombie = await open()
    let lease = await open({ force: true, outgrown: { appends: 1, bytes: 0 } })
    for (let i = 0; i < 3; i++) {
      await lease.append([done(jane, `${i}`)])
      await time.run(lease.checkpoint())
      await lease.close()
      lease = await open({ outgrown: { appends: 1, bytes: 0 } })
    }
    t.equal(contents(place)['append 2'], 'takeover')
    await t.rejects(zombie.append([done(joe, '8')]), LeaseLost)
  },
)

t.test('rule 9: a late snapshot of a run that was taken over does no harm: the newest wins', async (t) => {
  const { time, place, open, read } = world()
  let go = () => {}
  const held = new Promise<undefined>((resolve) => {
    go = () => resolve(undefined)
  })
  const slow = await open({
    store: memoryStore({
      place,
      fault: (verb, name) => (verb === 'put' && name.includes('/snapshot/') ? held : undefined),
    }),
    outgrown: { appends: 1, bytes: 0 },
  })
  await slow.append([done(jane, '7')])
  const late = slow.checkpoint()
  const next = await open({ force: true, outgrown: { appends: 1, bytes: 0 } })
  await next.append([done(joe, '8')])
  await time.run(next.checkpoint())
  go()
  await time.run(late)
  t.same(contents(place), {
    'append 3': 'takeover',
    'append 4': 'done',
    'snapshot 2': 'state',
    'snapshot 4': 'state',
  })
  t.same([...(await read()).state.rows.keys()], [jane, joe])
  await next.append([done('a.b', '1')])
  await time.run(next.checkpoint())
  const swept = { 'append 3': 'takeover', 'append 5': 'done', 'snapshot 5': 'state' }
  t.same(contents(place), swept, 'the next one sweeps it up')
})

t.test(
  'rule 9: a snapshot is written when the journal has outgrown the last one, not at each end of a run',
  async (t) => {
    const { time, place, open } = world()
    const lease = await open()
    await lease.append([done(jane, '7')])
    await time.run(lease.checkpoint())
    t.notOk('snapshot 2' in contents(place), 'a small journal is left alone')
    for (let i = 0; i < 498; i++) await lease.append([{ event: 'outputs', outputs: {} }])
    await time.run(lease.checkpoint())
    t.ok('snapshot 500' in contents(place), 'many appends are worth one')
    const many = Array.from({ length: 200 }, (_, i) => done(`a.b[${i}]`, `${i}`))
    await lease.append(many)
    await time.run(lease.checkpoint())
    t.ok('snapshot 501' in contents(place), 'much data is worth one')
    await lease.append(many.slice(0, 150))
    await time.run(lease.checkpoint())
    t.notOk('snapshot 502' in contents(place), 'less data than the last snapshot has is not')
  },
)

t.test('rule 9: what the runs before appended counts too', async (t) => {
  const { time, place, open } = world()
  for (let i = 0; i < 3; i++) {
    const lease = await open({ outgrown: { appends: 8, bytes: 1_000_000 } })
    await lease.append([done(jane, `${i}`)])
    await time.run(lease.checkpoint())
    await lease.close()
  }
  t.same(Object.keys(contents(place)), ['append 8', 'append 9', 'snapshot 8'])
})

t.test('rule 9: appends go on during a checkpoint, and none of them is lost', async (t) => {
  const { time, place, open, read } = world()
  const lease = await open({
    store: memoryStore({ place, fault: () => time.sleep(1).then(() => undefined) }),
    outgrown: { appends: 1, bytes: 0 },
  })
  const appends = Array.from({ length: 20 }, async (_, i) => {
    await time.sleep(i)
    await lease.append([done(`a.b[${i}]`, `${i}`)])
    await lease.checkpoint()
  })
  await time.run(Promise.all(appends))
  t.equal((await read()).state.rows.size, 20)
  t.same(lease.state.rows, (await read()).state.rows)
})

t.test('rule 13: a snapshot that cannot be written ends the run too, and nothing is removed', async (t) => {
  const { time, place, open } = world()
  const lease = await open({
    store: faulty(place, [new Error('ENOSPC')], 'put', '/snapshot/'),
    outgrown: { appends: 1, bytes: 0 },
  })
  await lease.append([done(jane, '7')])
  await t.rejects(time.run(lease.checkpoint()), {
    name: 'LeaseLost',
    message: /the snapshot could not be written to memory: ENOSPC/,
  })
  await t.rejects(lease.append([done(jane, '8')]), LeaseLost)
  t.same(contents(place), { 'append 1': 'opened', 'append 2': 'done' })
})

t.test('the moments at which crashes are tested are told', async (t) => {
  const { time, open } = world()
  const points: string[] = []
  const lease = await open({
    outgrown: { appends: 1, bytes: 0 },
    process: { trace: (point) => points.push(point) },
  })
  await lease.append([done(jane, '7')])
  await time.run(lease.checkpoint())
  t.same(points, [
    'append:before',
    'append:durable',
    'checkpoint:before-snapshot',
    'checkpoint:after-snapshot',
    'checkpoint:before-delete',
  ])
})
