import t from 'tap'
import { LostAnswer } from '../../src/core/resource.js'
import { memoryPlace, memoryStore, type StoreFault } from '../../src/state/memory.js'
import { storeContract } from './store-contract.js'

storeContract('memory', async () => {
  const place = memoryPlace()
  return { open: () => memoryStore({ place }) }
})

storeContract('memory with heartbeat', async () => {
  const place = memoryPlace()
  return { open: () => memoryStore({ place, liveness: 'heartbeat' }) }
})

t.test('faults: an answer is lost before or after the fact, or the fact comes late', async (t) => {
  const place = memoryPlace()
  const put = async (name: string, fault: StoreFault) =>
    memoryStore({ place, fault: () => fault }).putIfAbsent(name, Buffer.from(name))
  await t.rejects(put('a', 'unsent'), LostAnswer)
  t.notOk(place.objects.has('a'))
  await t.rejects(put('b', 'unanswered'), LostAnswer)
  t.ok(place.objects.has('b'))
  let arrive = () => {}
  const late = new Promise<void>((resolve) => {
    arrive = resolve
  })
  await t.rejects(put('c', { late }), LostAnswer)
  t.notOk(place.objects.has('c'))
  arrive()
  await late
  t.ok(place.objects.has('c'))
  await t.rejects(put('d', new Error('refused')), /refused/)
})
