import { emptyState, type FoldedState, ImpossibleEntry } from '../../../src/core/journal.js'
import { decodeGroup } from '../../../src/core/journal-codec.js'
import { encodeSnapshot } from '../../../src/core/snapshot-codec.js'
import { fold } from '../../../src/state/load.js'
import type { MemoryPlace } from '../../../src/state/memory.js'
import type { World } from './world.js'

/** What really happened to the journal, seen from above, by one who sees every object at the moment that it appears. */
export interface History {
  /** The fold of everything that ever counted. */
  readonly truth: FoldedState
  /** Called when an object has appeared in the place. */
  appeared(name: string, bytes: Uint8Array): void
  /** The run that opened last. */
  owner(): string | undefined
  /** Whether an entry of that run counts. */
  has(run: string, event: string, op: string | undefined): boolean
  /** The state as it was after append number `seq`. */
  at(seq: number): Uint8Array
}

export function watchHistory(world: World, place: MemoryPlace): History {
  const appends: Uint8Array[] = []
  const entries = new Set<string>()
  let truth = emptyState()
  let owner: string | undefined
  const key = (run: string, event: string, op: string | undefined) => `${run} ${event} ${op ?? ''}`

  function newestSnapshot(): number {
    const numbers = [...place.objects.keys()].filter((name) => name.includes('/snapshot/')).map(numberOf)
    return Math.max(0, ...numbers)
  }

  function foldUpTo(seq: number): FoldedState {
    const state = emptyState(truth.lineage)
    for (const [i, bytes] of appends.slice(0, seq).entries()) fold(state, bytes, `append ${i + 1}`)
    return state
  }

  function appended(name: string, bytes: Uint8Array): void {
    const seq = numberOf(name)
    const group = decodeGroup(bytes, name)
    if (seq <= newestSnapshot()) return // void: nobody reads it
    const before = appends[seq - 1]
    if (before !== undefined) {
      if (Buffer.compare(before, bytes) !== 0)
        world.violated('one number, one append', `append ${seq} appeared twice`)
      return
    }
    if (truth.lineage === '') truth = emptyState(group.lineage)
    try {
      fold(truth, bytes, name)
    } catch (error) {
      const cause = (error as Error).cause
      world.violated(
        cause instanceof ImpossibleEntry ? 'one holder in an epoch' : 'readable',
        `append ${seq} of ${group.run}: ${(error as Error).message}`,
      )
      return
    }
    appends.push(bytes)
    for (const entry of group.entries) {
      entries.add(key(group.run, entry.event, entry.op))
      if (entry.holder !== undefined) owner = group.run
    }
  }

  return {
    get truth() {
      return truth
    },
    appeared(name, bytes) {
      if (name.includes('/journal/')) appended(name, bytes)
      if (!name.includes('/snapshot/')) return
      const seq = numberOf(name)
      if (seq > appends.length || Buffer.compare(bytes, encodeSnapshot(foldUpTo(seq))) !== 0) {
        world.violated(
          'snapshots are the truth',
          `snapshot ${seq} is not the fold of the appends up to ${seq}`,
        )
      }
    },
    owner: () => owner,
    has: (run, event, op) => entries.has(key(run, event, op)),
    at: (seq) => encodeSnapshot(foldUpTo(seq)),
  }
}

function numberOf(name: string): number {
  return Number(name.slice(name.lastIndexOf('/') + 1))
}
