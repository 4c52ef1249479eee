import t, { type Test } from 'tap'
import { startPlaneFarm } from '../fixtures/plane-farm.js'
import { type ApplyProcessOptions, runApply } from '../fixtures/run-apply.js'
import { latency, settle, tell, violations } from './story.js'
import { tally } from './tally.js'

t.setTimeout(600_000)
const farm = startPlaneFarm()
t.teardown(() => farm.stop())

const size = 100

type Stop = NonNullable<ApplyProcessOptions['stop']>

/** Each named point at several of its occurrences; `sent` also a little later, when the request is on its way, or done. */
const stops: readonly Stop[] = [
  ...at('begin:before', [1, 150]),
  ...at('append:before', [40]),
  ...at('append:durable', [4]),
  ...at('begin:after', [1, 60, 150]),
  ...at('sent', [30]),
  ...at('sent', [1, 130, 200], 2),
  ...at('sent', [180], (latency * 3) / 4),
  ...at('committed', [1, 199]),
  ...at('done:before', [100, 200]),
  ...at('checkpoint:before-snapshot', [1]),
  ...at('checkpoint:after-snapshot', [1]),
  ...at('checkpoint:before-delete', [1]),
  ...at('checkpoint:before-delete', [1], 2),
]

function at(point: Stop['point'], occurrences: readonly number[], delay?: number): readonly Stop[] {
  return occurrences.map((occurrence) => ({ point, occurrence, ...(delay !== undefined && { delay }) }))
}

async function killAndGoOn(
  t: Test,
  stop: Stop,
): Promise<{ readonly killed: boolean; readonly open: number }> {
  const plane = await farm.open({ latency })
  const story = tell({ parent: t.testdir(), plane, size, settle })
  const { killed } = await runApply({ ...story.process('a'), stop })
  const open = (await story.state()).open.size
  t.strictSame(await violations(story, { variant: 'a' }), [], `${JSON.stringify(stop)}: ${open} open`)
  await plane.close()
  return { killed, open }
}

t.test('an apply that is killed at any point of its protocol is finished by the next one', async (t) => {
  const counts = tally()
  for (const stop of stops) {
    const { killed, open } = await killAndGoOn(t, stop)
    t.ok(killed, `${stop.point} was reached`)
    counts.add(killed, open)
  }
  counts.close(t, `${2 * size} objects, at named points`)
})
