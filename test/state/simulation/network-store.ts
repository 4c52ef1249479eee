import { LostAnswer } from '../../../src/core/resource.js'
import type { StateStore } from '../../../src/core/state.js'
import type { MemoryPlace } from '../../../src/state/memory.js'
import type { History } from './history.js'
import type { Process, World } from './world.js'

const timeout = 3_000
const slowest = 5_000

/**
 * The place as one process reaches it: requests arrive at any time, also after the process gave up waiting, was stopped or
 * died; answers get lost.
 */
export function networkStore(
  world: World,
  place: MemoryPlace,
  history: History,
  process: Process,
): StateStore {
  const { objects } = place

  function request<T>(what: string, loss: number, commit: () => T): Promise<T> {
    const answerIsLost = world.chance(loss)
    const requestIsLost = answerIsLost && world.chance(0.3)
    return new Promise((resolve, reject) => {
      // Nothing holds this up: once sent, it arrives.
      if (!requestIsLost) {
        world.later(world.draw(world.chance(0.8) ? 200 : slowest), undefined, () => {
          const answer = commit()
          if (!answerIsLost) world.later(world.draw(100), process, () => resolve(answer))
        })
      }
      world.later(timeout, process, () => reject(new LostAnswer(what)))
    })
  }

  return {
    where: 'network',
    liveness: 'process',
    putIfAbsent: (name, bytes) =>
      request(`put ${name}`, 0.15, () => {
        if (objects.has(name)) return false
        objects.set(name, bytes)
        history.appeared(name, bytes)
        return true
      }),
    list: () => request('list', 0.03, () => [...objects.keys()]),
    get: (name) => request(`get ${name}`, 0.03, () => objects.get(name)),
    delete: (name) =>
      request(`delete ${name}`, 0.1, () => {
        objects.delete(name)
      }),
  }
}
