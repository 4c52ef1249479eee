import t from 'tap'
import { budget, mark } from '../../src/core/budget.js'
import { BudgetSpent } from '../../src/core/resource.js'

function clocks() {
  const at = { monotonic: 1_000, wall: 1_700_000_000_000 }
  return { at, clock: { monotonic: () => at.monotonic, wall: () => at.wall } }
}

t.test('a request may be sent until the announced time is over, and not after', async (t) => {
  const { at, clock } = clocks()
  const time = budget(clock, 60_000, mark(clock))
  at.monotonic += 59_999
  at.wall += 59_999
  t.doesNotThrow(time.check)
  t.equal(time.remaining(), 1)
  at.monotonic += 1
  t.throws(time.check, BudgetSpent)
  t.equal(time.remaining(), 0)
})

t.test(
  'time counts by the larger of both clocks, because the monotonic one may stop while the machine sleeps',
  async (t) => {
    const { at, clock } = clocks()
    const time = budget(clock, 60_000, mark(clock))
    at.wall += 60_000
    t.throws(time.check, BudgetSpent)
  },
)

t.test('a wall clock that is set back gives no time back', async (t) => {
  const { at, clock } = clocks()
  const time = budget(clock, 60_000, mark(clock))
  at.monotonic += 60_000
  at.wall -= 3_600_000
  t.throws(time.check, BudgetSpent)
})

t.test('what else forbids to send comes first', async (t) => {
  const { clock } = clocks()
  const time = budget(clock, 60_000, mark(clock), () => {
    throw new Error('the lease is lost')
  })
  t.throws(time.check, /the lease is lost/)
})
