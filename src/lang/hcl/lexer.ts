import { readCode } from './lex-code.js'
import { readText, unwound } from './lex-text.js'
import { inside, type Mode, type Token } from './token.js'

/** Reads a text token by token. It can be set back to any place whose mode is known: that is how the parser recovers. */
export interface Lexer {
  /** Past the end it returns `eof` again and again. */
  next(): Token
  /** Continues at `offset` in `mode`; `first` tells whether the token there is the first on its line. */
  moveTo(offset: number, mode: Mode, first: boolean): void
}

export function createLexer(text: string, start: number, startMode: Mode): Lexer {
  let at = start
  let mode = startMode
  let first = true

  function next(): Token {
    if (mode.kind === 'quoted' || mode.kind === 'heredoc') return take(readText(text, at, mode))
    if (mode.kind === 'bare') return at < text.length ? take(readText(text, at, mode)) : eof()
    while (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09) at++
    return at < text.length ? take(readCode(text, at, mode, first)) : eof()
  }

  function take(token: Token): Token {
    at = token.end
    if (token.kind !== 'comment') first = token.kind === 'newline'
    mode = modeAfter(text, token)
    return token
  }

  function eof(): Token {
    return { kind: 'eof', start: text.length, end: text.length, mode, first, problem: undefined }
  }

  function moveTo(offset: number, to: Mode, isFirst: boolean): void {
    at = offset
    mode = to
    first = isFirst
  }

  return { next, moveTo }
}

/** The mode in which the text after the token is read. */
export function modeAfter(text: string, token: Token): Mode {
  const { kind, mode } = token
  switch (kind) {
    case 'quote-open':
      return inside(mode, 'quoted', token.start)
    case 'heredoc-open':
      return inside(
        mode,
        'heredoc',
        token.start,
        text.slice(token.start, token.end).replace(/^<<-?/, '').trimEnd(),
      )
    case 'interpolation':
    case 'directive':
      return inside(mode, 'sequence', token.start)
    case 'quote-close':
      // A problem with nothing taken: the line ends here, and what was opened on it is left open.
      return token.start === token.end ? unwound(text, token.start, mode) : (mode.parent ?? mode)
    case 'heredoc-close':
    case 'sequence-end':
      return mode.parent ?? mode
    case '{':
      return mode.kind === 'sequence' ? { ...mode, braces: mode.braces + 1 } : mode
    case '}':
      return mode.kind === 'sequence' ? { ...mode, braces: mode.braces - 1 } : mode
    default:
      return mode
  }
}
