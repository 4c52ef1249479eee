import t from 'tap'
import type { Liveness } from '../../src/core/state.js'
import { type LeaseOptions, openLease } from '../../src/state/lease.js'
import { memoryPlace, memoryStore } from '../../src/state/memory.js'
import { row } from '../core/journal-fixture.js'
import { failureOf } from './failure-of.js'
import { processIn, virtualTime } from './virtual-time.js'

function world(liveness: 'process' | 'heartbeat') {
  const time = virtualTime()
  const place = memoryPlace()
  const start = (more: Partial<LeaseOptions> = {}, isAlive: () => Liveness = () => 'unknown') =>
    openLease(memoryStore({ place, liveness, where: '.rolecall/state' }), {
      operation: 'apply',
      lockTimeout: 0,
      environment: processIn(time, { isAlive }),
      ...more,
    })
  const open = (...args: Parameters<typeof start>) => time.run(start(...args))
  return { time, place, start, open }
}

t.test('rule 12: a holder that is proven dead is taken over without asking anybody', async (t) => {
  const { open } = world('process')
  await open()
  await open({}, () => 'dead')
  t.pass('no --force, no waiting')
})

t.test('rule 12: what cannot be proven is refused, naming the holder and force-unlock', async (t) => {
  const { open } = world('process')
  const { run } = await open()
  t.equal(
    await failureOf(open({}, () => 'unknown')),
    `state/locked
ID:        ${run}
Operation: apply
Who:       jane on laptop (process ${run.slice(0, 8) && 1000 + Number.parseInt(run.slice(0, 8), 16)})
Version:   0.1.0
Created:   2025-01-01T00:00:00.000Z
Where:     .rolecall/state
It cannot be told from here whether that run is still alive. If it is, wait for it (--lock-timeout=5m waits here). Once you are sure that it is dead: rolecall force-unlock ${run}`,
  )
})

t.test('rule 12: a holder that is alive, suspended or not, is refused with the advice to wait', async (t) => {
  const { open } = world('process')
  await open()
  t.match(
    await failureOf(open({}, () => 'alive')),
    /That run is still alive\. Wait for it, or try again with --lock-timeout=5m/,
  )
})

t.test('--lock-timeout waits that long, says for whom, and then refuses', async (t) => {
  const { time, open } = world('process')
  const { run } = await open()
  const told: string[] = []
  const start = time.now()
  t.match(
    await failureOf(open({ lockTimeout: 30_000, onWait: (holder) => told.push(holder.run) }, () => 'alive')),
    /state\/locked/,
  )
  t.equal(time.now() - start, 30_000)
  t.same(told, [run], 'once')
})

t.test('--lock-timeout: the wait is over when the holder closes, or dies', async (t) => {
  for (const how of ['closes', 'dies']) {
    const { time, start, open } = world('process')
    const first = await open()
    let alive: Liveness = 'alive'
    const second = start({ lockTimeout: 300_000 }, () => alive)
    await time.pass(10_000)
    await first.append([{ event: 'done', address: 'a.b', row: row('a.b', '7') }])
    if (how === 'closes') await first.close()
    else alive = 'dead'
    t.equal((await time.run(second)).state.rows.size, 1)
    t.ok(time.now() <= 11_000)
  }
})

t.test('the wait for a lease can be stopped', async (t) => {
  const { time, start, open } = world('process')
  await open()
  const stop = new AbortController()
  const waiting = start({ lockTimeout: 300_000, signal: stop.signal }, () => 'alive')
  waiting.catch(() => {})
  await time.pass(5_000)
  stop.abort(new Error('SIGINT'))
  await t.rejects(time.run(waiting), /SIGINT/)
})

t.test('rule 12: a holder beats every 10 s until it closes or loses its lease', async (t) => {
  const { time, place, open } = world('heartbeat')
  const lease = await open()
  await time.pass(35_000)
  t.equal(place.beats, 4)
  await time.run(lease.close())
  await time.pass(60_000)
  t.equal(place.beats, 4)
  const loser = await open()
  await open({ force: true })
  await t.rejects(loser.append([{ event: 'outputs', outputs: {} }]))
  const before = place.beats
  await time.pass(20_000)
  t.equal(place.beats - before, 2, 'only the new holder beats')
})

t.test('rule 12: a holder whose beat changes is alive and is refused at once', async (t) => {
  const { time, open } = world('heartbeat')
  await open()
  const start = time.now()
  t.match(await failureOf(open()), /state\/locked\n.*That run is still alive/s)
  t.ok(time.now() - start <= 11_000, 'as soon as a second beat was seen')
})

t.test(
  'rule 12: a holder whose beat stands still for 60 s on the own clock is taken over, even without --lock-timeout',
  async (t) => {
    const { time, place, open } = world('heartbeat')
    const first = await open()
    await first.append([{ event: 'done', address: 'a.b', row: row('a.b', '7') }])
    const start = time.now()
    const second = await time.run(
      openLease(
        { ...memoryStore({ place, liveness: 'heartbeat' }), lastBeat: async () => 'the same' },
        { operation: 'apply', lockTimeout: 0, environment: processIn(time) },
      ),
    )
    t.equal(second.state.rows.size, 1)
    t.ok(time.now() - start >= 60_000 && time.now() - start <= 62_000)
    await t.rejects(
      first.append([{ event: 'outputs', outputs: {} }]),
      { name: 'LeaseLost' },
      'the beat is a hint: the journal fences',
    )
  },
)

t.test('rule 12: where beats count, a process that is proven dead needs no minute', async (t) => {
  const { time, open } = world('heartbeat')
  await open()
  const start = time.now()
  await open({}, () => 'dead')
  t.equal(time.now() - start, 0)
})
