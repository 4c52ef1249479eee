import type { History } from './history.js'
import type { Process, World } from './world.js'

/** A create commits at most this long after it was sent, and its answer is given up after `patience`. */
export const latest = 8_000
const patience = 5_000
/** What makes a look-up safe after a create may have been sent. */
export const settle = latest + 1_000

interface Thing {
  readonly id: string
  readonly key: string
}

export interface Service {
  /** Undefined: the answer was lost. Must be called in the same turn in which the gate was passed. */
  create(process: Process, run: string, op: string, key: string): Promise<string | undefined>
  /** `decides`: the answer says whether a create that may have been sent was carried out. */
  find(process: Process, run: string, key: string, decides: boolean): Promise<string | undefined>
  /** From now on a run answers for that operation of another run: it must be over. */
  answeredFor(op: string): void
  readonly things: readonly Thing[]
}

/** A service that takes any number of objects with one natural key: nothing but the journal keeps duplicates away. */
export function makeService(world: World, history: History): Service {
  const things: Thing[] = []
  const lookups: { readonly key: string; readonly order: number; readonly run: string }[] = []
  const over = new Set<string>()
  let order = 0

  return {
    things,
    create(process, run, op, key) {
      if (over.has(op))
        world.violated('silent after the wait', `${run} sends ${op} after somebody answered for it`)
      const sent = ++order
      const answerIsLost = world.chance(0.2)
      return new Promise((resolve) => {
        world.later(world.draw(latest + 1), undefined, () => {
          const thing = { id: `${things.length + 1}`, key }
          if (things.some((each) => each.key === key)) world.violated('no duplicate', `${key} by ${op}`)
          things.push(thing)
          const after = lookups.find((each) => each.key === key && each.order > sent)
          if (after !== undefined) {
            world.violated(
              'no commit after the look-up',
              `${op} took effect after ${after.run} had looked for ${key}`,
            )
          }
          if (!answerIsLost) world.later(world.draw(100), process, () => resolve(thing.id))
        })
        world.later(patience, process, () => resolve(undefined))
      })
    },
    find(process, run, key, decides) {
      return new Promise((resolve) => {
        world.later(world.draw(300), undefined, () => {
          const id = things.find((each) => each.key === key)?.id
          // A run that was taken over can record nothing of what it sees.
          if (decides && history.owner() === run) lookups.push({ key, order: ++order, run })
          world.later(world.draw(100), process, () => resolve(id))
        })
      })
    },
    answeredFor: (op) => {
      over.add(op)
    },
  }
}
