import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { MutationName } from '../fixtures/mutations.js'
import { startPlaneFarm } from '../fixtures/plane-farm.js'
import type { Fault } from '../fixtures/plane-faults.js'
import { type ApplyProcessOptions, runApply } from '../fixtures/run-apply.js'
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

/** Commits of configurations come later; and the moment at which several of them are under way. */
const lateConfigs = { method: 'POST', path: '/v4/awsConfigs', kind: 'slow' } as const
const atConfigs: ApplyProcessOptions['stop'] = { point: 'sent', occurrence: size + size / 2, delay: 50 }

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
    const story = await open(t, [{ ...lateConfigs, ms: 1_000 }], 2_000)
    await runApply({ ...story.process('a'), stop: atConfigs }, mutation)
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
    const late: Fault = { ...lateConfigs, ms: 4_000 }
    const story = await open(t, [late])
    await runApply({ ...story.process('a'), stop: atConfigs })
    const committed = sleep(late.ms)
    await story.plane.faults([])
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
