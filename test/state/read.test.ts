import t from 'tap'
import { openLease } from '../../src/state/lease.js'
import { memoryStore } from '../../src/state/memory.js'
import { readState } from '../../src/state/read.js'
import { failureOf } from './failure-of.js'
import { contents, done, jane, joe, world } from './lease-world.js'
import { processIn } from './virtual-time.js'

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
    await first.append([{ event: 'outputs', outputs: {} }])
    // A reader that has listed appends 1 to 4 and is about to read the third of them.
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
