import t from 'tap'
import { LostAnswer } from '../../src/core/resource.js'
import { insist } from '../../src/state/insist.js'
import { failureOf } from './failure-of.js'
import { processIn, virtualTime } from './virtual-time.js'

t.test('a question is asked again until it is answered', async (t) => {
  const time = virtualTime()
  let asked = 0
  const answer = insist(processIn(time), async () => {
    if (++asked < 4) throw new LostAnswer('get x')
    return 'here'
  })
  t.equal(await time.run(answer), 'here')
  t.equal(time.now(), 100 + 200 + 400)
})

t.test('an answer that is an error is an answer', async (t) => {
  const time = virtualTime()
  let asked = 0
  const answer = insist(processIn(time), async () => {
    asked++
    throw new Error('403 Forbidden')
  })
  await t.rejects(time.run(answer), /403 Forbidden/)
  t.equal(asked, 1)
})

t.test('after two minutes of silence it is an error that says what to do', async (t) => {
  const time = virtualTime()
  const answer = insist(processIn(time), async () => {
    throw new LostAnswer('get s3://acme/access/lineage')
  })
  t.match(
    await failureOf(time.run(answer)),
    /^state\/no-answer\nget s3:\/\/acme\/access\/lineage: the answer was lost.*\nCheck that it can be reached from here/,
  )
  t.ok(time.now() > 110_000 && time.now() <= 120_000)
})

t.test('a process that was stopped for an hour in the middle of a question asks again', async (t) => {
  const time = virtualTime()
  let asked = 0
  const answer = insist(processIn(time), async () => {
    if (++asked > 1) return 'here'
    await time.sleep(3_600_000)
    throw new LostAnswer('get x')
  })
  t.equal(await time.run(answer), 'here')
})
