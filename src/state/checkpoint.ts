import { Failure } from '../core/diagnostic.js'
import type { FoldedState } from '../core/journal.js'
import { LostAnswer } from '../core/resource.js'
import { encodeSnapshot } from '../core/snapshot-codec.js'
import { LeaseLost, type StateStore } from '../core/state.js'
import type { Appender } from './appender.js'
import type { LeaseEnvironment } from './environment.js'
import { insist } from './insist.js'
import type { Journal } from './load.js'
import { journalName, numbersIn, snapshotName } from './names.js'

/** When the appends since the last snapshot are worth a new one: either is enough. */
export interface Outgrown {
  /** Bytes, and never less than the last snapshot has. */
  readonly bytes: number
  readonly appends: number
}

export const outgrown: Outgrown = { bytes: 64 * 1024, appends: 500 }

const atOnce = 16

/**
 * The checkpoint of one run: does nothing unless the journal has outgrown the last snapshot. Appends may go on meanwhile. A
 * snapshot that cannot be written ends the run like a failed append: the disk or the service is not to be trusted.
 */
export function compactor(
  store: StateStore,
  environment: LeaseEnvironment,
  limit: Outgrown,
  journal: Journal,
  appends: Appender,
): () => Promise<void> {
  const { state } = journal
  let snapshotBytes = journal.snapshot.bytes
  let base = { appends: state.seq - journal.snapshot.seq, bytes: journal.groupBytes }
  let running: Promise<void> | undefined

  async function compact(): Promise<void> {
    const { groups, bytes } = appends.written()
    const since = { appends: base.appends + groups, bytes: base.bytes + bytes }
    if (since.appends < limit.appends && since.bytes < Math.max(limit.bytes, snapshotBytes)) return
    const { seq, lineage } = state
    const takeovers = new Set(state.takeovers)
    try {
      snapshotBytes = await writeSnapshot(store, environment, state)
    } catch (error) {
      appends.lose(
        new LeaseLost(`the snapshot could not be written to ${store.where}: ${(error as Error).message}`, {
          cause: error,
        }),
      )
      throw appends.lost()
    }
    base = { appends: -groups, bytes: -bytes }
    try {
      await removeCovered(store, environment, lineage, seq, takeovers)
    } catch (error) {
      // A store that does not answer has not harmed the run: the next checkpoint removes what is left.
      if (!(error instanceof Failure && error.cause instanceof LostAnswer)) throw error
    }
  }

  return () => {
    running ??= compact().finally(() => {
      running = undefined
    })
    return running
  }
}

/**
 * Writes the snapshot of the state, under the number that it covers, and returns its size. A snapshot that is there already
 * covers the same appends and is as good.
 */
async function writeSnapshot(
  store: StateStore,
  environment: LeaseEnvironment,
  state: FoldedState,
): Promise<number> {
  const name = snapshotName(state.lineage, state.seq)
  const bytes = encodeSnapshot(state)
  environment.trace?.('checkpoint:before-snapshot')
  await insist(environment, () => store.putIfAbsent(name, bytes))
  environment.trace?.('checkpoint:after-snapshot')
  return bytes.length
}

/**
 * Removes what a snapshot made superfluous: appends up to `seq` and older snapshots. A takeover stays for ever, because it
 * occupies the number that a run it fenced may still try to take. The append at `seq` stays until the next snapshot, as its
 * witness: should the snapshot be lost before anything is appended, the journal has a gap instead of seeming to be empty.
 */
async function removeCovered(
  store: StateStore,
  environment: LeaseEnvironment,
  lineage: string,
  seq: number,
  takeovers: ReadonlySet<number>,
): Promise<void> {
  const { journal, snapshots } = numbersIn(await insist(environment, () => store.list()), lineage)
  environment.trace?.('checkpoint:before-delete')
  const names = [
    ...journal.filter((each) => each < seq && !takeovers.has(each)).map((each) => journalName(lineage, each)),
    ...snapshots.filter((each) => each < seq).map((each) => snapshotName(lineage, each)),
  ]
  for (let i = 0; i < names.length; i += atOnce) {
    const some = names.slice(i, i + atOnce)
    await Promise.all(some.map((name) => insist(environment, () => store.delete(name))))
  }
}
