import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type Diagnostic, Failure } from '../../src/core/diagnostic.js'
import { type FarmPlaneOptions, startPlaneFarm } from '../fixtures/plane-farm.js'
import type { Fault } from '../fixtures/plane-faults.js'
import { startApply } from '../fixtures/run-apply.js'
import { latency, type Story, settle, tell, violations } from './story.js'

t.setTimeout(300_000)
const farm = startPlaneFarm()
t.teardown(() => farm.stop())

const size = 30

interface Opening extends FarmPlaneOptions {
  readonly timeout?: number
}

async function open(t: Test, { timeout = 30, ...options }: Opening = {}): Promise<Story> {
  const plane = await farm.open({ latency, ...options })
  t.teardown(() => plane.close())
  return tell({ parent: t.testdir(), plane, size, settle, timeout })
}

/** The errors of an apply, of either kind: what it threw, or what it told when it was done. */
async function errorsOf(story: Story): Promise<readonly Diagnostic[]> {
  try {
    return (await story.apply('a')).diagnostics.filter((each) => each.severity === 'error')
  } catch (cause) {
    if (cause instanceof Failure) return cause.diagnostics
    throw cause
  }
}

function onWrites(fault: Omit<Fault, 'method'>): readonly Fault[] {
  return ['POST', 'PUT', 'PATCH', 'DELETE'].map((method) => ({ method, ...fault }))
}

/** Goes on until it is done, and counts the runs; what is done in the first one, the service may still be as bad. */
async function runsUntilDone(story: Story): Promise<number> {
  for (let run = 1; run < 10; run++) if ((await errorsOf(story)).length === 0) return run
  return Number.POSITIVE_INFINITY
}

const lost: Readonly<Record<string, Omit<Fault, 'method'>>> = {
  'the connection is cut after the commit': { kind: 'cut-after' },
  'the connection is cut before it': { kind: 'cut-before' },
  'the service answers 500 after the commit': { kind: 'server-error-after' },
  'a proxy answers 502 after the commit': { kind: 'server-error-after', status: 502 },
  'a proxy answers 504 after the commit': { kind: 'server-error-after', status: 504 },
  'a page comes instead of the answer': { kind: 'garbage-after', body: '<html><title>Hello</title></html>' },
  'half of the answer comes': { kind: 'garbage-after', body: '{"id": 1' },
  'another kind of answer comes': { kind: 'garbage-after', body: '[true]' },
}

for (const [what, fault] of Object.entries(lost)) {
  t.test(`answers are lost, because ${what}: nothing is done twice, nothing is lost`, async (t) => {
    const story = await open(t, { faults: onWrites({ ...fault, probability: 0.15 }) })
    const runs = await runsUntilDone(story)
    t.ok(runs <= 3, `done in ${runs} runs`)
    t.strictSame(await violations(story, { variant: 'a' }), [])
  })
}

t.test('answers that come too late are lost answers', async (t) => {
  const faults = onWrites({ kind: 'slow-after', ms: 2_000, probability: 0.1 })
  const story = await open(t, { timeout: 1, faults })
  const runs = await runsUntilDone(story)
  t.ok(runs <= 3, `done in ${runs} runs`)
  t.strictSame(await violations(story, { variant: 'a' }), [])
})

t.test('changes and deletes with lost answers converge too', async (t) => {
  const story = await open(t, { allowConfigDelete: true })
  await story.apply('a')
  await story.plane.faults(onWrites({ kind: 'cut-after', probability: 0.2 }))
  await story.apply('b')
  await story.plane.faults([])
  t.strictSame(await violations(story, { variant: 'b' }), [])
  await story.plane.faults(onWrites({ kind: 'server-error-after', probability: 0.2 }))
  await story.apply('b', { mode: 'destroy' })
  await story.plane.faults([])
  t.strictSame(await violations(story, { variant: 'b', destroyed: true }), [])
})

t.test(
  'a write is sent once for each time that it is announced, however many answers are lost',
  async (t) => {
    const story = await open(t, { faults: onWrites({ kind: 'cut-before' }) })
    const errors = await errorsOf(story)
    t.equal(errors.length, 1)
    t.match(errors[0], { code: 'engine/lost-answer', summary: 'It is not known whether the service did it' })
    const posts = (await story.plane.look()).requests.filter(({ method }) => method === 'POST')
    const more = Number(/The same happened to (\d+) more: trifacta_person/.exec(errors[0]?.detail ?? '')?.[1])
    t.ok(more >= 4 && more < size / 2, `${more} after the first are named, and soon there are no more`)
    t.equal(posts.length, more + 1, 'none is tried again while others go without an answer too')
    await story.plane.faults([])
    t.strictSame(await violations(story, { variant: 'a' }), [])
  },
)

const unreadable: Readonly<Record<string, string>> = {
  'an HTML page': '<!doctype html><title>Sign in</title>',
  'half of a JSON document': '{"data": [{"id": 1, "email"',
  'a number': '17',
  'a list of numbers': '{"data": [1, 2]}',
  'objects without ids': '{"data": [{"email": "a@example.com"}]}',
  'ids of a wrong type': '{"data": [{"id": {"a": 1}, "email": "a@example.com"}]}',
  'members of a wrong type': '{"data": [{"id": 1, "email": 17, "name": []}]}',
}

