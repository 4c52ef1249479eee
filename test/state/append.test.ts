import t from 'tap'
import { LeaseLost, type StateStore } from '../../src/core/state.js'
import { memoryStore } from '../../src/state/memory.js'
import { create, row } from '../core/journal-fixture.js'
import { contents, done, faulty, jane, joe, world } from './lease-world.js'

t.test(
  'rule 1: state is a fold over numbered appends, each of them one object that never changes',
  async (t) => {
    const { place, open, read } = world()
    const lease = await open()
    await lease.append([create('1', jane)])
    await lease.append([{ event: 'done', op: '1', address: jane, row: row(jane, '7') }])
    await lease.close()
    t.same(contents(place), {
      'append 1': 'opened',
      'append 2': 'begin',
      'append 3': 'done',
      'append 4': 'closed',
    })
    const { state, live } = await read()
    t.equal(state.rows.get(jane)?.id, '7')
    t.equal(state.seq, 4)
    t.equal(live, undefined)
    t.match(state.fingerprintKey, /^[0-9a-f]{64}$/, 'the first run gives the state its key')
  },
)

t.test('rule 1: the lease sees its own appends in its state, as a reader would', async (t) => {
  const { open, read } = world()
  const lease = await open()
  await lease.append([done(jane, '7'), { event: 'outputs', outputs: { a: { value: 1 } } }])
  const { state } = await read()
  t.same(lease.state, state)
})

t.test('rule 2: one append is in flight; what becomes ready meanwhile goes into the next one', async (t) => {
  const { time, place, open } = world()
  let inFlight = 0
  let most = 0
  const store = memoryStore({
    place,
    fault: async (verb) => {
      if (verb !== 'put') return undefined
      most = Math.max(most, ++inFlight)
      await time.sleep(10)
      inFlight--
      return undefined
    },
  })
  const lease = await open({ store })
  const all = [lease.append([done('a.a', '1')])]
  await time.pass(5)
  all.push(lease.append([done('a.b', '2')]), lease.append([done('a.c', '3'), done('a.d', '4')]))
  await time.pass(1)
  all.push(lease.append([done('a.e', '5')]))
  await time.run(Promise.all(all))
  t.equal(most, 1)
  t.same(contents(place), { 'append 1': 'opened', 'append 2': 'done', 'append 3': 'done done done done' })
})

t.test('rule 2: what is handed in at the same moment goes into one append', async (t) => {
  const { time, place, open } = world()
  const lease = await open()
  await time.run(Promise.all([lease.append([done('a.a', '1')]), lease.append([done('a.b', '2')])]))
  t.same(contents(place), { 'append 1': 'opened', 'append 2': 'done done' })
})

t.test(
  'rule 3: a lost answer is followed by the same bytes at the same number, and its own append is recognised',
  async (t) => {
    for (const faults of [['unsent'], ['unanswered'], ['unanswered', 'unsent', 'unanswered']] as const) {
      const { time, place, open } = world()
      const seen: string[] = []
      const inner = faulty(place, [undefined, ...faults])
      const store: StateStore = {
        ...inner,
        putIfAbsent: (name, bytes) => {
          if (name.endsWith('2')) seen.push(Buffer.from(bytes).toString())
          return inner.putIfAbsent(name, bytes)
        },
      }
      const lease = await open({ store })
      await time.run(lease.append([done(jane, '7')]))
      t.equal(new Set(seen).size, 1, 'the same bytes')
      t.equal(seen.length, faults.length + 1)
      t.same(contents(place), { 'append 1': 'opened', 'append 2': 'done' })
      await time.run(lease.append([done(joe, '8')]))
      t.equal(lease.state.seq, 3)
    }
  },
)

t.test(
  'rule 3: a number that somebody else took is the end of the lease, and is never followed by the next number',
  async (t) => {
    const { place, open } = world()
    const first = await open()
    await first.append([done(jane, '7')])
    const second = await open({ force: true })
    await t.rejects(first.append([done(joe, '8')]), LeaseLost)
    await t.rejects(first.append([done(joe, '8')]), {
      message: new RegExp(`the lease on memory is lost: run ${second.run} .* took it over`),
    })
    t.same(contents(place), { 'append 1': 'opened', 'append 2': 'done', 'append 3': 'takeover' })
  },
)

t.test('rule 3: a lost answer and then a refusal does not make a number ours that is not', async (t) => {
  const { time, place, open } = world()
  const first = await open({ store: faulty(place, [undefined, 'unsent']) })
  const append = first.append([done(jane, '7')])
  append.catch(() => {})
  await open({ force: true })
  await t.rejects(time.run(append), LeaseLost)
  t.same(contents(place), { 'append 1': 'opened', 'append 2': 'takeover' })
})

t.test('rule 3: a number that was refused and is free again is the end of the lease too', async (t) => {
  const { time, place, open } = world()
  const inner = memoryStore({ place })
  const lease = await open({
    store: {
      ...inner,
      putIfAbsent: async (name, bytes) => (name.endsWith('2') ? false : inner.putIfAbsent(name, bytes)),
    },
  })
  await t.rejects(time.run(lease.append([done(jane, '7')])), /was taken, and is gone again/)
})

t.test('rule 3: a store that stays silent is given up after two minutes', async (t) => {
  const { time, place, open } = world()
  const lease = await open({
    store: memoryStore({
      place,
      fault: (verb, name) => (verb === 'put' && name.endsWith('2') ? 'unsent' : undefined),
    }),
  })
  const start = time.now()
  await t.rejects(time.run(lease.append([done(jane, '7')])), LeaseLost)
  t.ok(time.now() - start <= 120_000)
  t.ok(time.now() - start > 110_000)
})

t.test('rule 13: after a failed append nothing more is appended, and what waits is refused', async (t) => {
  const { time, place, open } = world()
  const lease = await open({ store: faulty(place, [undefined, new Error('EIO: i/o error, fsync')]) })
  const all = ['1', '2', '3'].map((id) => lease.append([done(jane, id)]))
  await Promise.resolve()
  all.push(lease.append([done(joe, '4')]))
  for (const each of await time.run(Promise.allSettled(all))) {
    t.equal(each.status, 'rejected')
    t.match(each.status === 'rejected' && each.reason, {
      name: 'LeaseLost',
      message: /memory could not be written .* EIO: i\/o error, fsync/,
    })
  }
  await t.rejects(lease.append([done(joe, '5')]), LeaseLost)
  await t.rejects(lease.checkpoint(), LeaseLost)
  await t.rejects(lease.close(), LeaseLost)
  t.same(contents(place), { 'append 1': 'opened' })
})

t.test('an entry that cannot be recorded is a bug of its caller and costs nobody the lease', async (t) => {
  const { open } = world()
  const lease = await open()
  await t.rejects(lease.append([{ event: 'done' }]), /not an entry for the journal: entry.address is missing/)
  await lease.append([])
  await lease.append([done(jane, '7')])
  t.equal(lease.state.seq, 2)
})
