import { findMatch, type Search, type Slots } from './regex/match.js'
import { parsePattern } from './regex/parse.js'
import { compile } from './regex/program.js'

export { PatternError } from './regex/pattern.js'

/**
 * A regular expression in RE2's syntax, with RE2's promise: matching takes time in proportion to the text. JavaScript's own
 * expressions cannot promise it, and a pattern in a shared module must not be able to stop a nightly job.
 */
export interface Regex {
  /** The name of every capture group, in order; undefined for one without. */
  readonly groups: readonly (string | undefined)[]
  /**
   * All matches from left to right, not overlapping; an empty one right after another is left out.
   * @param spend counts the steps that it takes, and throws when they are too many: one search takes time in proportion to
   *   the text, but each match starts another.
   */
  matches(text: string, spend: (steps: number) => void): Iterable<Match>
}

export interface Match {
  /** Where it starts and ends in the text, as UTF-16 indexes. */
  readonly start: number
  readonly end: number
  readonly text: string
  /** The text of every group, undefined for one that took no part. */
  readonly groups: readonly (string | undefined)[]
}

const cache = new Map<string, Regex>()
const mostCached = 200

/** Throws a `PatternError`, whose message says what is wrong with the pattern. */
export function regex(source: string): Regex {
  const cached = cache.get(source)
  if (cached !== undefined) return cached
  const { pattern, groups } = parsePattern(source)
  const program = compile(pattern)
  const result: Regex = {
    groups,
    *matches(text, spend) {
      const codePoints = Array.from(text, (c) => c.codePointAt(0) as number)
      const offsets = offsetsOf(codePoints)
      const search: Search = {
        program,
        text: codePoints,
        groups: groups.length,
        seen: new Uint32Array(program.length),
        round: 0,
        spend,
      }
      let last = -1
      for (let from = 0; from <= codePoints.length; ) {
        const slots = findMatch(search, from)
        if (slots === undefined) return
        const [start = 0, end = 0] = slots
        if (end > start || start !== last) yield toMatch(text, slots, offsets)
        last = end
        from = end > start ? end : end + 1
      }
    },
  }
  if (cache.size >= mostCached) cache.clear()
  cache.set(source, result)
  return result
}

function offsetsOf(codePoints: readonly number[]): readonly number[] {
  const offsets = [0]
  let offset = 0
  for (const codePoint of codePoints) {
    offset += codePoint > 0xffff ? 2 : 1
    offsets.push(offset)
  }
  return offsets
}

function toMatch(text: string, slots: Slots, offsets: readonly number[]): Match {
  const part = (group: number): string | undefined => {
    const start = slots[group * 2] ?? -1
    const end = slots[group * 2 + 1] ?? -1
    return start < 0 || end < 0 ? undefined : text.slice(offsets[start], offsets[end])
  }
  const groups = Array.from({ length: slots.length / 2 - 1 }, (_, i) => part(i + 1))
  return { start: offsets[slots[0] ?? 0] ?? 0, end: offsets[slots[1] ?? 0] ?? 0, text: part(0) ?? '', groups }
}
