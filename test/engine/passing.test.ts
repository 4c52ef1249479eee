import t from 'tap'
import type { Progress } from '../../src/core/plan.js'
import { ServiceError } from '../../src/core/resource.js'
import { passingWaits } from '../../src/engine/passing.js'

const denied = new ServiceError('creating it', { status: 400, words: 'denied', passing: 120_000 })

function prepared(stop = new AbortController()) {
  const slept: number[] = []
  const told: Progress[] = []
  const context = {
    stop: stop.signal,
    async sleep(milliseconds: number) {
      slept.push(milliseconds)
    },
    progress: (event: Progress) => void told.push(event),
  }
  return { slept, told, context, waits: passingWaits(context, 'a.b', 'create') }
}

t.test('what may pass is tried again, later each time, and not for longer than it is worth', async (t) => {
  const { waits, slept, told } = prepared()
  let tries = 0
  while (await waits.pass(denied)) tries++
  t.strictSame(slept.slice(0, 5), [2_000, 4_000, 8_000, 15_000, 15_000])
  t.equal(
    slept.reduce((sum, one) => sum + one, 0),
    120_000,
  )
  t.equal(tries, slept.length)
  t.match(told[0], { kind: 'operation-wait', address: 'a.b', milliseconds: 2_000, message: /denied/ })
})

t.test('any other refusal is final', async (t) => {
  const { waits, slept } = prepared()
  t.notOk(await waits.pass(new ServiceError('creating it', { status: 409 })))
  t.notOk(await waits.pass(new Error('a bug')))
  t.strictSame(slept, [])
})

t.test('an interrupt ends the waiting', async (t) => {
  const stop = new AbortController()
  const { context, slept } = prepared(stop)
  const waits = passingWaits(
    {
      ...context,
      async sleep(_, signal) {
        stop.abort()
        signal?.throwIfAborted()
      },
    },
    'a.b',
    'create',
  )
  t.notOk(await waits.pass(denied))
  t.notOk(await waits.pass(denied))
  t.strictSame(slept, [])
})
