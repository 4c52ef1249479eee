import type { Span } from '../../core/diagnostic.js'
import { secretRanges, type TextRange } from './secret-text.js'

/** The text of a file with every character of these places covered up; lines and columns stay what they are. */
export function coverUp(file: string, text: string, places: Iterable<Span>): string {
  const ranges: TextRange[] = []
  for (const { file: itsFile, start, end } of places)
    if (itsFile === file) ranges.push([start.offset, end.offset])
  return covered(text, ranges)
}

/** The text of a file that is broken, with everything covered up that may be the value of one of these names. */
export function coverUpAfter(text: string, isSecret: (name: string) => boolean): string {
  return covered(text, secretRanges(text, isSecret))
}

function covered(text: string, ranges: readonly TextRange[]): string {
  const parts: string[] = []
  let at = 0
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    if (to <= at) continue
    const start = Math.max(from, at)
    parts.push(text.slice(at, start), text.slice(start, to).replace(/[^\r\n]/g, '*'))
    at = to
  }
  return parts.join('') + text.slice(at)
}