t.test('an answer that cannot be read is one error, and nothing happens', async (t) => {
  const story = await open(t)
  await story.apply('a')
  const before = await story.state()
  for (const [what, body] of Object.entries(unreadable)) {
    await story.plane.faults([{ method: 'GET', path: '/v4/people', kind: 'garbage', body }])
    const errors = await errorsOf(story)
    t.equal(errors.length, 1, what)
    t.match(errors[0]?.detail, /^listing people/)
    t.comment(`${errors[0]?.summary}: ${errors[0]?.detail}`)
    t.strictSame([...(await story.state()).rows], [...before.rows], 'the state is as before')
  }
  await story.plane.faults([])
  t.strictSame(await violations(story, { variant: 'b' }), [])
})

t.test('a storm of 429 is waited out', async (t) => {
  const faults: readonly Fault[] = [
    { kind: 'too-many-requests', retryAfterSeconds: 0.05, after: 5, times: 40 },
    { kind: 'too-many-requests', retryAfterSeconds: 0.05, probability: 0.2 },
  ]
  const story = await open(t, { faults })
  t.strictSame(await errorsOf(story), [])
  await story.plane.faults([])
  t.strictSame(await violations(story, { variant: 'a' }), [])
})

t.test('429 without an end is one error', async (t) => {
  const story = await open(t, { faults: [{ kind: 'too-many-requests', retryAfterSeconds: 0.02 }] })
  const errors = await errorsOf(story)
  t.equal(errors.length, 1)
  t.match(errors[0], { summary: 'The service limits the rate of requests' })
  await story.plane.faults([])
  t.strictSame(await violations(story, { variant: 'a' }), [])
})

t.test('500 for every write is one error, soon, and nothing is left behind', async (t) => {
  const story = await open(t, { faults: onWrites({ kind: 'server-error' }) })
  const errors = await errorsOf(story)
  t.equal(errors.length, 1)
  const posts = (await story.plane.look()).requests.filter(({ method }) => method === 'POST')
  t.ok(posts.length < size, `the rest is not tried after ${posts.length} requests`)
  t.match(errors[0], { detail: /creating the person .*HTTP 500.*a fault of the test/ })
  await story.plane.faults([])
  t.strictSame(await violations(story, { variant: 'a' }), [])
})

t.test('500 for every read is one error', async (t) => {
  const story = await open(t, { faults: [{ method: 'GET', kind: 'server-error' }] })
  const errors = await errorsOf(story)
  t.equal(errors.length, 1)
  t.match(errors[0], { detail: /HTTP 500.*a fault of the test/ })
  await story.plane.faults([])
  t.strictSame(await violations(story, { variant: 'a' }), [])
})

t.test('a service that goes away in the middle of an apply is one error, and soon', async (t) => {
  const database = join(t.testdir(), 'plane.db')
  const plane = await farm.open({ latency, database })
  const port = Number(new URL(plane.url).port)
  const story = tell({ parent: t.testdir(), plane, size, settle })
  const running = await startApply(story.process('a'))
  while ((await plane.look()).requests.length < 50) await new Promise((resolve) => setTimeout(resolve, 5))
  await plane.close()
  const { outcome, took } = await running.end
  const shared = outcome?.failures.filter(({ code }) => code !== 'engine/lost-answer') ?? []
  t.equal(shared.length, 1)
  t.match(shared[0], { summary: 'The service cannot be reached' })
  t.ok(took < 15_000, `after ${took} ms`)
  const again = await farm.open({ latency, database, port })
  t.teardown(() => again.close())
  t.equal(again.url, plane.url)
  t.strictSame(await violations({ ...story, plane: again }, { variant: 'a' }), [])
})

t.test('a token that is refused in the middle of an apply is one error', async (t) => {
  const story = await open(t, { faults: [{ kind: 'unauthorized', after: 40 }] })
  const errors = await errorsOf(story)
  t.equal(errors.length, 1)
  t.match(errors[0], { summary: 'The service refuses the credentials' })
  await story.plane.faults([])
  t.strictSame(await violations(story, { variant: 'a' }), [])
})

t.test('nothing that a service says reaches the terminal as control characters', async (t) => {
  const evil = `\u001b]0;owned\u0007\u001b[2J${randomBytes(4).toString('hex')}`
  const story = await open(t, { faults: [{ kind: 'garbage', body: `${evil} is no JSON` }] })
  const [error] = await errorsOf(story)
  const { diagnosticsText } = await import('../../src/views/diagnostic.js')
  const { chooseStyle } = await import('../../src/views/style.js')
  const style = chooseStyle({ flag: false, env: {}, terminal: false })
  const shown = diagnosticsText(error === undefined ? [] : [error], new Map(), { style })
  t.match(shown, /owned/)
  t.notMatch(shown, /[\u0007\u001b]/)
})
