import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { PlanOptions } from '../../src/app.js'
import { Failure } from '../../src/core/diagnostic.js'
import type { Holder } from '../../src/core/state.js'
import { startPlaneFarm } from '../fixtures/plane-farm.js'
import { type RunningApply, type RunOptions, startApply } from '../fixtures/run-apply.js'
import { latency, type Story, settle, tell, violations } from './story.js'

t.setTimeout(300_000)
const farm = startPlaneFarm()
t.teardown(() => farm.stop())

const size = 20

interface Held {
  readonly story: Story
  /** A run that was stopped in the middle, with operations under way. */
  readonly running: RunningApply
  readonly holder: Holder
}

/** A run that holds the state, and is stopped. */
async function held(t: Test, run: RunOptions = {}): Promise<Held> {
  const plane = await farm.open({ latency })
  t.teardown(() => plane.close())
  const story = tell({ parent: t.testdir(), plane, size, settle })
  const stop = { point: 'begin:after', occurrence: 15, signal: 'SIGSTOP' } as const
  const running = await startApply({ ...story.process('a'), stop }, run)
  t.teardown(() => running.signal('SIGKILL'))
  await running.halted
  const live = await story.in(async (workspace) => (await workspace.readState()).live)
  if (live === undefined) throw new Error('nobody holds the state')
  return { story, running, holder: live }
}

async function failureOf(apply: Promise<unknown>): Promise<Failure> {
  try {
    await apply
  } catch (cause) {
    if (cause instanceof Failure) return cause
    throw cause
  }
  throw new Error('it was not refused')
}

/** It announces one second for each operation instead of a minute. */
const hurried: RunOptions = { mutation: 'short-budget' }

function writesOf(story: Story): Promise<number> {
  return story.plane.look().then(({ requests }) => requests.filter((one) => one.method !== 'GET').length)
}

function journal(story: Story): readonly string[] {
  const state = join(story.folder, '.rolecall/state')
  return readdirSync(state, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('tmp'))
    .sort()
}

t.test('a second run is refused, and told who holds the state', async (t) => {
  const { story, running, holder } = await held(t)
  const writes = await writesOf(story)
  const failure = await failureOf(story.apply('b'))
  t.match(failure.diagnostics, [
    { code: 'state/locked', summary: 'Another run holds the state', help: new RegExp(holder.run) },
  ])
  t.match(failure.diagnostics[0]?.detail, new RegExp(`apply[^]*${holder.pid}|${holder.pid}[^]*apply`))
  t.equal(await writesOf(story), writes, 'it has sent nothing')
  const planned = await story.in((workspace) => workspace.plan({ variables: [{ flag: 'variant=a' }] }))
  t.equal(planned.live?.run, holder.run, 'a plan is made, and says so')
  running.signal('SIGCONT')
  await running.end
  t.strictSame(await violations(story, { variant: 'a' }), [])
})

t.test('a second run waits as long as it may', async (t) => {
  const { story, running } = await held(t)
  const wait = (lockTimeout: number): PlanOptions => ({ lockTimeout })
  const started = performance.now()
  t.match((await failureOf(story.apply('a', wait(400)))).diagnostics, [{ code: 'state/locked' }])
  t.ok(performance.now() - started >= 400)
  const second = story.apply('a', wait(60_000))
  await sleep(200)
  running.signal('SIGCONT')
  const [first, applied] = await Promise.all([running.end, second])
  const sent = (first.outcome?.counts?.add ?? 0) + applied.counts.add
  t.equal(sent, 2 * size, 'what the first one did, the second did not do again')
  t.strictSame(await violations(story, { variant: 'a' }), [])
})

t.test('a stopped run that was unlocked sends and records nothing when it goes on', async (t) => {
  const { story, running, holder } = await held(t, hurried)
  const released = await story.in((workspace) => workspace.forceUnlock(holder.run))
  t.equal(released.pid, running.pid)
  t.strictSame(await violations(story, { variant: 'a' }), [], 'the next run does it all')
  const [writes, entries] = [await writesOf(story), journal(story)]
  running.signal('SIGCONT')
  const { outcome } = await running.end
  t.match(outcome, { counts: undefined, failures: [{ code: 'state/lease-lost' }] })
  t.equal(outcome?.failures.length, 1)
  t.equal(await writesOf(story), writes, 'nothing was sent')
  t.strictSame(journal(story), entries, 'nothing was recorded')
  t.strictSame(await violations(story, { variant: 'a' }), [])
})

t.test(
  'one that goes on at once may still send what it had announced, and the next run waits for that',
  async (t) => {
    const { story, running, holder } = await held(t, hurried)
    await story.in((workspace) => workspace.forceUnlock(holder.run))
    const entries = journal(story)
    const announced = (await story.state()).open.size
    t.ok(announced > 0)
    const writes = await writesOf(story)
    running.signal('SIGCONT')
    const { outcome } = await running.end
    t.match(outcome, { failures: [{ code: 'state/lease-lost' }] })
    t.ok((await writesOf(story)) - writes <= 2 * announced, 'no more than the requests of what was announced')
    t.strictSame(journal(story), entries, 'nothing was recorded')
    t.strictSame(await violations(story, { variant: 'a' }), [])
  },
)

t.test(
  'a run that sleeps longer than it has announced sends nothing more of that, and goes on',
  async (t) => {
    const { story, running } = await held(t, hurried)
    await sleep(1_500)
    running.signal('SIGCONT')
    const { outcome } = await running.end
    t.ok((outcome?.counts?.add ?? 0) > 0)
    t.strictSame(await violations(story, { variant: 'a' }), [])
  },
)

t.test('two runs at the same moment: one works, the other is refused', async (t) => {
  const plane = await farm.open({ latency })
  t.teardown(() => plane.close())
  const story = tell({ parent: t.testdir(), plane, size, settle })
  const both = await Promise.all([startApply(story.process('a')), startApply(story.process('a'))])
  const ends = await Promise.all(both.map((one) => one.end))
  const codes = ends.map((end) => end.outcome?.failures[0]?.code ?? 'done').sort()
  t.strictSame(codes, ['done', 'state/locked'])
  t.strictSame(await violations(story, { variant: 'a' }), [])
})
