import type { Address } from './address.js'
import type { StateDocument } from './journal-shape.js'
import type { JsonObject } from './json.js'
import { type Entry, type Holder, type Row, rowKey, type State } from './state.js'

/**
 * The state while it is being folded. The maps are changed in place, so that one more entry costs the same whether the
 * state has ten rows or 20,000; everyone but the fold sees it as a read-only `State`.
 */
export interface FoldedState extends State {
  lineage: string
  seq: number
  readonly rows: Map<string, Row>
  outputs: JsonObject
  readonly open: Map<string, Entry>
  holder: Holder | undefined
  fingerprintKey: string | undefined
  movedTo: string | undefined
  /** Numbers of all `takeover` entries: what fences the runs before them, and is never removed. */
  readonly takeovers: number[]
  /** Runs that were taken over and have open entries: they may still be sending. By run. */
  readonly unended: Map<string, Holder>
  /** Keys of the deposed rows of an address. */
  readonly deposed: Map<Address, Set<string>>
}

/** Thrown for a journal that no correct run can have written. */
export class ImpossibleEntry extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ImpossibleEntry'
  }
}

export function emptyState(lineage = ''): FoldedState {
  return {
    lineage,
    seq: 0,
    rows: new Map(),
    outputs: {},
    open: new Map(),
    holder: undefined,
    fingerprintKey: undefined,
    movedTo: undefined,
    takeovers: [],
    unended: new Map(),
    deposed: new Map(),
  }
}

/** A copy that later appends do not change. */
export function cloneState(state: FoldedState): FoldedState {
  return {
    ...state,
    rows: new Map(state.rows),
    open: new Map(state.open),
    takeovers: [...state.takeovers],
    unended: new Map(state.unended),
    deposed: new Map([...state.deposed].map(([address, keys]) => [address, new Set(keys)])),
  }
}

/**
 * Folds the entries of append number `seq` into the state, in place, and returns it. Throws `ImpossibleEntry` when they
 * cannot follow what is there: a number out of turn, an entry of a run that does not hold the lease.
 */
export function foldEntries(state: FoldedState, seq: number, entries: readonly Entry[]): FoldedState {
  if (seq !== state.seq + 1) throw new ImpossibleEntry(`append ${seq} cannot follow append ${state.seq}`)
  state.seq = seq
  for (const entry of entries) {
    if (entry.event !== 'opened' && entry.event !== 'takeover' && entry.run !== state.holder?.run) {
      throw new ImpossibleEntry(
        `run ${entry.run} recorded "${entry.event}" in append ${seq}, but ` +
          (state.holder === undefined ? 'no run held the lease' : `run ${state.holder.run} held the lease`),
      )
    }
    fold(state, entry)
  }
  return state
}

function fold(state: FoldedState, entry: Entry): void {
  switch (entry.event) {
    case 'opened':
    case 'takeover':
      foldOpening(state, entry)
      return
    case 'begin':
      state.open.set(entry.op as string, entry)
      return
    case 'done':
      foldDone(state, entry)
      return
    case 'failed':
      finish(state, entry.op)
      return
    case 'moved':
      foldMoved(state, entry)
      return
    case 'forgotten':
      dropRow(state, keyOf(entry))
      return
    case 'outputs':
      state.outputs = entry.outputs ?? {}
      return
    case 'reset':
      foldReset(state, entry.state as unknown as StateDocument)
      return
    case 'closed':
      state.holder = undefined
      state.movedTo = entry.movedTo
      return
  }
}

function foldOpening(state: FoldedState, entry: Entry): void {
  const before = state.holder
  if (entry.event === 'opened' && before !== undefined) {
    throw new ImpossibleEntry(
      `run ${entry.run} opened the state in append ${state.seq} while run ${before.run} held it`,
    )
  }
  if (before !== undefined && hasOpen(state, before.run)) state.unended.set(before.run, before)
  if (entry.event === 'takeover') state.takeovers.push(state.seq)
  state.holder = entry.holder
  state.lineage = entry.lineage ?? state.lineage
  state.fingerprintKey ??= entry.fingerprintKey
  state.movedTo = undefined
}

