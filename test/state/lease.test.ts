import t from 'tap'
import { decodeGroup } from '../../src/core/journal-codec.js'
import { BudgetSpent } from '../../src/core/resource.js'
import { type Lease, LeaseLost, type NewEntry, type StateStore } from '../../src/core/state.js'
import type { LeaseEnvironment } from '../../src/state/environment.js'
import { type LeaseOptions, openLease } from '../../src/state/lease.js'
import {
  type MemoryPlace,
  memoryPlace,
  memoryStore,
  type StoreFault,
  type StoreVerb,
} from '../../src/state/memory.js'
import { readState } from '../../src/state/read.js'
import { create, row } from '../core/journal-fixture.js'
import { failureOf } from './failure-of.js'
import { processIn, virtualTime } from './virtual-time.js'

const jane = 'trifacta_person.jane'
const joe = 'trifacta_person.joe'
const done = (address: string, id: string): NewEntry => ({ event: 'done', address, row: row(address, id) })

/** A place and a time in which processes open leases. */
function world() {
  const time = virtualTime()
  const place = memoryPlace()
  const open = (
    more: Partial<LeaseOptions> & { store?: StateStore; process?: Partial<LeaseEnvironment> } = {},
  ): Promise<Lease> => {
    const { store = memoryStore({ place }), process, ...options } = more
    const environment = processIn(time, process)
    return time.run(openLease(store, { operation: 'apply', lockTimeout: 0, environment, ...options }))
  }
  const read = () => time.run(readState(memoryStore({ place }), processIn(time)))
  return { time, place, open, read }
}

/** What each append holds, by number, as events; names without their lineage. */
function contents({ objects }: MemoryPlace): Record<string, string> {
  const shown: [string, string][] = []
  for (const [name, bytes] of objects) {
    const [, kind, number] = name.split('/')
    if (kind === 'snapshot') shown.push([`snapshot ${Number(number)}`, 'state'])
    if (kind !== 'journal') continue
    shown.push([
      `append ${Number(number)}`,
      decodeGroup(bytes, name)
        .entries.map((entry) => entry.event)
        .join(' '),
    ])
  }
  return Object.fromEntries(shown.sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })))
}

/** A store of which the calls to put appends misbehave, in turn. */
function faulty(
  place: MemoryPlace,
  faults: readonly StoreFault[],
  verb: StoreVerb = 'put',
  part = '/journal/',
): StateStore {
  const left = [...faults]
  return memoryStore({
    place,
    fault: (called, name) => (called === verb && name.includes(part) ? left.shift() : undefined),
  })
}

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

t.test(
  'rule 4: a run opens after the one before has closed, and takes over from one that has not',
  async (t) => {
    const { place, open } = world()
    await (await open()).close()
    await open()
    const third = await open({ process: { isAlive: () => 'dead' } })
    t.same(contents(place), {
      'append 1': 'opened',
      'append 2': 'closed',
      'append 3': 'opened',
      'append 4': 'takeover',
    })
    t.same(third.inherited, [])
  },
)

t.test('rule 4: of two that open at the same time one waits for the other', async (t) => {
  const { time, place } = world()
  const refused: string[] = []
  const opening = (operation: string) =>
    openLease(memoryStore({ place, fault: () => time.sleep(5).then(() => undefined) }), {
      operation,
      lockTimeout: 60_000,
      environment: processIn(time),
      onWait: (holder) => refused.push(`${operation} waits for ${holder.operation}`),
    })
  const one = opening('one')
  const other = opening('other')
  const first = await time.run(Promise.race([one, other]))
  await time.pass(3_000)
  await time.run(first.append([done(jane, '7')]))
  await time.run(first.close())
  const [a, b] = await time.run(Promise.all([one, other]))
  t.not(a.run, b.run)
  t.equal(refused.length, 1)
  t.same(contents(place), {
    'append 1': 'opened',
    'append 2': 'done',
    'append 3': 'closed',
    'append 4': 'opened',
  })
  t.equal((first === a ? b : a).state.rows.size, 1, 'the second one sees what the first one did')
})

