import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { startPlaneFarm } from '../fixtures/plane-farm.js'
import { diceOf } from '../fixtures/plane-faults.js'
import { runApply, startApply } from '../fixtures/run-apply.js'
import { type Company, companyViolations, openCompany } from './company.js'
import { tally } from './tally.js'

t.setTimeout(600_000)
const farm = startPlaneFarm()
t.teardown(() => farm.stop())

const latency = 10
const settle = 80
/** 50 take a minute and a half of two processors. */
const moments = Number(process.env.ROLECALL_FAULT_MOMENTS ?? 10)

let folders = 0
const open = (t: Test) =>
  openCompany(farm, { folder: join(t.testdirName, `company-${++folders}`), latency, settle })

/** Kills an apply so many milliseconds after the plane has had so many requests. Returns whether it had not ended before. */
async function kill(company: Company, { requests, after }: Moment): Promise<boolean> {
  const running = await startApply(company.process())
  await Promise.race([company.plane.reached(requests).then(() => sleep(after)), running.end])
  running.signal('SIGKILL')
  const { killed } = await running.end
  // What it has sent is carried out before anybody looks for it.
  await company.plane.idle()
  return killed
}

interface Moment {
  readonly requests: number
  readonly after: number
}

t.test('an apply of the company that is killed at any moment is finished by the next one', async (t) => {
  t.testdir()
  const dice = diceOf(Number(process.env.ROLECALL_FAULT_SEED ?? 1))
  const counts = tally()
  const calm = await open(t)
  await runApply(calm.process())
  const all = (await calm.plane.look()).requests.length
  t.strictSame(await companyViolations(calm), [], 'nothing disturbs the first')
  await calm.plane.close()

  // By the requests that have come and not by the clock: machines differ in how long they plan before they apply.
  for (let n = 0; n < moments; n++) {
    const company = await open(t)
    const requests = Math.floor((all * (n + dice())) / moments)
    const after = dice() * 2 * latency
    const killed = await kill(company, { requests, after })
    counts.add(killed, (await company.state()).open.size)
    const moment = `killed ${after.toFixed(1)} ms after ${requests} of ${all} requests`
    t.strictSame(await companyViolations(company), [], moment)
    await company.plane.close()
  }
  counts.close(t, '28 objects over four systems, at random moments')
})

t.test('without "begin", the suite finds what a killed run leaves', async (t) => {
  t.testdir()
  const company = await open(t)
  const stop = { point: 'committed', occurrence: 12 } as const
  t.ok((await runApply({ ...company.process(), stop }, { mutation: 'without-begin' })).killed)
  await company.plane.idle()
  const found = await companyViolations(company)
  t.ok(found.length > 0, 'objects that we made are taken for someone else’s')
  t.comment(found)
})
