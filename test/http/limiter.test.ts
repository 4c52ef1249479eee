import t from 'tap'
import { createLimiter } from '../../src/http/limiter.js'

t.test('no more than the limit run at a time, in the order in which they came', async (t) => {
  const limiter = createLimiter(2)
  const entered: number[] = []
  const enter = (n: number) => limiter.enter(undefined).then(() => entered.push(n))
  const all = [enter(1), enter(2), enter(3)]
  await Promise.all(all.slice(0, 2))
  t.strictSame(entered, [1, 2])
  limiter.leave('well')
  await all[2]
  t.strictSame(entered, [1, 2, 3])
})

t.test('a refusal halves the limit; rounds that go well raise it one by one', async (t) => {
  const limiter = createLimiter(8)
  for (let i = 0; i < 5; i++) await limiter.enter(undefined)
  limiter.leave('refused')
  t.equal(limiter.allowed, 4)
  limiter.leave('refused')
  limiter.leave('refused')
  limiter.leave('refused')
  t.equal(limiter.allowed, 1)
  limiter.leave('well')
  t.equal(limiter.allowed, 2)
  await limiter.enter(undefined)
  await limiter.enter(undefined)
  limiter.leave('well')
  t.equal(limiter.allowed, 2)
  limiter.leave('well')
  t.equal(limiter.allowed, 3)
})

t.test('who gives up leaves the queue', async (t) => {
  const limiter = createLimiter(1)
  await limiter.enter(undefined)
  const stop = new AbortController()
  const waiting = limiter.enter(stop.signal)
  const next = limiter.enter(undefined)
  stop.abort(new Error('stopped'))
  await t.rejects(waiting, /stopped/)
  limiter.leave('well')
  await next
})
