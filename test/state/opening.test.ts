import t from 'tap'
import { openLease } from '../../src/state/lease.js'
import { memoryStore } from '../../src/state/memory.js'
import { failureOf } from './failure-of.js'
import { contents, done, jane, joe, world } from './lease-world.js'
import { processIn } from './virtual-time.js'

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
  t.same(contents(place), { 'append 4': 'done', 'snapshot 4': 'state' })
  go()
  t.match(await failureOf(time.run(slow)), /state\/locked/, 'it sees the holder that it did not know')
  t.same(contents(place), { 'append 3': 'opened', 'append 4': 'done', 'snapshot 4': 'state' })
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

t.test('the fingerprint key of a saved plan becomes that of a new state, and of no other', async (t) => {
  const { open } = world()
  const lease = await open({ fingerprintKey: 'ab'.repeat(32) })
  t.equal(lease.state.fingerprintKey, 'ab'.repeat(32))
  await lease.close()
  t.equal((await open({ fingerprintKey: 'cd'.repeat(32) })).state.fingerprintKey, 'ab'.repeat(32))
})
