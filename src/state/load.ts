import { Failure } from '../core/diagnostic.js'
import { emptyState, type FoldedState, foldEntries, ImpossibleEntry } from '../core/journal.js'
import { decodeGroup, type Group } from '../core/journal-codec.js'
import { corrupt, foreign } from '../core/journal-object.js'
import { decodeSnapshot } from '../core/snapshot-codec.js'
import type { StateStore } from '../core/state.js'
import type { ReaderEnvironment } from './environment.js'
import { insist } from './insist.js'
import { readLineage } from './lineage.js'
import { journalName, numbersIn, snapshotName } from './names.js'

/** The state as a store has it, and what the journal has grown to since the last snapshot. */
export interface Journal {
  readonly state: FoldedState
  /** The newest snapshot; number 0 and no bytes if there is none. */
  readonly snapshot: { readonly seq: number; readonly bytes: number }
  /** The appends after it, in order. */
  readonly groups: readonly Group[]
  readonly groupBytes: number
}

type Reader = Pick<ReaderEnvironment, 'monotonic' | 'sleep'>

/** So often the same number must be missing, with growing pauses (2 s together), before it counts as lost. */
const tries = 10
const atOnce = 32

/**
 * Loads the newest state. A journal that is being compacted meanwhile is read again from the start. Throws a `Failure` for
 * one that is damaged: unreadable, or with a number that stays missing.
 */
export async function loadJournal(store: StateStore, environment: Reader): Promise<Journal> {
  const lineage = await readLineage(store, environment)
  if (lineage === undefined)
    return { state: emptyState(), snapshot: { seq: 0, bytes: 0 }, groups: [], groupBytes: 0 }
  let missing = ''
  for (let same = 1; ; ) {
    const found = await readOnce(store, environment, lineage)
    if (typeof found !== 'string') return found
    same = found === missing ? same + 1 : 1
    missing = found
    if (same === tries)
      throw corrupt(`${store.where}/${missing}`, 'it is missing, although later parts of the state are there')
    await environment.sleep(2 ** same)
  }
}

/** The state, or the name that was missing: it was removed while this was reading, or is lost. */
async function readOnce(store: StateStore, environment: Reader, lineage: string): Promise<Journal | string> {
  // The journal is listed before the snapshot is chosen. The other way round, a snapshot that is written in between and
  // the removal of what it covers would look like a shorter journal.
  const { journal } = numbersIn(await insist(environment, () => store.list()), lineage)
  const newest = numbersIn(await insist(environment, () => store.list()), lineage).snapshots.at(-1) ?? 0
  const later = journal.filter((seq) => seq > newest)
  for (const [i, seq] of later.entries()) {
    if (seq !== newest + 1 + i) return journalName(lineage, newest + 1 + i)
  }
  let state = emptyState(lineage)
  let snapshotBytes = 0
  if (newest > 0) {
    const name = snapshotName(lineage, newest)
    const bytes = await insist(environment, () => store.get(name))
    if (bytes === undefined) return name
    state = decodeSnapshot(bytes, `${store.where}/${name}`)
    if (state.lineage !== lineage)
      throw foreign(`${store.where}/${name}`, `it belongs to lineage ${state.lineage}`)
    if (state.seq !== newest)
      throw corrupt(`${store.where}/${name}`, `it covers append ${state.seq}, not ${newest}`)
    snapshotBytes = bytes.length
  }
  const groups: Group[] = []
  let groupBytes = 0
  for (let i = 0; i < later.length; i += atOnce) {
    const names = later.slice(i, i + atOnce).map((seq) => journalName(lineage, seq))
    const all = await Promise.all(names.map((name) => insist(environment, () => store.get(name))))
    for (const [k, bytes] of all.entries()) {
      const name = names[k] as string
      if (bytes === undefined) return name
      groupBytes += bytes.length
      groups.push(fold(state, bytes, `${store.where}/${name}`))
    }
  }
  return { state, snapshot: { seq: newest, bytes: snapshotBytes }, groups, groupBytes }
}

/** Folds the next append into the state. `place` is where its bytes are, for messages. */
export function fold(state: FoldedState, bytes: Uint8Array, place: string): Group {
  const group = decodeGroup(bytes, place)
  if (group.lineage !== state.lineage) throw foreign(place, `it belongs to lineage ${group.lineage}`)
  try {
    if (group.seq !== state.seq + 1)
      throw new ImpossibleEntry(`it is append ${group.seq}, not ${state.seq + 1}`)
    foldEntries(state, group.seq, group.entries)
    return group
  } catch (error) {
    if (error instanceof ImpossibleEntry) throw corrupt(place, error.message, { cause: error })
    throw error instanceof Failure ? error : new Error(`cannot fold ${place}`, { cause: error })
  }
}
