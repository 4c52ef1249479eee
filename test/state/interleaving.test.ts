import t from 'tap'
import { brokenRules } from './simulation/broken.js'
import { simulate } from './simulation/simulate.js'

/** More of them for a longer search: `ROLECALL_TEST_SEEDS=20000 node dist/test/state/interleaving.test.js`. */
const seeds = Number(process.env.ROLECALL_TEST_SEEDS ?? 150)

t.test(
  'processes that are stopped, killed and taken over at any moment leave no duplicate, no orphan and no lost record',
  async (t) => {
    const bad: string[] = []
    for (let seed = 1; seed <= seeds; seed++) {
      for (const [rule, how] of await simulate(seed)) bad.push(`seed ${seed}: ${rule}: ${how}`)
    }
    t.same(bad, [])
  },
)

t.test('the same seed is the same story', async (t) => {
  const broken = brokenRules['rule 3: a refused append goes to the next number'] ?? {}
  t.same([...(await simulate(7, broken))], [...(await simulate(7, broken))])
})

for (const [rule, broken] of Object.entries(brokenRules)) {
  t.test(`it is noticed when a rule is broken: ${rule}`, async (t) => {
    for (let seed = 1; seed <= 1_500; seed++) {
      const [violation] = await simulate(seed, broken)
      if (violation === undefined) continue
      t.pass(`seed ${seed}: ${violation.join(': ')}`)
      return
    }
    t.fail('1,500 runs did not notice it')
  })
}
