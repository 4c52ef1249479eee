import { bracketChange, type FormatToken } from './format-token.js'
import type { TokenKind } from './token.js'

const set = (...kinds: readonly TokenKind[]): ReadonlySet<TokenKind> => new Set(kinds)

const startsText = set('quote-open', 'heredoc-open', 'text')
const endsText = set('text', 'quote-close', 'heredoc-close')
const sequences = set('interpolation', 'directive')
const indexable = set('identifier', 'number')

/** A minus after one of these is a sign, not a subtraction. */
const beforeSign = set(
  ...(['(', '{', '[', '=', ':', ',', '?', '+', '*', '/', '%', '-'] as const),
  ...(['==', '!=', '>', '>=', '<', '<=', '&&', '||', '!'] as const),
)

/**
 * Whether a space stands between two tokens of a cell. The rules are tried in order; the first that knows decides.
 * @param previous what stands before `left` in the cell
 */
export function spaceBetween(
  previous: FormatToken | undefined,
  left: FormatToken,
  right: FormatToken,
): boolean {
  if (right.kind === 'newline') return false
  const name = left.kind === 'identifier'
  // Calls: `f(`, `space::f`.
  if (name && (right.kind === '(' || right.kind === '::')) return false
  if (left.kind === '::' && right.kind === 'identifier') return false
  // Steps and lists: `a.b`, `a, b`, `list...`.
  if (left.kind === '.' || right.kind === '.' || right.kind === ',' || right.kind === '...') return false
  if (left.kind === ',') return true
  // Templates keep their spaces.
  if (startsText.has(left.kind) || endsText.has(right.kind)) return false
  // `x in [...]` is not an index.
  if (name && left.text === 'in' && previous?.kind === 'identifier') return true
  if (right.kind === '[' && (indexable.has(left.kind) || bracketChange(left) < 0)) return false
  if (left.kind === '!') return false
  if (left.kind === '-') return previous !== undefined && !beforeSign.has(previous.kind)
  // Braces have spaces inside, unless they are empty.
  if (left.kind === '{' || right.kind === '}') return !(left.kind === '{' && right.kind === '}')
  if (sequences.has(left.kind) && right.kind === '{') return true
  if (left.kind === '}' && right.kind === 'sequence-end') return true
  if (left.kind === 'sequence-end' && sequences.has(right.kind)) return false
  return bracketChange(left) <= 0 && bracketChange(right) >= 0
}
