import { emptyState, type FoldedState, setRow } from './journal.js'
import { corrupt, parseObject, toBytes } from './journal-object.js'
import { entryShape, hexadecimal, holderShape, rowShape } from './journal-shape.js'
import type { JsonObject } from './json.js'
import { count, document, fieldsOf, filled, listOf, oneOf, optional, required, type Shape } from './shape.js'
import { type Entry, type Holder, type Row, rowKey } from './state.js'
import { compareCodePoints } from './type.js'

const format = 'rolecall-snapshot'

interface Written {
  readonly format: string
  readonly version: number
  readonly lineage: string
  readonly seq: number
  readonly fingerprintKey?: string
  readonly holder?: Holder
  readonly movedTo?: string
  readonly takeovers: readonly number[]
  readonly unended: readonly Holder[]
  readonly open: readonly Entry[]
  readonly outputs: JsonObject
  readonly rows: readonly Row[]
}

const shape: Shape = fieldsOf<Written>({
  format: required(oneOf(format)),
  version: required(count),
  lineage: required(filled),
  seq: required(count),
  fingerprintKey: optional(hexadecimal),
  holder: optional(holderShape),
  movedTo: optional(filled),
  takeovers: required(listOf(count)),
  unended: required(listOf(holderShape)),
  open: required(listOf(entryShape)),
  outputs: required(document),
  rows: required(listOf(rowShape)),
})

/** The bytes of a snapshot: equal states give equal bytes, whoever folded them. */
export function encodeSnapshot(state: FoldedState): Uint8Array {
  const written: Written = {
    format,
    version: 1,
    lineage: state.lineage,
    seq: state.seq,
    ...(state.fingerprintKey !== undefined && { fingerprintKey: state.fingerprintKey }),
    ...(state.holder !== undefined && { holder: state.holder }),
    ...(state.movedTo !== undefined && { movedTo: state.movedTo }),
    takeovers: state.takeovers,
    unended: sorted([...state.unended.values()], (holder) => holder.run),
    open: sorted([...state.open.values()], (entry) => entry.op as string),
    outputs: state.outputs,
    rows: sorted([...state.rows.values()], rowKey),
  }
  return toBytes(`${JSON.stringify(written)}\n`)
}

/** Reads what `encodeSnapshot` wrote. Throws a `Failure` (`state/corrupt`, `state/foreign`, `state/newer-version`) for anything else. */
export function decodeSnapshot(bytes: Uint8Array, place: string): FoldedState {
  const object = parseObject(bytes, format, place)
  const wrong = shape(object)
  if (wrong !== undefined) throw corrupt(place, `the snapshot${wrong}`)
  const written = object as unknown as Written
  const state = emptyState(written.lineage)
  for (const row of written.rows) setRow(state, row)
  if (state.rows.size !== written.rows.length) throw corrupt(place, 'two rows have the same address')
  for (const entry of written.open) {
    if (entry.event !== 'begin') throw corrupt(place, `an open entry is "${entry.event}", not "begin"`)
    state.open.set(entry.op as string, entry)
  }
  for (const holder of written.unended) state.unended.set(holder.run, holder)
  state.takeovers.push(...written.takeovers)
  state.seq = written.seq
  state.outputs = written.outputs
  state.holder = written.holder
  state.fingerprintKey = written.fingerprintKey
  state.movedTo = written.movedTo
  return state
}

function sorted<T>(all: T[], keyOf: (value: T) => string): T[] {
  const keyed = all.map((value) => ({ value, key: keyOf(value) }))
  return keyed.sort((a, b) => compareCodePoints(a.key, b.key)).map(({ value }) => value)
}