t.test('rule 4: an opening under a number that was compacted away meanwhile is void', async (t) => {
  const { time, place, open } = world()
  await (await open()).close()
  // The slow one has loaded the journal (up to append 2) and is about to take number 3.
  let go = () => {}
  const held = new Promise<undefined>((resolve) => {
    go = () => resolve(undefined)
  })
  const slow = openLease(
    memoryStore({ place, fault: (verb, name) => (verb === 'put' && name.endsWith('3') ? held : undefined) }),
    {
      operation: 'slow',
      lockTimeout: 0,
      environment: processIn(time),
    },
  )
  await time.pass(10)
  const quick = await open({ outgrown: { appends: 1, bytes: 0 } })
  await quick.append([done(jane, '7')])
  await time.run(quick.checkpoint())
  t.same(contents(place), { 'snapshot 4': 'state' })
  go()
  t.match(await failureOf(time.run(slow)), /state\/locked/, 'it sees the holder that it did not know')
  t.same(contents(place), { 'append 3': 'opened', 'snapshot 4': 'state' })
  await time.run(quick.append([done(joe, '8')]))
  const other = await open({ force: true })
  t.same([...other.state.rows.keys()], [jane, joe], 'the void entry means nothing to readers')
})

t.test('rule 4: the lease is held from its opening on, before anything is recorded', async (t) => {
  const { open } = world()
  await open()
  t.match(await failureOf(open()), /state\/locked/)
})

t.test(
  'rule 5: begin is durable before its budget is handed out, and the budget counts from before the first try',
  async (t) => {
    const { time, place, open } = world()
    const slow: StoreFault[] = [undefined, 'unanswered', 'unanswered', 'unanswered']
    const inner = faulty(place, slow)
    const store: StateStore = {
      ...inner,
      putIfAbsent: async (name, bytes) => {
        if (!name.endsWith('lineage') && !name.endsWith('1')) await time.sleep(3_000)
        return inner.putIfAbsent(name, bytes)
      },
    }
    const lease = await open({ store })
    const asked = time.now()
    const budget = await time.run(lease.begin(create('1', jane)))
    t.equal(contents(place)['append 2'], 'begin')
    const took = time.now() - asked
    t.ok(took > 12_000, 'four tries of 3 s')
    t.equal(budget.remaining(), 60_000 - took, 'retries do not renew it')
    budget.check()
    await time.pass(budget.remaining())
    t.throws(budget.check, BudgetSpent)
  },
)

t.test('rule 5: the budget is what the entry says, 60 s unless it says something', async (t) => {
  const { open } = world()
  const lease = await open()
  const [one, two] = [
    await lease.begin({ event: 'begin', op: '1', address: jane, action: 'delete' }),
    await lease.begin(create('2', joe, { budget: 5 })),
  ]
  t.same([one.remaining(), two.remaining()], [60_000, 5])
  t.same(
    [...lease.state.open.values()].map((entry) => entry.budget),
    [60_000, 5],
  )
})

t.test(
  'rule 5: time in which the machine slept is over, although the monotonic clock stood still',
  async (t) => {
    const { time, open } = world()
    let slept = 0
    const lease = await open({ process: { monotonic: () => time.now(), wall: () => time.now() + slept } })
    const budget = await lease.begin(create('1', jane))
    slept = 60_000
    t.throws(budget.check, BudgetSpent)
  },
)

t.test('rule 5: a verb that needs longer begins again, and has a budget of its own', async (t) => {
  const { time, open } = world()
  const lease = await open()
  const first = await lease.begin(create('1', jane))
  await time.pass(60_000)
  const second = await lease.begin(create('1', jane))
  t.throws(first.check, BudgetSpent)
  second.check()
  t.equal(lease.state.open.size, 1)
})

t.test('rules 5 and 13: no gate opens once the lease is lost or given back', async (t) => {
  const { open } = world()
  const first = await open()
  const budget = await first.begin(create('1', jane))
  const second = await open({ force: true })
  budget.check()
  await t.rejects(first.append([done(joe, '8')]), LeaseLost)
  t.throws(budget.check, LeaseLost)
  const last = await second.begin(create('2', joe))
  const closing = second.close()
  t.throws(last.check, /has closed its lease/)
  await closing
  await t.rejects(second.append([done(joe, '8')]), /has closed its lease/)
})

