import t, { type Test } from 'tap'
import { startPlaneFarm } from '../fixtures/plane-farm.js'
import { type ApplyProcessOptions, runApply } from '../fixtures/run-apply.js'
import { latency, type Story, settle, tell, type Variant, violations } from './story.js'
import { tally } from './tally.js'

t.setTimeout(600_000)
const farm = startPlaneFarm()
t.teardown(() => farm.stop())

const size = 40

type Stop = NonNullable<ApplyProcessOptions['stop']>

async function open(t: Test, people = size, generation: 'A' | 'C' = 'C'): Promise<Story> {
  const plane = await farm.open({ latency, generation, allowConfigDelete: true })
  t.teardown(() => plane.close())
  return tell({ parent: t.testdir(), plane, size: people, settle, generation })
}

async function openFull(t: Test): Promise<Story> {
  const story = await open(t)
  await story.apply('a')
  return story
}

/** Moments of a destroy. */
const destroys: readonly Stop[] = [
  { point: 'begin:after', occurrence: 20 },
  { point: 'sent', occurrence: 60, delay: (latency * 3) / 4 },
  { point: 'sent', occurrence: 25, delay: 2 },
  { point: 'done:before', occurrence: 70 },
]

const other = (variant: Variant): Variant => (variant === 'a' ? 'b' : 'a')

t.test(
  'changes that are killed (roles, keys to roles and back, names) are finished by the next apply',
  async (t) => {
    const stops: readonly Stop[] = [
      { point: 'begin:after', occurrence: 20 },
      { point: 'sent', occurrence: 10, delay: 2 },
      { point: 'sent', occurrence: 80, delay: 2 },
      { point: 'sent', occurrence: 60, delay: (latency * 3) / 4 },
      { point: 'committed', occurrence: 65 },
      { point: 'done:before', occurrence: 40 },
      { point: 'checkpoint:before-snapshot', occurrence: 1 },
      { point: 'checkpoint:before-delete', occurrence: 1 },
    ]
    const story = await openFull(t)
    const counts = tally()
    let variant: Variant = 'a'
    for (const stop of stops) {
      variant = other(variant)
      const { killed } = await runApply({ ...story.process(variant), stop })
      t.ok(killed, `${stop.point} was reached`)
      counts.add(killed, (await story.state()).open.size)
      t.strictSame(await violations(story, { variant }), [], JSON.stringify(stop))
    }
    counts.close(t, `changes of ${2 * size} objects`)
  },
)

t.test(
  'changes that are killed are undone by the next apply, if the configuration says so by then',
  async (t) => {
    const stops: readonly Stop[] = [
      { point: 'sent', occurrence: 40, delay: 2 },
      { point: 'sent', occurrence: 70, delay: (latency * 3) / 4 },
      { point: 'done:before', occurrence: 60 },
    ]
    const story = await openFull(t)
    const counts = tally()
    for (const stop of stops) {
      const { killed } = await runApply({ ...story.process('b'), stop })
      t.ok(killed, `${stop.point} was reached`)
      counts.add(killed, (await story.state()).open.size)
      t.strictSame(await violations(story, { variant: 'a' }), [], JSON.stringify(stop))
    }
    counts.close(t, `changes of ${2 * size} objects that were taken back`)
  },
)

t.test('a secret whose change was killed is not mistaken for the one before', async (t) => {
  const story = await open(t, 10)
  await story.apply('a')
  for (const stop of [
    { point: 'sent', occurrence: 2, delay: 2 },
    { point: 'committed', occurrence: 3 },
  ] as const) {
    const another = { ...story.process('a'), env: { TRIFACTA_TOKEN: 't0ken', SECRET: 'another' } }
    await runApply({ ...another, stop })
    t.ok((await story.state()).open.size > 0)
    t.strictSame(await violations(story, { variant: 'a' }), [])
  }
})

t.test(
  'what a killed apply had made is changed by the next one, if the configuration has changed',
  async (t) => {
    const stops: readonly Stop[] = [
      { point: 'sent', occurrence: 20, delay: 2 },
      { point: 'sent', occurrence: 70, delay: (latency * 3) / 4 },
      { point: 'committed', occurrence: 60 },
    ]
    const counts = tally()
    for (const stop of stops) {
      const story = await open(t)
      const { killed } = await runApply({ ...story.process('a'), stop })
      t.ok(killed, `${stop.point} was reached`)
      counts.add(killed, (await story.state()).open.size)
      t.strictSame(await violations(story, { variant: 'b' }), [], JSON.stringify(stop))
    }
    counts.close(t, `${2 * size} objects that changed meanwhile`)
  },
)

t.test('a destroy that is killed is finished by the next one', async (t) => {
  const counts = tally()
  for (const stop of destroys) {
    const story = await openFull(t)
    const { killed } = await runApply({ ...story.process('a', { mode: 'destroy' }), stop })
    t.ok(killed, `${stop.point} was reached`)
    counts.add(killed, (await story.state()).open.size)
    t.strictSame(await violations(story, { variant: 'a', destroyed: true }), [], JSON.stringify(stop))
  }
  counts.close(t, `destroys of ${2 * size} objects`)
})

t.test('after a destroy that was killed, everything can be made again', async (t) => {
  const story = await openFull(t)
  const counts = tally()
  for (const stop of destroys) {
    const { killed } = await runApply({ ...story.process('a', { mode: 'destroy' }), stop })
    t.ok(killed, `${stop.point} was reached`)
    counts.add(killed, (await story.state()).open.size)
    t.strictSame(await violations(story, { variant: 'a' }), [], JSON.stringify(stop))
  }
  counts.close(t, `destroys of ${2 * size} objects that were taken back`)
})

t.test('in release A, which gives a configuration to its person in a second request', async (t) => {
  const people = 6
  const stops: readonly Stop[] = [
    { point: 'sent', occurrence: 10, delay: 2 },
    { point: 'sent', occurrence: 9, delay: (latency * 3) / 4 },
    { point: 'sent', occurrence: 10, delay: (latency * 3) / 4 },
    { point: 'committed', occurrence: 9 },
  ]
  const counts = tally()
  for (const stop of stops) {
    const story = await open(t, people, 'A')
    const { killed } = await runApply({ ...story.process('a'), stop })
    t.ok(killed, `${stop.point} was reached`)
    counts.add(killed, (await story.state()).open.size)
    t.strictSame(await violations(story, { variant: 'a' }), [], JSON.stringify(stop))
  }
  const story = await open(t, people, 'A')
  await story.apply('a')
  for (const occurrence of [4, 9]) {
    const variant = occurrence === 4 ? 'b' : 'a'
    const stop: Stop = { point: 'sent', occurrence, delay: 2 }
    const { killed } = await runApply({ ...story.process(variant), stop })
    counts.add(killed, (await story.state()).open.size)
    t.strictSame(await violations(story, { variant }), [], 'a change')
  }
  counts.close(t, `${2 * people} objects in release A`)
})
