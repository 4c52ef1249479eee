import { shown } from './syntax-error.js'
import type { Mode, Problem, Punctuation, Token, TokenKind } from './token.js'

const identifierStart = /^[\p{ID_Start}_]/u
const identifierPart = /^[\p{ID_Continue}-]/u
const decimal = /^[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?$/
const heredocAttempt = /<<-?[ \t]{0,100}["']?[\p{ID_Start}_]/uy
const spaceLike = /[\p{Zs}\p{Cf}\v\f\r]/u

const punctuation: readonly (readonly Punctuation[])[] = byFirstCharacter([
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  ',',
  '...',
  '.',
  '::',
  ':',
  '?',
  '=>',
  '==',
  '=',
  '!=',
  '!',
  '<=',
  '<',
  '>=',
  '>',
  '+',
  '-',
  '*',
  '/',
  '%',
  '&&',
  '||',
  ';',
])

/** Reads one token of code at `at`, where there is neither space nor end of text. Newlines and comments are tokens too. */
export function readCode(text: string, at: number, mode: Mode, first: boolean): Token {
  const token = (kind: TokenKind, end: number, problem?: Problem): Token => ({
    kind,
    start: at,
    end,
    mode,
    first,
    problem,
  })
  const c = text.charCodeAt(at)

  if ((c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || c === 0x5f) {
    return token('identifier', identifierEnd(text, at))
  }
  if (isDigit(c)) return readNumber(text, at, mode, token)
  switch (c) {
    case 0x0a:
      return token('newline', at + 1)
    case 0x0d:
      if (text.charCodeAt(at + 1) === 0x0a) return token('newline', at + 2)
      break
    case 0x22:
      return token('quote-open', at + 1)
    case 0x23:
      return token('comment', lineEnd(text, at))
    case 0x2f:
      if (text.charCodeAt(at + 1) === 0x2f) return token('comment', lineEnd(text, at))
      if (text.charCodeAt(at + 1) === 0x2a) return readBlockComment(text, at, token)
      break
    case 0x3c:
      if (text.charCodeAt(at + 1) === 0x3c) return readHeredocIntroducer(text, at, token)
      break
    case 0x7d:
      return token(mode.kind === 'sequence' && mode.braces === 0 ? 'sequence-end' : '}', at + 1)
    case 0x7e:
      if (mode.kind === 'sequence' && mode.braces === 0 && text.charCodeAt(at + 1) === 0x7d) {
        return token('sequence-end', at + 2)
      }
      break
  }
  for (const mark of punctuation[c] ?? []) {
    if (text.startsWith(mark, at)) return token(mark, at + mark.length)
  }
  const unicodeEnd = identifierEnd(text, at)
  if (unicodeEnd >= 0) return token('identifier', unicodeEnd)
  return readInvalid(text, at, token)
}

type Make = (kind: TokenKind, end: number, problem?: Problem) => Token

function readNumber(text: string, at: number, mode: Mode, token: Make): Token {
  const end = numberEnd(text, at)
  const digits = text.slice(at, end)
  // `a.0.1` is two legacy indexes, which the parser takes apart.
  const afterDot = text[at - 1] === '.'
  const tail = identifierEnd(text, end)
  if (tail >= 0 && !(mode.kind === 'code' && afterDot)) {
    return token('number', tail, {
      code: 'invalid-number',
      start: at,
      end: tail,
      detail: `${shown(text.slice(at, tail))} starts like a number but is none.`,
      help: 'Numbers are written in decimal digits, such as 12, 1.5 or 1e3; put text between double quotes.',
    })
  }
  if (afterDot || decimal.test(digits)) return token('number', end)
  return token('number', end, {
    code: 'invalid-number',
    start: at,
    end,
    detail: `${shown(digits)} is not a number.`,
    help: `If it is text, such as a version, put it between double quotes: "${shown(digits)}".`,
  })
}

/** Digits, dots between digits, and exponents: what was meant as one number, whether it is one or not. */
function numberEnd(text: string, at: number): number {
  let end = at + 1
  for (let i = end; ; i++) {
    const c = text.charCodeAt(i)
    if (isDigit(c)) end = i + 1
    else if (c === 0x65 || c === 0x45) {
      const signed = text.charCodeAt(i + 1) === 0x2b || text.charCodeAt(i + 1) === 0x2d
      if (!isDigit(text.charCodeAt(signed ? i + 2 : i + 1))) return end
      if (signed) i++
    } else if (c !== 0x2e) return end
  }
}

function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39
}

function readBlockComment(text: string, at: number, token: Make): Token {
  const close = text.indexOf('*/', at + 2)
  if (close >= 0) return token('comment', close + 2)
  return token('eof', text.length, {
    code: 'unterminated-comment',
    start: at,
    end: at + 2,
    detail: 'The comment that starts here has no end: everything after it is ignored.',
    help: 'End it with */.',
  })
}

function readHeredocIntroducer(text: string, at: number, token: Make): Token {
  const marker = identifierEnd(text, text[at + 2] === '-' ? at + 3 : at + 2)
  if (marker >= 0) {
    const newline = text[marker] === '\r' ? marker + 1 : marker
    if (text[newline] === '\n') return token('heredoc-open', newline + 1)
  }
  if (matchEnd(heredocAttempt, text, at) < 0) return token('<', at + 1)
  const attempt = lineEnd(text, at)
  return token('invalid', heredocEnd(text, at, attempt), {
    code: 'heredoc-introducer',
    start: at,
    end: attempt,
    detail:
      'A heredoc starts with << or <<- and a marker of letters and digits, and nothing after it on the line.',
    help: 'Write it as <<EOT, without spaces or quotes, and let the text start on the next line.',
  })
}

const longestHeredoc = 20_000

/** Where a heredoc with a wrong introducer was probably meant to end, so that its text is not read as code. */
function heredocEnd(text: string, at: number, introducerEnd: number): number {
  const words = text.slice(at, Math.min(introducerEnd, at + 200))
  const marker = /^<<-?[ \t]*["']?([\p{ID_Start}_][\p{ID_Continue}-]*)/u.exec(words)?.[1] ?? ''
  const letters = words.replace(/[^\p{ID_Continue}]/gu, '')
  const close = new RegExp(`^[ \\t]*(?:${marker}|${letters})[ \\t]*\r?$`, 'mu')
  const match = close.exec(text.slice(introducerEnd, introducerEnd + longestHeredoc))
  return match === null ? introducerEnd : introducerEnd + match.index + match[0].trimEnd().length
}

function readInvalid(text: string, at: number, token: Make): Token {
  const character = String.fromCodePoint(text.codePointAt(at) as number)
  const end = at + character.length
  const quotes = quoting[character]
  if (quotes !== undefined) {
    const close = closingQuote(text, end, quotes.closers)
    return token('invalid', close, {
      code: quotes.code,
      start: at,
      end: close,
      detail: `Strings do not stand between ${quotes.name}.`,
      help: 'Use double quotes: "…".',
    })
  }
  if (character === '&' || character === '|') {
    const double = character === '&' ? '&&' : '||'
    return token(double, end, {
      code: 'bitwise-operator',
      start: at,
      end,
      detail: `There is no operator ${character}: bits cannot be combined.`,
      help: `For a condition, write ${double}.`,
    })
  }
  return token('invalid', end, {
    code: 'invalid-character',
    start: at,
    end,
    detail: `${nameOf(character)} has no meaning here.`,
    help: spaceLike.test(character)
      ? 'It looks like a space but is another character, as in text copied from a web page or a document. Type a space instead.'
      : 'Remove it, or put it between double quotes if it is part of a text.',
  })
}

const quoting: Readonly<
  Record<
    string,
    {
      readonly code: 'single-quotes' | 'curly-quotes' | 'back-quotes'
      readonly name: string
      readonly closers: string
    }
  >
> = {
  "'": { code: 'single-quotes', name: 'single quotes', closers: "'" },
  '`': { code: 'back-quotes', name: 'back quotes', closers: '`' },
  '‘': { code: 'curly-quotes', name: 'curly quotes', closers: "‘’'" },
  '’': { code: 'curly-quotes', name: 'curly quotes', closers: "‘’'" },
  '“': { code: 'curly-quotes', name: 'curly quotes', closers: '“”"' },
  '”': { code: 'curly-quotes', name: 'curly quotes', closers: '“”"' },
}

/** The end of the string that a wrong quote started: after its counterpart on the same line, else after the quote alone. */
function closingQuote(text: string, from: number, closers: string): number {
  for (let i = from; i < text.length; i++) {
    const c = text[i] as string
    if (c === '\n') break
    if (closers.includes(c)) return i + 1
  }
  return from
}

function nameOf(character: string): string {
  const point = (character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(character)
    ? `The character ${character} (U+${point})`
    : `The character U+${point}`
}

/**
 * The end of the identifier at `at`, or -1. Read by hand, because regular expressions for characters of Unicode need a stack
 * that is as deep as what they match is long.
 */
function identifierEnd(text: string, at: number): number {
  let end = at
  for (;;) {
    const c = text.charCodeAt(end)
    const letter = (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || c === 0x5f
    if (letter || (end > at && (isDigit(c) || c === 0x2d))) end++
    else if (c > 0x7f) {
      const character = String.fromCodePoint(text.codePointAt(end) as number)
      if (!(end > at ? identifierPart : identifierStart).test(character)) break
      end += character.length
    } else break
  }
  return end > at ? end : -1
}

function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at)
  if (newline < 0) return text.length
  return text.charCodeAt(newline - 1) === 0x0d ? newline - 1 : newline
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}

function byFirstCharacter(marks: readonly Punctuation[]): readonly (readonly Punctuation[])[] {
  const table: Punctuation[][] = Array.from({ length: 0x80 }, () => [])
  for (const mark of marks) table[mark.charCodeAt(0)]?.push(mark)
  return table
}
