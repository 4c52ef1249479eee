/**
 * The names of a state's objects in a store. `lineage` says which lineage the place holds; everything else is under that
 * lineage's own prefix, so that a run that lived through the deletion of its state can never append to the next one.
 */
export const lineageName = 'lineage'

const digits = 20

export function journalName(lineage: string, seq: number): string {
  return `${lineage}/journal/${String(seq).padStart(digits, '0')}`
}

/** A snapshot is named by the number of the last append that it covers. */
export function snapshotName(lineage: string, seq: number): string {
  return `${lineage}/snapshot/${String(seq).padStart(digits, '0')}`
}

export interface Numbers {
  /** Numbers of appends, ascending. */
  readonly journal: readonly number[]
  /** Numbers that snapshots cover, ascending. */
  readonly snapshots: readonly number[]
}

/** The numbers of a lineage among the names of a store. Names that are not of this form are not ours. */
export function numbersIn(names: readonly string[], lineage: string): Numbers {
  return {
    journal: numbersUnder(names, `${lineage}/journal/`),
    snapshots: numbersUnder(names, `${lineage}/snapshot/`),
  }
}

/** The lineages that have objects among the names of a store, in order. */
export function lineagesIn(names: readonly string[]): readonly string[] {
  const found = names.flatMap(
    (name) => /^([0-9a-f]{32})\/(?:journal|snapshot)\/[0-9]{20}$/.exec(name)?.[1] ?? [],
  )
  return [...new Set(found)].sort()
}

function numbersUnder(names: readonly string[], prefix: string): readonly number[] {
  const numbers: number[] = []
  for (const name of names) {
    if (!name.startsWith(prefix) || name.length !== prefix.length + digits) continue
    const text = name.slice(prefix.length)
    const number = Number(text)
    if (/^[0-9]+$/.test(text) && number > 0 && Number.isSafeInteger(number)) numbers.push(number)
  }
  return numbers.sort((a, b) => a - b)
}
