import { error, Failure } from '../core/diagnostic.js'
import { encodeGroup, packEntry } from '../core/journal-codec.js'
import { corrupt } from '../core/journal-object.js'
import type { Holder, NewEntry, StateStore } from '../core/state.js'
import { type LeaseEnvironment, randomHex } from './environment.js'
import { insist } from './insist.js'
import { ensureLineage } from './lineage.js'
import { fold, type Journal, loadJournal, placeOf } from './load.js'
import { journalName, lineageName, numbersIn } from './names.js'
import { putOwn } from './put.js'

/** The journal as it stands, with a lineage, for one who is going to write. Throws a `Failure` if it has moved. */
export async function loadForWriting(store: StateStore, environment: LeaseEnvironment): Promise<Journal> {
  const found = await loadJournal(store, environment)
  if (found.state.lineage === '') await ensureLineage(store, environment)
  const journal = found.state.lineage === '' ? await loadJournal(store, environment) : found
  if (journal.state.lineage === '')
    throw corrupt(placeOf(store, lineageName), 'it was written and is not there')
  refuseMoved(store, journal)
  return journal
}

/** Whoever works on the old place of a migrated state would work on a state that is out of date. */
export function refuseMoved(store: StateStore, { state }: Journal): void {
  if (state.movedTo === undefined) return
  throw new Failure(
    error('state/moved', 'The state was moved', {
      detail: `${store.where} ended with: moved to ${state.movedTo}.`,
      help: `Make the "state" block of the configuration point to ${state.movedTo}.`,
    }),
  )
}

export interface Claim {
  readonly journal: Journal
  readonly holder: Holder
}

/**
 * Tries to become the holder by taking the next number of a journal just loaded, whether its holder has closed (`opened`) or
 * not (`takeover`): that fences a previous holder, because it is the number that its next append would need. Undefined:
 * somebody else was faster, load again.
 */
export async function claim(
  store: StateStore,
  environment: LeaseEnvironment,
  journal: Journal,
  options: { readonly operation: string; readonly fingerprintKey?: string },
): Promise<Claim | undefined> {
  const { state } = journal
  const run = randomHex(environment, 16)
  const created = environment.now().toISOString()
  const holder: Holder = {
    run,
    who: environment.who,
    operation: options.operation,
    host: environment.host,
    ...environment.processIdentity(),
    version: environment.version,
    created,
  }
  const entry: NewEntry = {
    event: state.holder === undefined ? 'opened' : 'takeover',
    holder,
    lineage: state.lineage,
    ...(state.fingerprintKey === undefined && {
      fingerprintKey: options.fingerprintKey ?? randomHex(environment, 32),
    }),
  }
  const seq = state.seq + 1
  const name = journalName(state.lineage, seq)
  const head = { lineage: state.lineage, seq, run, nonce: randomHex(environment, 16), at: created }
  const bytes = encodeGroup(head, [packEntry(entry)])
  if ((await putOwn(store, environment, name, bytes)) !== undefined) return undefined
  // The number may have been free because it was compacted away since the journal was loaded. Then the entry is void.
  const { snapshots } = numbersIn(await insist(environment, () => store.list()), state.lineage)
  if ((snapshots.at(-1) ?? 0) >= seq) return undefined
  fold(state, bytes, placeOf(store, name))
  return {
    journal: { ...journal, groupBytes: journal.groupBytes + bytes.length },
    holder,
  }
}
