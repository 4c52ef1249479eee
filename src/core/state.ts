import type { Address } from './address.js'
import type { Json, JsonObject } from './json.js'

/**
 * One managed object, as last applied: a record of ids, not the truth. `inputs` and `attributes` hold no secret: a secret
 * leaf is `{"$secret": "<fingerprint>"}`.
 */
export interface Row {
  readonly address: Address
  /** Set for an object that a create-before-destroy left to be deleted; such rows share the address with their successor. */
  readonly deposedKey?: string
  readonly type: string
  readonly schemaVersion: number
  /** The provider's local name: `trifacta`, `trifacta.eu`. */
  readonly provider: string
  readonly endpoint: string
  readonly id: string
  readonly naturalKey: string
  /** What was last sent: configured inputs in normal form. */
  readonly inputs: JsonObject
  /** What the service last had. */
  readonly attributes: JsonObject
  /** Instance addresses that its expressions read and its `depends_on` names. */
  readonly dependsOn: readonly Address[]
  readonly createBeforeDestroy: boolean
  readonly preventDestroy: boolean
  readonly onDestroy?: string
  /** A verb was interrupted: run it again even if no field differs. */
  readonly unfinished?: 'update' | 'delete'
  /** The inputs of updates that were interrupted: what they sent may be there besides `inputs`. Only while `unfinished`. */
  readonly attempted?: readonly JsonObject[]
  readonly origin: 'created' | 'adopted' | 'imported'
}

/** What a row knows of the configuration besides the inputs. */
export type RowMetadata = Pick<Row, 'dependsOn' | 'createBeforeDestroy' | 'preventDestroy'>

/** What identifies a row: its address, and for a deposed object its key. */
export function rowKey(row: { readonly address: Address; readonly deposedKey?: string }): string {
  return row.deposedKey === undefined ? row.address : `${row.address} (deposed ${row.deposedKey})`
}

export type EntryEvent =
  | 'opened'
  | 'takeover'
  | 'begin'
  | 'done'
  | 'failed'
  | 'moved'
  | 'forgotten'
  | 'outputs'
  | 'reset'
  | 'closed'

/**
 * One thing that happened. A group of entries that became ready together is one append, with one number.
 *
 * - `opened`, `takeover`: the run starts; carries `holder`, the `lineage`, and when the state has none yet its `fingerprintKey`.
 * - `begin`: a verb of operation `op` on `address` (`deposedKey`) is about to send; `inputs`, `budget`, and `seen` for a create,
 *   `row` the row as it was for an update or delete.
 * - `done`: `row` is the row afterwards; absent: the object is gone. With `deposes`, the row that was at the address becomes deposed
 *   under that key; a create deposes the row of another object at its address in any case, so that no object is lost. A row with the
 *   id of a deposed row of its address takes that row's place. `unfinished` marks the row so, unless it is marked itself.
 *   Also used without `begin` for what needs no request (a row recorded by adoption, metadata, recovery).
 * - `failed`: operation `op` ended with nothing to record (recovery found nothing, the service refused).
 * - `moved`: the row at `from` is now at `address` (a row that is there already becomes deposed, under `deposes` if given). `forgotten`: the row is dropped,
 *   the object stays. Both take `deposedKey`.
 * - `outputs`: all outputs of the configuration. `reset`: everything before is replaced by `state` (state push, migration).
 * - `closed`: the run ended in good order; with `movedTo`, the store was migrated and must not be opened again.
 */
export interface Entry {
  /** ISO 8601, the writer's wall clock: for people, never for decisions. */
  readonly at: string
  readonly run: string
  readonly nonce: string
  readonly event: EntryEvent
  readonly op?: string
  readonly address?: Address
  readonly deposedKey?: string
  readonly action?: 'create' | 'update' | 'delete'
  readonly type?: string
  readonly provider?: string
  readonly endpoint?: string
  readonly inputs?: JsonObject
  /** Milliseconds from before the first try of this append. */
  readonly budget?: number
  readonly seen?: readonly string[]
  /** For the `begin` of a create: what its row will know of the configuration, for whoever finds the object. */
  readonly metadata?: RowMetadata
  readonly row?: Row
  readonly deposes?: string
  readonly unfinished?: boolean
  readonly from?: Address
  readonly outputs?: JsonObject
  readonly state?: JsonObject
  readonly holder?: Holder
  readonly lineage?: string
  readonly fingerprintKey?: string
  readonly movedTo?: string
}

