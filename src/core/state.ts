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
  readonly origin: 'created' | 'adopted' | 'imported'
}

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
 * - `opened`, `takeover`: the run starts; carries `holder`, and when the state is new its `lineage` and `fingerprintKey`.
 * - `begin`: a verb of operation `op` on `address` (`deposedKey`) is about to send; `inputs`, `budget`, and `seen` for a create,
 *   `row` the row as it was for an update or delete.
 * - `done`: `row` is the row afterwards; absent: the object is gone. With `deposes`, the row that was at the address becomes deposed
 *   under that key. Also used without `begin` for what needs no request (a row recorded by adoption, metadata, recovery).
 * - `failed`: operation `op` ended with nothing to record (recovery found nothing, the service refused).
 * - `moved`: the row at `from` is now at `address`. `forgotten`: the row is dropped, the object stays.
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

export interface State {
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

/** The four verbs that a store offers, and an optional heartbeat. Names are relative to the lineage's own place. */
export interface StateStore {
  /** For messages: `.rolecall/state`, `s3://bucket/key`. */
  readonly where: string
  /** Durable when it resolves. False: number `n` is taken. */
  putIfAbsent(name: string, bytes: Uint8Array): Promise<boolean>
  /** Every name. */
  list(): Promise<readonly string[]>
  get(name: string): Promise<Uint8Array | undefined>
  delete(name: string): Promise<void>
  /** How a waiter may judge a holder: `process` = by process identity on this machine, `heartbeat` = by beats. */
  readonly liveness: 'process' | 'heartbeat'
  beat?(holder: Holder): Promise<void>
  lastBeat?(): Promise<string | undefined>
}

export interface Lease {
  /** The run's own identity, as in the holder. */
  readonly run: string
  /** The state after everything that this lease has appended. */
  readonly state: State
  /** What the run that held the lease before left open; empty if it closed in good order. */
  readonly inherited: readonly Entry[]
  /** Durable when it resolves; entries handed in together, or while an append is in flight, go into one append. */
  append(entries: readonly NewEntry[]): Promise<void>
  /** Writes a snapshot if the journal has outgrown the last one. */
  checkpoint(): Promise<void>
  close(): Promise<void>
}

/** The lease was taken over, or the store failed: the run must send nothing more. */
export class LeaseLost extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LeaseLost'
  }
}

export type { Json }
