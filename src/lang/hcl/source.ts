import type { Position, Span } from '../../core/diagnostic.js'

/** A text and the way from its offsets to places that a user can find. Offsets are UTF-16 indexes into `text`. */
export interface Source {
  readonly text: string
  readonly file: string
  /** Where the content starts: 1 after a byte order mark, otherwise 0. */
  readonly contentStart: number
  at(offset: number): Position
  span(start: number, end: number): Span
  /** The offset at which the line of `offset` starts. */
  lineStart(offset: number): number
  /** The offset at which the next line starts, or the length of the text. */
  nextLine(offset: number): number
}

const byteOrderMark = 0xfeff

/**
 * @param start where the text stands in the file, for an expression or template that is a part of it. Only its first line is
 *   moved to the right, as if the following lines started at the left margin.
 */
export function createSource(text: string, file: string, start?: Position): Source {
  const contentStart = text.charCodeAt(0) === byteOrderMark ? 1 : 0
  const lines = lineStarts(text, contentStart)
  const pairs = surrogatePairs(text)
  const firstLine = (start?.line ?? 1) - 1
  const firstColumn = (start?.column ?? 1) - 1
  const firstOffset = start?.offset ?? 0
  // Lookups come mostly in order: the line of the last one, or the next, is nearly always right.
  let recent = 0

  function lineIndex(offset: number): number {
    for (let i = recent; i < recent + 2 && i < lines.length; i++) {
      if ((lines[i] as number) <= offset && offset < (lines[i + 1] ?? Number.POSITIVE_INFINITY)) {
        recent = i
        return i
      }
    }
    recent = Math.max(0, countUpTo(lines, offset) - 1)
    return recent
  }

  // Neighbouring nodes begin or end at the same place: they share one position.
  let latest: Position = { line: 1, column: 1, offset: -1 }

  function at(offset: number): Position {
    if (latest.offset !== offset + firstOffset) latest = find(offset)
    return latest
  }

  function find(offset: number): Position {
    const line = lineIndex(offset)
    const begin = lines[line] as number
    let column = Math.max(0, offset - begin)
    if (pairs.length > 0) column -= countUpTo(pairs, offset - 1) - countUpTo(pairs, begin - 1)
    if (line === 0) column += firstColumn
    return { line: line + 1 + firstLine, column: column + 1, offset: offset + firstOffset }
  }

  return {
    text,
    file,
    contentStart,
    at,
    span: (from, to) => ({ file, start: at(from), end: at(to) }),
    lineStart: (offset) => lines[lineIndex(offset)] as number,
    nextLine: (offset) => lines[lineIndex(offset) + 1] ?? text.length,
  }
}

function lineStarts(text: string, contentStart: number): readonly number[] {
  const starts = [contentStart]
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1)
  return starts
}

/** The offsets of the second halves of all surrogate pairs: they do not count as columns. */
function surrogatePairs(text: string): readonly number[] {
  const offsets: number[] = []
  for (const match of text.matchAll(/[\u{10000}-\u{10ffff}]/gu)) offsets.push(match.index + 1)
  return offsets
}

/** How many of the ascending numbers are at most `limit`. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] as number) <= limit) low = middle + 1
    else high = middle
  }
  return low
}
