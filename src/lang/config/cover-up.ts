import type { Span } from '../../core/diagnostic.js'

/** The text of a file with every character of these places covered up; lines and columns stay what they are. */
export function coverUp(file: string, text: string, places: Iterable<Span>): string {
  let result = text
  for (const { file: itsFile, start, end } of places) {
    if (itsFile !== file) continue
    const covered = result.slice(start.offset, end.offset).replace(/[^\r\n]/g, '*')
    result = result.slice(0, start.offset) + covered + result.slice(end.offset)
  }
  return result
}
