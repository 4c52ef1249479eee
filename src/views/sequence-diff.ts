import { diffArrays } from 'diff'
import type { Line } from './shown-lines.js'

/** Beyond this many differences, comparing piece by piece costs more than it tells: all is shown as replaced. */
const mostEdits = 1000

/** A run of a sequence: the same on both sides, or changed. */
export type Part<T> =
  | { readonly kind: 'same'; readonly items: readonly T[] }
  | { readonly kind: 'changed'; readonly removed: readonly T[]; readonly added: readonly T[] }

/** The shortest way from one sequence to the other, equal runs and changed runs in turns. */
export function sequenceDiff<T>(from: readonly T[], to: readonly T[], key: (item: T) => string): Part<T>[] {
  const changes = diffArrays(from.map(key), to.map(key), { maxEditLength: mostEdits })
  if (changes === undefined) return [{ kind: 'changed', removed: from, added: to }]
  const result: Part<T>[] = []
  let i = 0
  let j = 0
  for (const { added, removed, count } of changes) {
    if (!added && !removed) {
      result.push({ kind: 'same', items: to.slice(j, j + count) })
      i += count
      j += count
      continue
    }
    const last = result.at(-1)
    const open = last?.kind === 'changed' ? last : undefined
    if (open !== undefined) result.pop()
    const out = removed ? from.slice(i, i + count) : []
    const into = added ? to.slice(j, j + count) : []
    result.push({
      kind: 'changed',
      removed: [...(open?.removed ?? []), ...out],
      added: [...(open?.added ?? []), ...into],
    })
    i += out.length
    j += into.length
  }
  return result
}

/** A run of equal items: those next to a change are shown, the others counted. */
export function orientation<T>(
  items: readonly T[],
  at: { readonly first: boolean; readonly last: boolean },
  context: number,
  show: (item: T) => Line[],
  hidden: (count: number) => Line,
): Line[] {
  const head = at.first ? 0 : context
  const tail = at.last ? 0 : context
  const count = items.length - head - tail
  // A line that says "1 hidden" takes as much room as what it hides.
  if (count < 2) return items.flatMap(show)
  return [
    ...items.slice(0, head).flatMap(show),
    hidden(count),
    ...items.slice(items.length - tail).flatMap(show),
  ]
}
