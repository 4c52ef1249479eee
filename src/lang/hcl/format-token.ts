import type { TokenKind } from './token.js'

export interface FormatToken {
  readonly kind: TokenKind
  text: string
  /** How many spaces stand before it: what formatting changes. */
  spaces: number
}

/** Tokens of a line that stay together. */
export type Cell = readonly FormatToken[]

/** A line in the sense of the layout: a heredoc or a string over several lines is one, with what stands before and after it. */
export interface Line {
  /** Everything before the equals sign of an attribute that ends on the line, or all. */
  readonly lead: Cell
  /** From the equals sign on. */
  readonly assign: Cell
  /** A comment after something else: one token, or none. */
  readonly comment: Cell
}

/** How many brackets the token opens (1) or closes (-1). */
export function bracketChange(token: FormatToken): -1 | 0 | 1 {
  switch (token.kind) {
    case '{':
    case '[':
    case '(':
    case 'interpolation':
    case 'directive':
      return 1
    case '}':
    case ']':
    case ')':
    case 'sequence-end':
      return -1
    default:
      return 0
  }
}
