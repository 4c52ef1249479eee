import { corrupt, parseObject, toBytes } from './journal-object.js'
import { newEntryShape } from './journal-shape.js'
import { count, fieldsOf, filled, listOf, oneOf, required, type Shape } from './shape.js'
import type { Entry, NewEntry } from './state.js'

/** One append: entries of one run that became ready together. Its bytes are the same at every try. */
export interface Group {
  readonly lineage: string
  readonly seq: number
  readonly run: string
  /** Random per append: how a run knows its own append again when the answer to it was lost. */
  readonly nonce: string
  readonly at: string
  readonly entries: readonly Entry[]
}

const format = 'rolecall-journal'

interface WrittenGroup {
  readonly format: string
  readonly version: number
  readonly lineage: string
  readonly seq: number
  readonly run: string
  readonly nonce: string
  readonly at: string
  readonly entries: readonly NewEntry[]
}

const groupShape: Shape = fieldsOf<WrittenGroup>({
  format: required(oneOf(format)),
  version: required(count),
  lineage: required(filled),
  seq: required(count),
  run: required(filled),
  nonce: required(filled),
  at: required(filled),
  entries: required(listOf(newEntryShape)),
})

/**
 * An entry as its JSON text, fixed at this moment. Throws a plain error for one that readers would refuse, or that holds a
 * secret: that is a bug of the caller, found before anything is written.
 */
export function packEntry(entry: NewEntry): string {
  const text = JSON.stringify(entry)
  const wrong = newEntryShape(JSON.parse(text))
  if (wrong !== undefined) throw new Error(`not an entry for the journal: entry${wrong}`)
  return text
}

export function encodeGroup(head: Omit<Group, 'entries'>, packed: readonly string[]): Uint8Array {
  const { lineage, seq, run, nonce, at } = head
  const start = JSON.stringify({ format, version: 1, lineage, seq, run, nonce, at })
  return toBytes(`${start.slice(0, -1)},"entries":[${packed.join(',\n')}]}\n`)
}

/** Reads what `encodeGroup` wrote. Throws a `Failure` (`state/corrupt`, `state/foreign`, `state/newer-version`) for anything else. */
export function decodeGroup(bytes: Uint8Array, place: string): Group {
  const written = parseObject(bytes, format, place)
  const wrong = groupShape(written)
  if (wrong !== undefined) throw corrupt(place, `the append${wrong}`)
  const { lineage, seq, run, nonce, at, entries } = written as unknown as WrittenGroup
  for (const entry of entries) {
    if (entry.holder !== undefined && entry.holder.run !== run) {
      throw corrupt(place, `run ${run} claims the lease for run ${entry.holder.run}`)
    }
    if (entry.lineage !== undefined && entry.lineage !== lineage) {
      throw corrupt(place, `an entry names lineage ${entry.lineage}, the append ${lineage}`)
    }
  }
  return { lineage, seq, run, nonce, at, entries: entries.map((entry) => ({ ...entry, at, run, nonce })) }
}
