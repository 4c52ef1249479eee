import type { Expr } from './ast.js'
import type { ForHead } from './for.js'

/** What a template consists of, in order; `if` and `for` are not yet matched with their ends. Offsets in the source. */
export type Piece =
  | { readonly kind: 'text'; value: string; readonly start: number; readonly end: number }
  | { readonly kind: 'interpolation'; readonly value: Expr; readonly start: number; readonly end: number }
  | { readonly kind: 'if'; readonly condition: Expr; readonly start: number; readonly end: number }
  | { readonly kind: 'for'; readonly head: ForHead; readonly start: number; readonly end: number }
  /** `unknown` stands where a sequence was given up. */
  | { readonly kind: 'else' | 'endif' | 'endfor' | 'unknown'; readonly start: number; readonly end: number }

// White space as Unicode has it: what `~` strips and what indentation consists of. `\s` is not quite the same.
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

/** How many characters of white space the text starts with. */
export function leadingSpaces(text: string): number {
  let count = 0
  while (count < text.length && space.test(text[count] as string)) count++
  return count
}

export function trimEnd(text: string): string {
  let end = text.length
  while (end > 0 && space.test(text[end - 1] as string)) end--
  return text.slice(0, end)
}
