import t from 'tap'
import { BudgetSpent } from '../../src/core/resource.js'
import { LeaseLost, type StateStore } from '../../src/core/state.js'
import type { StoreFault } from '../../src/state/memory.js'
import { create, row } from '../core/journal-fixture.js'
import { contents, done, faulty, jane, joe, world } from './lease-world.js'

t.test(
  'rule 5: begin is durable before its budget is handed out, and the budget counts from before the first try',
  async (t) => {
    const { time, place, open } = world()
    const slow: StoreFault[] = [undefined, 'unanswered', 'unanswered', 'unanswered']
    const inner = faulty(place, slow)
    const store: StateStore = {
      ...inner,
      putIfAbsent: async (name, bytes) => {
        if (!name.endsWith('lineage') && !name.endsWith('1')) await time.sleep(3_000)
        return inner.putIfAbsent(name, bytes)
      },
    }
    const lease = await open({ store })
    const asked = time.now()
    const budget = await time.run(lease.begin(create('1', jane)))
    t.equal(contents(place)['append 2'], 'begin')
    const took = time.now() - asked
    t.ok(took > 12_000, 'four tries of 3 s')
    t.equal(budget.remaining(), 60_000 - took, 'retries do not renew it')
    budget.check()
    await time.pass(budget.remaining())
    t.throws(budget.check, BudgetSpent)
  },
)

t.test('rule 5: the budget is what the entry says, 60 s unless it says something', async (t) => {
  const { open } = world()
  const lease = await open()
  const [one, two] = [
    await lease.begin({ event: 'begin', op: '1', address: jane, action: 'delete' }),
    await lease.begin(create('2', joe, { budget: 5 })),
  ]
  t.same([one.remaining(), two.remaining()], [60_000, 5])
  t.same(
    [...lease.state.open.values()].map((entry) => entry.budget),
    [60_000, 5],
  )
})

t.test(
  'rule 5: time in which the machine slept is over, although the monotonic clock stood still',
  async (t) => {
    const { time, open } = world()
    let slept = 0
    const lease = await open({ process: { monotonic: () => time.now(), wall: () => time.now() + slept } })
    const budget = await lease.begin(create('1', jane))
    slept = 60_000
    t.throws(budget.check, BudgetSpent)
  },
)

t.test('rule 5: a verb that needs longer begins again, and has a budget of its own', async (t) => {
  const { time, open } = world()
  const lease = await open()
  const first = await lease.begin(create('1', jane))
  await time.pass(60_000)
  const second = await lease.begin(create('1', jane))
  t.throws(first.check, BudgetSpent)
  second.check()
  t.equal(lease.state.open.size, 1)
})

t.test('rules 5 and 13: no gate opens once the lease is lost or given back', async (t) => {
  const { open } = world()
  const first = await open()
  const budget = await first.begin(create('1', jane))
  const second = await open({ force: true })
  budget.check()
  await t.rejects(first.append([done(joe, '8')]), LeaseLost)
  t.throws(budget.check, LeaseLost)
  const last = await second.begin(create('2', joe))
  const closing = second.close()
  t.throws(last.check, /has closed its lease/)
  await closing
  await t.rejects(second.append([done(joe, '8')]), /has closed its lease/)
})

t.test('rule 6: nobody goes on under an announcement of another run', async (t) => {
  const { open } = world()
  await (await open()).append([create('1', jane)])
  const second = await open({ force: true })
  await t.rejects(second.begin(create('1', jane)), /operation 1 was begun by run .*: begin one of your own/)
  await second.append([{ event: 'failed', op: '1' }])
  await second.begin(create('2', jane))
  await t.rejects(
    second.append([{ event: 'done', op: '2', address: joe, row: row(joe, '8') }]),
    /operation 2 was begun on trifacta_person.jane, not on trifacta_person.joe/,
  )
})
