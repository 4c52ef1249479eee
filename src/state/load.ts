import { Failure } from '../core/diagnostic.js'
import { emptyState, type FoldedState, foldEntries, ImpossibleEntry } from '../core/journal.js'
import { decodeGroup, type Group } from '../core/journal-codec.js'
import { corrupt, foreign } from '../core/journal-object.js'
import { decodeSnapshot } from '../core/snapshot-codec.js'
import type { StateStore } from '../core/state.js'
import type { ReaderEnvironment } from './environment.js'
import { insist } from './insist.js'
import { readLineage, refuseStranger, requireNothing } from './lineage.js'
import { journalName, type Numbers, numbersIn, snapshotName } from './names.js'

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

/** An object as it was read. */
interface Found {
  readonly name: string
  readonly bytes: Uint8Array
}

interface Collected {
  readonly newest: number
  readonly snapshot: Found | undefined
  readonly appends: readonly Found[]
}

/** So often the same object must be missing, with growing pauses (1 s together), before it counts as lost. */
const tries = 10
const atOnce = 32

/**
 * Loads the newest state. A journal that is being compacted meanwhile is read again from the start. Throws a `Failure` for
 * one that is damaged: unreadable, with a number that stays missing, or beside a `lineage` that is gone or not its own.
 */
export async function loadJournal(store: StateStore, environment: Reader): Promise<Journal> {
  const names = () => insist(environment, () => store.list())
  let lineage = await readLineage(store, environment)
  if (lineage === undefined) {
    const there = await names()
    // A first run may have begun between the two looks; it makes the lineage before anything else.
    lineage = await readLineage(store, environment)
    if (lineage === undefined) {
      requireNothing(store, there)
      return build(store, '', { newest: 0, snapshot: undefined, appends: [] })
    }
  }
  const own = lineage
  const list = async () => {
    const there = await names()
    refuseStranger(store, own, there)
    return numbersIn(there, own)
  }
  let listed = await list()
  let missing: string | undefined
  let same = 0
  for (;;) {
    const found = await collect(store, environment, own, listed)
    // What was read counts only if the snapshot that it goes on from is still the newest, now that the journal has been
    // listed and read. Otherwise appends may have been removed meanwhile: the journal would seem to end where it does not,
    // or a void opening be read that has taken the number of a removed append.
    listed = await list()
    if (typeof found !== 'string') {
      if (found.newest === newestOf(listed)) return build(store, own, found)
      continue
    }
    same = found === missing ? same + 1 : 1
    missing = found
    if (same === tries) {
      throw corrupt(`${store.where}/${found}`, 'it is missing, although later parts of the state are there')
    }
    await environment.sleep(2 ** same)
  }
}

const newestOf = ({ snapshots }: Numbers) => snapshots.at(-1) ?? 0

/** The newest snapshot that is listed and the appends after it, or the name of what is missing: removed meanwhile, or lost. */
async function collect(
  store: StateStore,
  environment: Reader,
  lineage: string,
  listed: Numbers,
): Promise<Collected | string> {
  const newest = newestOf(listed)
  const later = listed.journal.filter((seq) => seq > newest)
  for (const [i, seq] of later.entries()) {
    if (seq !== newest + 1 + i) return journalName(lineage, newest + 1 + i)
  }
  const get = async (name: string): Promise<Found | string> => {
    const bytes = await insist(environment, () => store.get(name))
    return bytes === undefined ? name : { name, bytes }
  }
  const snapshot = newest === 0 ? undefined : await get(snapshotName(lineage, newest))
  if (typeof snapshot === 'string') return snapshot
  const appends: Found[] = []
  for (let i = 0; i < later.length; i += atOnce) {
    const names = later.slice(i, i + atOnce).map((seq) => journalName(lineage, seq))
    for (const each of await Promise.all(names.map(get))) {
      if (typeof each === 'string') return each
      appends.push(each)
    }
  }
  return { newest, snapshot, appends }
}

function build(store: StateStore, lineage: string, { newest, snapshot, appends }: Collected): Journal {
  const state =
    snapshot === undefined
      ? emptyState(lineage)
      : decodeSnapshot(snapshot.bytes, placeOf(store, snapshot.name))
  if (snapshot !== undefined) {
    const place = placeOf(store, snapshot.name)
    if (state.lineage !== lineage) throw foreign(place, `it belongs to lineage ${state.lineage}`)
    if (state.seq !== newest) throw corrupt(place, `it covers append ${state.seq}, not ${newest}`)
  }
  return {
    groups: appends.map(({ name, bytes }) => fold(state, bytes, placeOf(store, name))),
    groupBytes: appends.reduce((sum, { bytes }) => sum + bytes.length, 0),
    snapshot: { seq: newest, bytes: snapshot?.bytes.length ?? 0 },
    state,
  }
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

/** Where an object is, for messages. */
export function placeOf(store: StateStore, name: string): string {
  return `${store.where}/${name}`
}
