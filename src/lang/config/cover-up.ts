import { coverCharacter } from '../../core/cover.js'
import type { Span } from '../../core/diagnostic.js'
import { secretRanges, type TextRange } from './secret-text.js'

/** The text of a file with every character of these places covered up; lines and columns stay what they are. */
export function coverUp(file: string, text: string, places: Iterable<Span>): string {
  const ranges: TextRange[] = []
  for (const { file: itsFile, start, end } of places)
    if (itsFile === file) ranges.push([start.offset, end.offset])
  return covered(text, ranges)
}

/** The text of a file with everything covered up that may be the value of one of these names: in all of it, or in these parts. */
export function coverUpAfter(
  text: string,
  isSecret: (name: string) => boolean,
  parts: readonly TextRange[] = [[0, text.length]],
): string {
  const inPart = ([part, end]: TextRange) =>
    secretRanges(text.slice(part, end), isSecret).map(([from, to]) => [part + from, part + to] as const)
  return covered(text, parts.flatMap(inPart))
}

/** The text with the comments covered up that follow these places on their lines. */
export function coverUpComments(file: string, text: string, places: Iterable<Span>): string {
  const ranges: TextRange[] = []
  for (const { file: itsFile, end } of places) {
    if (itsFile !== file) continue
    const newline = text.indexOf('\n', end.offset)
    const rest = text.slice(end.offset, newline < 0 ? text.length : newline)
    const at = rest.search(/#|\/\/|\/\*/)
    if (at >= 0) ranges.push([end.offset + at, end.offset + rest.length])
  }
  return covered(text, ranges)
}

function covered(text: string, ranges: readonly TextRange[]): string {
  const parts: string[] = []
  let at = 0
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    if (to <= at) continue
    const start = Math.max(from, at)
    parts.push(text.slice(at, start), text.slice(start, to).replace(/[^\r\n]/g, coverCharacter))
    at = to
  }
  return parts.join('') + text.slice(at)
}