t.test('rule 6: nobody goes on under an announcement of another run', async (t) => {
  const { open } = world()
  await (await open()).append([create('1', jane)])
  const second = await open({ force: true })
  await t.rejects(second.begin(create('1', jane)), /operation 1 was begun by run .*: begin one of your own/)
  await second.append([{ event: 'failed', op: '1' }])
  await second.begin(create('2', jane))
  await t.rejects(
    second.append([{ event: 'done', op: '2', address: joe, row: row(joe, '8') }]),
    /operation 2 was begun on trifacta_person.jane, not on trifacta_person.joe/,
  )
})

t.test(
  'rule 9: a snapshot is named by the number it covers; what it covers goes, except takeovers',
  async (t) => {
    const { time, place, open, read } = world()
    await open()
    const lease = await open({ force: true, outgrown: { appends: 2, bytes: 0 } })
    await lease.append([done(jane, '7')])
    await time.run(lease.checkpoint())
    t.same(contents(place), { 'append 2': 'takeover', 'snapshot 3': 'state' })
    await lease.append([done(joe, '8')])
    await lease.append([create('1', 'a.b')])
    await time.run(lease.checkpoint())
    await lease.close()
    t.same(contents(place), { 'append 2': 'takeover', 'append 6': 'closed', 'snapshot 5': 'state' })
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
  t.same(contents(place), { 'append 3': 'takeover', 'snapshot 2': 'state', 'snapshot 4': 'state' })
  t.same([...(await read()).state.rows.keys()], [jane, joe])
  await next.append([done('a.b', '1')])
  await time.run(next.checkpoint())
  t.same(contents(place), { 'append 3': 'takeover', 'snapshot 5': 'state' }, 'the next one sweeps it up')
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
  t.same(Object.keys(contents(place)), ['append 9', 'snapshot 8'])
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

t.test('rule 11: a reader that is overtaken by a checkpoint starts over', async (t) => {
  const { time, place, open } = world()
  const lease = await open({ outgrown: { appends: 1, bytes: 0 } })
  await lease.append([done(jane, '7')])
  for (const pausedAt of [1, 2, 3, 4, 5, 6]) {
    let calls = 0
    let go = () => {}
    const held = new Promise<undefined>((resolve) => {
      go = () => resolve(undefined)
    })
    const reading = readState(
      memoryStore({ place, fault: () => (++calls === pausedAt ? held : undefined) }),
      processIn(time),
    )
    await time.pass(1)
    const before = lease.state.seq
    await lease.append([done(joe, `${pausedAt}`)])
    await lease.append([done(joe, `${pausedAt}+`)])
    await time.run(lease.checkpoint())
    go()
    const { state } = await time.run(reading)
    t.ok(state.seq >= before, 'what was there when it started to read is there')
    t.ok(state.rows.has(jane))
  }
})

t.test(
  'rule 11: a void opening under the number of a removed append is not taken for that append',
  async (t) => {
    const { time, place, open } = world()
    const first = await open({ outgrown: { appends: 1, bytes: 0 } })
    let go = () => {}
    const held = new Promise<undefined>((resolve) => {
      go = () => resolve(undefined)
    })
    // Append 2, then a run that has loaded the journal and is about to take number 3, then append 3.
    await first.append([done(jane, '7')])
    const slow = openLease(
      memoryStore({
        place,
        fault: (verb, name) => (verb === 'put' && name.endsWith('3') ? held : undefined),
      }),
      {
        operation: 'slow',
        lockTimeout: 0,
        force: true,
        environment: processIn(time),
      },
    )
    slow.catch(() => {})
    await time.pass(10)
    await first.append([done(joe, '8')])
    // A reader that has listed appends 1 to 3 and is about to read the last of them.
    let read = () => {}
    const paused = new Promise<undefined>((resolve) => {
      read = () => resolve(undefined)
    })
    const reading = readState(
      memoryStore({
        place,
        fault: (verb, name) => (verb === 'get' && name.endsWith('3') ? paused : undefined),
      }),
      processIn(time),
    )
    await time.pass(10)
    await time.run(first.checkpoint())
    go()
    await time.pass(10)
    t.equal(contents(place)['append 3'], 'takeover', 'void, below the snapshot')
    read()
    const { state } = await time.run(reading)
    t.same([...state.rows.keys()], [jane, joe])
  },
)

t.test('rule 11: a number that stays missing is damage, and is named', async (t) => {
  const { place, open, read } = world()
  const lease = await open()
  for (const id of ['1', '2', '3']) await lease.append([done(jane, id)])
  const name = [...place.objects.keys()].find((each) => each.endsWith('journal/00000000000000000003')) ?? ''
  place.objects.delete(name)
  const message = await failureOf(read())
  t.match(message, /^state\/corrupt\nmemory\/[0-9a-f]{32}\/journal\/00000000000000000003: it is missing/)
  t.match(message, /Put the state back from a backup/)
})

t.test('rule 11: without a lease one sees which run is at work, and waits for nobody', async (t) => {
  const { open, read } = world()
  t.same((await read()).state.seq, 0)
  t.equal((await read()).state.lineage, '')
  const lease = await open()
  const { live } = await read()
  t.equal(live?.holder.run, lease.run)
  t.equal(live?.liveness, 'unknown')
  await lease.close()
  t.equal((await read()).live, undefined)
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

t.test(
  'rule 14: a run that lived through the deletion of its state cannot append to the next one',
  async (t) => {
    const { time, place, open, read } = world()
    const zombie = await open()
    await zombie.append([done(jane, '7')])
    place.objects.clear()
    const next = await open()
    await next.append([done(joe, '8')])
    t.not(next.state.lineage, zombie.state.lineage)
    await time.run(zombie.append([done(jane, '9')]))
    await next.append([done(joe, '9')])
    t.same([...(await read()).state.rows.keys()], [joe])
  },
)

t.test('rule 14: a migrated state refuses to be opened or read, and says where it went', async (t) => {
  const { open, read } = world()
  const lease = await open()
  await lease.close('s3://acme/access')
  t.match(await failureOf(open()), /state\/moved\nmemory ended with: moved to s3:\/\/acme\/access/)
  t.match(await failureOf(open({ force: true })), /state\/moved/)
  t.match(await failureOf(read()), /state\/moved/)
})

t.test('an append of another lineage, or under a wrong number, is not folded', async (t) => {
  const { place, open, read } = world()
  const lease = await open()
  await lease.append([done(jane, '7')])
  const names = [...place.objects.keys()].filter((name) => name.includes('/journal/'))
  const copy = (names[1] ?? '').replace(/2$/, '3')
  place.objects.set(copy, place.objects.get(names[1] ?? '') ?? new Uint8Array())
  t.match(await failureOf(read()), /state\/corrupt\n.*it is append 2, not 3/)
  const text = Buffer.from(place.objects.get(copy) ?? [])
    .toString()
    .replaceAll(lease.state.lineage, 'f'.repeat(32))
  place.objects.set(copy, Buffer.from(text))
  t.match(await failureOf(read()), /state\/foreign\n.*it belongs to lineage ffff/)
})

t.test('the fingerprint key of a saved plan becomes that of a new state, and of no other', async (t) => {
  const { open } = world()
  const lease = await open({ fingerprintKey: 'ab'.repeat(32) })
  t.equal(lease.state.fingerprintKey, 'ab'.repeat(32))
  await lease.close()
  t.equal((await open({ fingerprintKey: 'cd'.repeat(32) })).state.fingerprintKey, 'ab'.repeat(32))
})

t.test('an entry that cannot be recorded is a bug of its caller and costs nobody the lease', async (t) => {
  const { open } = world()
  const lease = await open()
  await t.rejects(lease.append([{ event: 'done' }]), /not an entry for the journal: entry.address is missing/)
  await lease.append([])
  await lease.append([done(jane, '7')])
  t.equal(lease.state.seq, 2)
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
