import t, { type Test } from 'tap'
import type { FoldedState } from '../../src/core/journal.js'
import { encodeSnapshot } from '../../src/core/snapshot-codec.js'
import type { Lease, State } from '../../src/core/state.js'
import { openLease } from '../../src/state/lease.js'
import { memoryPlace, memoryStore } from '../../src/state/memory.js'
import { readState } from '../../src/state/read.js'
import { failureOf } from './failure-of.js'
import { contents, done, jane, joe, world } from './lease-world.js'
import { processIn, virtualTime } from './virtual-time.js'

/*
 * Rule 9: the last append that a snapshot covers stays until the next snapshot, as its witness. A single object that is lost,
 * wherever a run was killed before, is noticed or does no harm; the state never looks as if less had happened.
 */

type Objects = ReadonlyMap<string, Uint8Array>

/** A moment at which a run may be killed: what the store has then. */
interface Moment {
  readonly told: string
  readonly objects: Objects
}

/** Every choice of some of the names: deletes are on their way at the same time, and any of them may have arrived. */
function* subsets(names: readonly string[]): Generator<readonly string[]> {
  for (let bits = 0; bits < 2 ** names.length; bits++) yield names.filter((_, i) => bits & (1 << i))
}

/** Carries out a story of runs, and tells every moment at which it may end. */
async function moments(
  story: (acts: {
    open: (force?: boolean) => Promise<Lease>
    checkpoint: (lease: Lease) => Promise<void>
  }) => Promise<void>,
): Promise<readonly Moment[]> {
  const { time, place, open } = world()
  const found: Moment[] = []
  const note = (told: string, objects: Objects) => found.push({ told, objects: new Map(objects) })
  const plain = memoryStore({ place })
  const store = {
    ...plain,
    async putIfAbsent(name: string, bytes: Uint8Array) {
      const put = await plain.putIfAbsent(name, bytes)
      note(`after ${name.slice(-29)} was put`, place.objects)
      return put
    },
  }
  let before: Objects = new Map()
  const process = {
    trace: (point: string) => {
      if (point === 'checkpoint:before-delete') before = new Map(place.objects)
    },
  }
  await story({
    open: (force = false) => open({ store, process, force, outgrown: { appends: 1, bytes: 0 } }),
    async checkpoint(lease) {
      await time.run(lease.checkpoint())
      const removed = [...before.keys()].filter((name) => !place.objects.has(name))
      for (const some of subsets(removed)) {
        const left = new Map(before)
        for (const name of some) left.delete(name)
        note(`a checkpoint at ${lease.state.seq} had removed ${some.length} of ${removed.length}`, left)
      }
    },
  })
  return found
}

function storeOf(objects: Objects) {
  const place = memoryPlace()
  for (const [name, bytes] of objects) place.objects.set(name, bytes)
  return { place, store: memoryStore({ place }) }
}

const environment = { ...processIn(virtualTime()), sleep: async () => {} }

/** The state that can be read, or what is said instead. */
async function read(objects: Objects): Promise<State | string> {
  const { store } = storeOf(objects)
  let state: State | undefined
  const said = await failureOf(
    readState(store, environment).then((found) => {
      state = found.state
    }),
  )
  return state ?? said
}

const same = (a: State, b: State) =>
  Buffer.compare(encodeSnapshot(a as FoldedState), encodeSnapshot(b as FoldedState)) === 0

/** The append that nothing comes after, and no snapshot covers: without it the state is as it was before it. */
function lastAppend(objects: Objects): string | undefined {
  const names = [...objects.keys()].filter((name) => /\/(journal|snapshot)\//.test(name))
  return names.sort((a, b) => Number(a.slice(-20)) - Number(b.slice(-20)) || (a < b ? -1 : 1)).at(-1)
}

async function loseEach({ told, objects }: Moment, t: Test): Promise<void> {
  const whole = await read(objects)
  if (typeof whole === 'string') {
    t.fail(`${told}: ${whole}`)
    return
  }
  for (const lost of whole.seq === 0 ? [] : objects.keys()) {
    const left = new Map(objects)
    left.delete(lost)
    const seen = await read(left)
    const what = `${told}, ${lost.slice(-29)} lost`
    if (typeof seen === 'string') {
      t.match(seen, /^state\/(corrupt|foreign)\n/, what)
      const { place, store } = storeOf(left)
      const opening = openLease(store, { operation: 'apply', lockTimeout: 0, force: true, environment })
      t.match(await failureOf(opening), /^state\/(corrupt|foreign)\n/, `${what}: nor is it written to`)
      t.strictSame([...place.objects.keys()], [...left.keys()], what)
    } else if (lost === lastAppend(objects) && lost.includes('/journal/'))
      t.equal(seen.seq, whole.seq - 1, what)
    else t.ok(same(seen, whole), `${what}: nothing is forgotten`)
  }
}

t.test('rule 9: a lost object is noticed or does no harm, wherever a run was killed', async (t) => {
  const all = await moments(async ({ open, checkpoint }) => {
    const first = await open()
    await checkpoint(first)
    await first.append([done(jane, '1')])
    await checkpoint(first)
    await first.close()
    const second = await open()
    await second.append([done(joe, '2')])
    await second.append([done(jane, '3')])
    await checkpoint(second)
    const third = await open(true)
    await checkpoint(third)
    await third.append([done(joe, '4')])
    await checkpoint(third)
    await third.append([done(jane, '5')])
    await third.close()
  })
  t.ok(all.length > 50, `${all.length} moments`)
  for (const moment of all) await loseEach(moment, t)
})

t.test(
  'rule 9: a snapshot that is lost right after its checkpoint does not leave an empty state',
  async (t) => {
    const { time, place, open, read } = world()
    const lease = await open({ outgrown: { appends: 1, bytes: 0 } })
    await lease.append([done(jane, '7')])
    await time.run(lease.checkpoint())
    t.same(contents(place), { 'append 2': 'done', 'snapshot 2': 'state' })
    for (const name of [...place.objects.keys()]) if (name.includes('/snapshot/')) place.objects.delete(name)
    t.match(await failureOf(read()), /^state\/corrupt\nmemory\/.*it is missing, although later parts/)
  },
)