function foldDone(state: FoldedState, entry: Entry): void {
  const begin = entry.op === undefined ? undefined : state.open.get(entry.op)
  finish(state, entry.op)
  const { row } = entry
  if (row === undefined) {
    dropRow(state, keyOf(entry))
    return
  }
  if (row.deposedKey === undefined) {
    const there = state.rows.get(row.address)
    const other = there !== undefined && there.id !== row.id
    const deposes = entry.deposes ?? (begin?.action === 'create' ? entry.op : undefined)
    if (other && deposes !== undefined) depose(state, row.address, deposes)
    restore(state, row)
  }
  const unfinished = begin?.action === 'delete' ? 'delete' : 'update'
  setRow(state, entry.unfinished === true && row.unfinished === undefined ? { ...row, unfinished } : row)
}

function foldMoved(state: FoldedState, entry: Entry): void {
  const from = rowKey(place(entry.from as Address, entry.deposedKey))
  const row = state.rows.get(from)
  if (row === undefined || entry.from === entry.address) return
  const moved: Row = { ...row, address: entry.address as Address }
  if (state.rows.has(rowKey(moved))) depose(state, moved.address, entry.deposes ?? entry.op ?? entry.nonce)
  dropRow(state, from)
  setRow(state, moved)
}

function foldReset(state: FoldedState, document: StateDocument): void {
  state.rows.clear()
  state.deposed.clear()
  state.open.clear()
  state.unended.clear()
  for (const row of document.rows) setRow(state, row)
  state.outputs = document.outputs
  state.fingerprintKey = document.fingerprintKey ?? state.fingerprintKey
}

/** The row at the address becomes deposed: under `key`, or the next one that is free. */
function depose(state: FoldedState, address: Address, key: string): void {
  const row = state.rows.get(address)
  if (row === undefined) return
  let deposedKey = key
  for (let i = 2; state.rows.has(rowKey({ address, deposedKey })); i++) deposedKey = `${key}-${i}`
  dropRow(state, address)
  setRow(state, { ...row, deposedKey })
}

/** A deposed row of the same object is this row from now on: one object never stands in two rows. */
function restore(state: FoldedState, row: Row): void {
  for (const key of [...(state.deposed.get(row.address) ?? [])]) {
    const deposed = state.rows.get(key)
    if (deposed?.id === row.id && deposed.type === row.type) dropRow(state, key)
  }
}

/** Puts a row in its place. Also for readers of snapshots. */
export function setRow(state: FoldedState, row: Row): void {
  const key = rowKey(row)
  state.rows.set(key, row)
  if (row.deposedKey === undefined) return
  const keys = state.deposed.get(row.address)
  if (keys === undefined) state.deposed.set(row.address, new Set([key]))
  else keys.add(key)
}

function dropRow(state: FoldedState, key: string): void {
  const row = state.rows.get(key)
  if (row === undefined) return
  state.rows.delete(key)
  const keys = state.deposed.get(row.address)
  keys?.delete(key)
  if (keys?.size === 0) state.deposed.delete(row.address)
}

function finish(state: FoldedState, op: string | undefined): void {
  if (op === undefined || !state.open.delete(op)) return
  for (const run of [...state.unended.keys()]) if (!hasOpen(state, run)) state.unended.delete(run)
}

function hasOpen(state: FoldedState, run: string): boolean {
  for (const entry of state.open.values()) if (entry.run === run) return true
  return false
}

function keyOf(entry: Entry): string {
  return rowKey(place(entry.address as Address, entry.deposedKey))
}

function place(address: Address, deposedKey: string | undefined) {
  return deposedKey === undefined ? { address } : { address, deposedKey }
}