/** The entry as the engine hands it in; the lease adds `at`, `run` and `nonce`. */
export type NewEntry = Omit<Entry, 'at' | 'run' | 'nonce'>

/** Who holds a lease, and what proves that a process on this machine is alive or dead. */
export interface Holder {
  readonly run: string
  readonly who: string
  readonly operation: string
  readonly host: string
  readonly pid: number
  /** Start time of the process in clock ticks since boot, where the system tells (Linux /proc). */
  readonly startTime?: string
  readonly bootId?: string
  readonly pidNamespace?: string
  readonly version: string
  readonly created: string
}

/** Whether a process still runs: proven either way, or not to be told from here. */
export type Liveness = 'alive' | 'dead' | 'unknown'

export interface State {
  /** Random, made with the state; empty as long as no run has written. */
  readonly lineage: string
  /** The number of the last append that is folded in. */
  readonly seq: number
  /** By `rowKey`. */
  readonly rows: ReadonlyMap<string, Row>
  /** Output name to `{ value, type, sensitive }`; a sensitive value is its fingerprint. */
  readonly outputs: JsonObject
  /** By `op`: begun, never finished. */
  readonly open: ReadonlyMap<string, Entry>
  /** The last `opened` or `takeover`, while its run has not closed: the lease's holder. */
  readonly holder: Holder | undefined
  /** Hex; undefined until the first run that writes. */
  readonly fingerprintKey: string | undefined
  readonly movedTo: string | undefined
}

/**
 * The four verbs that a store offers, and an optional heartbeat. A name is a path of letters, digits, `.`, `_`, `-` with `/`
 * between its parts (`5f0c…/journal/00000000000000000001`). Every verb may throw `LostAnswer` (core/resource): it is not known
 * whether it was done, and it is tried again with the same arguments. Any other error is final.
 */
export interface StateStore {
  /** For messages: `.rolecall/state`, `s3://bucket/key`. */
  readonly where: string
  /** Atomic, and durable when it resolves. False: the name is taken, and what it names is untouched. */
  putIfAbsent(name: string, bytes: Uint8Array): Promise<boolean>
  /** Every name, in any order; sees all that was there when it was called and was not deleted since. */
  list(): Promise<readonly string[]>
  /** The bytes as they were put. */
  get(name: string): Promise<Uint8Array | undefined>
  /** Nothing happens if there is no such name. */
  delete(name: string): Promise<void>
  /** How a waiter may judge a holder: `process` = by process identity on this machine, `heartbeat` = by beats. */
  readonly liveness: 'process' | 'heartbeat'
  /** Leaves a sign of life that differs from the one before. */
  beat?(holder: Holder): Promise<void>
  lastBeat?(): Promise<string | undefined>
}

/** The time announced for one verb, on the clocks of the run that announced it. */
export interface Budget {
  /** Milliseconds; 0 when it is spent. */
  remaining(): number
  /**
   * The `gate` of a request: call it when the request is written to an open socket. Throws `BudgetSpent` when the time is
   * over and `LeaseLost` when the run may not send at all.
   */
  check(): void
}

export interface Lease {
  /** The run's own identity, as in the holder. */
  readonly run: string
  /** The state after everything that this lease has appended. It moves on with every append: copy what must stay as it is. */
  readonly state: State
  /**
   * What was open when the lease was opened: begun by earlier runs, never finished. Recovery finds out about each of them
   * once `waitBeforeRecovery` has resolved.
   */
  readonly inherited: readonly Entry[]
  /** Durable when it resolves; entries handed in together, or while an append is in flight, go into one append. */
  append(entries: readonly NewEntry[]): Promise<void>
  /** Appends a `begin`. The budget (`begin.budget`, or 60 s) counts from before the first try of the append. */
  begin(begin: NewEntry): Promise<Budget>
  /**
   * Resolves when no request of an inherited entry's run can still take effect: its budget, unless that run has ended, and
   * then `settleOf(entry)` milliseconds for what the service may still commit.
   */
  waitBeforeRecovery(
    settleOf: (entry: Entry) => number,
    options?: { readonly signal?: AbortSignal; readonly onWait?: (milliseconds: number) => void },
  ): Promise<void>
  /** Writes a snapshot if the journal has outgrown the last one. */
  checkpoint(): Promise<void>
  /** Ends the run in good order. With `movedTo` (a place, for messages) the state is not to be opened here again. */
  close(movedTo?: string): Promise<void>
}

/** The lease was taken over, or the store failed: the run must send nothing more. */
export class LeaseLost extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LeaseLost'
  }
}

export type { Json }
