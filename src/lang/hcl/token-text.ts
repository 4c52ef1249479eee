import type { Span } from '../../core/diagnostic.js'
import { toNfc } from './nfc.js'
import type { Parser } from './parser-state.js'
import { shown } from './syntax-error.js'
import type { Token } from './token.js'

/** The name that an identifier token stands for. */
export function nameOf(p: Parser, token: Token): string {
  return toNfc(p.source.text.slice(token.start, token.end))
}

export function isWord(p: Parser, token: Token, word: string): boolean {
  return token.kind === 'identifier' && p.source.text.slice(token.start, token.end) === word
}

export function spanOf(p: Parser, token: Token): Span {
  return p.source.span(token.start, token.end)
}

/** How a message names a token. */
export function shownToken(p: Parser, token: Token): string {
  switch (token.kind) {
    case 'newline':
      return 'the end of the line'
    case 'eof':
      return 'the end of the file'
    case 'quote-open':
      return 'a string'
    case 'quote-close':
      return 'the end of the string'
    case 'heredoc-open':
      return 'a heredoc'
    default:
      return shown(p.source.text.slice(token.start, token.end))
  }
}

/** Whether an expression can start with the token. */
export function startsExpression(token: Token): boolean {
  switch (token.kind) {
    case 'identifier':
    case 'number':
    case 'quote-open':
    case 'heredoc-open':
    case '(':
    case '[':
    case '{':
    case '!':
    case 'invalid':
      return true
    default:
      return false
  }
}
