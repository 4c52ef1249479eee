import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { MutationName } from '../fixtures/mutations.js'
import { type SeenRequest, startPlaneFarm } from '../fixtures/plane-farm.js'
import type { Fault } from '../fixtures/plane-faults.js'
import { type ApplyProcessOptions, runApply, startApply } from '../fixtures/run-apply.js'
import { latency, type Story, settle, tell, violations } from './story.js'

t.setTimeout(300_000)
const farm = startPlaneFarm()
t.teardown(() => farm.stop())

const size = 20

async function open(t: Test, faults: readonly Fault[] = [], wait = settle): Promise<Story> {
  const plane = await farm.open({ latency, faults })
  t.teardown(() => plane.close())
  return tell({ parent: t.testdir(), plane, size, settle: wait })
}

/** So many milliseconds late the service commits configurations: longer than any machine takes to look for them. */
const late = 6_000

/**
 * Kills an apply when the service has several requests for configurations, none of which it has carried out. Returns a
 * promise of the moment at which it has.
 */
async function killBeforeCommits(
  story: Story,
  run: { readonly mutation?: MutationName },
): Promise<{ readonly committed: Promise<void> }> {
  await story.plane.faults([{ method: 'POST', path: '/v4/awsConfigs', kind: 'slow', ms: late }])
  const running = await startApply(story.process('a'), run)
  const isNew = ({ method, path }: SeenRequest) => method === 'POST' && path === '/v4/awsConfigs'
  while ((await story.plane.look()).requests.filter(isNew).length < 5) await sleep(10)
  running.signal('SIGKILL')
  await running.end
  const committed = sleep(late + 1_000)
  await story.plane.faults([])
  return { committed }
}

/** Runs the same story with the product as it is, and broken; returns what each left behind. */
async function compare(
  run: (mutation: { readonly mutation?: MutationName }) => Promise<readonly string[]>,
  mutation: MutationName,
) {
  return { sound: await run({}), broken: await run({ mutation }) }
}

t.test('without "begin", the suite finds what a killed run leaves', async (t) => {
  const stop: ApplyProcessOptions['stop'] = { point: 'sent', occurrence: 12, delay: 2 }
  const { sound, broken } = await compare(async (mutation) => {
    const story = await open(t)
    await runApply({ ...story.process('a'), stop }, mutation)
    return violations(story, { variant: 'a' })
  }, 'without-begin')
  t.strictSame(sound, [])
  t.ok(broken.length > 0, 'objects that we made are taken for someone else’s')
  t.comment(broken)
})

t.test('without "begin", the suite finds the duplicates of a service that commits late', async (t) => {
  const { sound, broken } = await compare(async (mutation) => {
    const story = await open(t, [], late + 2_000)
    const { committed } = await killBeforeCommits(story, mutation)
    await story.apply('a')
    await committed
    return violations(story, { variant: 'a' })
  }, 'without-begin')
  t.strictSame(sound, [])
  t.ok(
    broken.some((line) => /belongs to nobody/.test(line)),
    'duplicates',
  )
  t.comment(broken)
})

t.test(
  'with a recovery that does not wait, the suite finds the duplicates of a service that commits late',
  async (t) => {
    const story = await open(t)
    const { committed } = await killBeforeCommits(story, {})
    await runApply(story.process('a'), { mutation: 'without-settling' })
    await committed
    const broken = await violations(story, { variant: 'a' })
    t.ok(
      broken.some((line) => /belongs to nobody/.test(line)),
      'duplicates',
    )
    t.comment(broken)
  },
)

t.test('with a blind retry, the suite finds the duplicates of lost answers', async (t) => {
  const lost: Fault = { method: 'POST', kind: 'cut-after', probability: 0.3 }
  const { sound, broken } = await compare(async (mutation) => {
    const story = await open(t, [lost])
    await runApply(story.process('a'), mutation)
    await story.plane.faults([])
    return violations(story, { variant: 'a' })
  }, 'blind-retry')
  t.strictSame(sound, [])
  t.ok(
    broken.some((line) => /belongs to nobody/.test(line)),
    'duplicates',
  )
  t.comment(broken)
})
