import { maskCovered } from '../core/cover.js'
import type { Span } from '../core/diagnostic.js'

/** File name to text. */
export type Sources = ReadonlyMap<string, string>

/** The source line in which a span begins, cut into what stands before, in and after the span. */
export interface Excerpt {
  readonly before: string
  readonly marked: string
  readonly after: string
  /** The header of the block that the place is in: `resource "trifacta_person" "jane"`. */
  readonly context: string | undefined
}

/** The excerpt for a message; undefined if the text is not at hand, or is not the one that the span was made from. */
export function excerptOf(span: Span, sources: Sources): Excerpt | undefined {
  const text = sources.get(span.file)
  if (text === undefined || span.start.offset > text.length || span.end.offset < span.start.offset)
    return undefined
  const from = lineStart(text, span.start.offset)
  const newline = text.indexOf('\n', span.start.offset)
  const to = newline < 0 ? text.length : newline
  const end = Math.min(span.end.offset, to)
  return {
    before: maskCovered(text.slice(from, span.start.offset)),
    marked: maskCovered(text.slice(span.start.offset, end)),
    after: maskCovered(text.slice(end, to).replace(/\r$/, '')),
    context: contextOf(text, from),
  }
}

/** Where the line begins that the index is in. */
function lineStart(text: string, index: number): number {
  return index <= 0 ? 0 : text.lastIndexOf('\n', index - 1) + 1
}

const header = /^([a-z_]+(?:[ \t]+(?:"(?:[^"\\]|\\.)*"|[\w-]+))*)[ \t]*\{/

/**
 * The header of the top-level block around the line that begins at `from`. Found by layout, not by parsing, because messages
 * must be shown for files that cannot be parsed too: blocks begin and end at the left margin.
 */
function contextOf(text: string, from: number): string | undefined {
  let start = from
  for (;;) {
    const newline = text.indexOf('\n', start)
    const line = text.slice(start, newline < 0 ? text.length : newline)
    const found = header.exec(line)?.[1]
    if (found !== undefined) return start === from || !/\}\s*(#.*)?$/.test(line) ? found : undefined
    if (start !== from && line.startsWith('}')) return undefined
    if (start === 0) return undefined
    start = lineStart(text, start - 1)
  }
}
