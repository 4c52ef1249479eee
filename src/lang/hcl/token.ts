import type { SyntaxCode } from './syntax-error.js'

/** Punctuation is its own kind. */
export type TokenKind =
  | Punctuation
  | 'identifier'
  | 'number'
  | 'newline'
  | 'comment'
  | 'eof'
  | 'quote-open'
  | 'quote-close'
  | 'heredoc-open'
  | 'heredoc-close'
  /** Literal text of a template, escapes and all. In heredocs and bare templates one line at most. */
  | 'text'
  /** `${` or `${~`. */
  | 'interpolation'
  /** `%{` or `%{~`. */
  | 'directive'
  /** `}` or `~}` at the end of an interpolation or directive. */
  | 'sequence-end'
  /** Something that stands where an expression could: wrong quotes, a stray character. Its `problem` says what. */
  | 'invalid'

export type Punctuation =
  | '{'
  | '}'
  | '['
  | ']'
  | '('
  | ')'
  | ','
  | '.'
  | ':'
  | '::'
  | '?'
  | '='
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '=>'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '&&'
  | '||'
  | '!'
  | '...'
  | ';'

/**
 * What the lexer is inside of, from the innermost outwards. Immutable, so that a token can keep the mode that it was read
 * in and the parser can go back to it.
 */
export interface Mode {
  readonly kind: 'code' | 'quoted' | 'heredoc' | 'bare' | 'sequence'
  readonly parent: Mode | undefined
  /** 0 for the outermost. */
  readonly depth: number
  /** Where the opening quote, heredoc introducer, `${` or `%{` starts. */
  readonly start: number
  /** In a sequence: the `{` that are open in it. */
  readonly braces: number
  /** In a heredoc: its closing marker. */
  readonly marker: string
}

/** An error in the token itself. The parser reports it when it takes the token. Offsets of the place, in the text. */
export interface Problem {
  readonly code: SyntaxCode
  readonly start: number
  readonly end: number
  readonly detail: string
  readonly help: string
}

export interface Token {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
  /** The mode in which the token was read (before it opened or closed anything). */
  readonly mode: Mode
  /** First on its line, but for comments. */
  readonly first: boolean
  readonly problem: Problem | undefined
}

export function outermost(kind: 'code' | 'bare'): Mode {
  return { kind, parent: undefined, depth: 0, start: 0, braces: 0, marker: '' }
}

export function inside(parent: Mode, kind: Mode['kind'], start: number, marker = ''): Mode {
  return { kind, parent, depth: parent.depth + 1, start, braces: 0, marker }
}
