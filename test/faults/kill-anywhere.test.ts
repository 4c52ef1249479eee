import t from 'tap'
import { startPlaneFarm } from '../fixtures/plane-farm.js'
import { diceOf } from '../fixtures/plane-faults.js'
import { runApply } from '../fixtures/run-apply.js'
import { latency, settle, tell, violations } from './story.js'
import { tally } from './tally.js'

t.setTimeout(600_000)
const farm = startPlaneFarm()
t.teardown(() => farm.stop())

const size = 100
const moments = 50
/** Every so many runs, the one that goes on is killed too. */
const twice = 10

t.test('an apply that is killed at any moment is finished by the next one', async (t) => {
  const dice = diceOf(Number(process.env.ROLECALL_FAULT_SEED ?? 1))
  const counts = tally()
  const open = async () => {
    const plane = await farm.open({ latency })
    return tell({ parent: t.testdir(), plane, size, settle })
  }
  const calm = await open()
  let { took } = await runApply(calm.process('a'))
  t.strictSame(await violations(calm, { variant: 'a' }), [], 'nothing disturbs the first')
  await calm.plane.close()

  for (let n = 0; n < moments; n++) {
    const story = await open()
    const moment = (took * (n + dice())) / moments
    const end = await runApply(story.process('a'), { killAfter: moment })
    if (!end.killed) took = Math.min(took, end.took)
    counts.add(end.killed, (await story.state()).open.size)
    if (n % twice === 0) {
      const again = await runApply(story.process('a'), { killAfter: (dice() * took) / 2 })
      counts.add(again.killed, (await story.state()).open.size)
    }
    t.strictSame(await violations(story, { variant: 'a' }), [], `killed after ${moment.toFixed(0)} ms`)
    await story.plane.close()
  }
  counts.close(t, `${2 * size} objects, at random moments`)
})
