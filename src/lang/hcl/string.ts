import { createLexer } from './lexer.js'
import { abandon, addError, type Parser } from './parser-state.js'
import { shown } from './syntax-error.js'
import type { Token } from './token.js'

/** The text that a token of template text stands for: escapes resolved. In heredocs a backslash is only a backslash. */
export function decodeText(p: Parser, token: Token): string {
  const raw = p.source.text.slice(token.start, token.end)
  const quoted = token.mode.kind === 'quoted'
  if (raw.includes('\r')) refuseLoneReturns(p, raw, token.start)
  if (!(quoted && raw.includes('\\')) && !raw.includes('{')) return raw
  return raw.replace(
    quoted ? /\\(?:u[0-9A-Fa-f]{0,4}|U[0-9A-Fa-f]{0,8}|[\s\S]?)|\$\$\{|%%\{/gu : /\$\$\{|%%\{/g,
    (sequence, at: number) => {
      if (!sequence.startsWith('\\')) return sequence.slice(1)
      return unescaped(sequence) ?? invalidEscape(p, sequence, token.start + at)
    },
  )
}

/** A carriage return is a line break only before a line feed; alone it would silently become part of the text. */
function refuseLoneReturns(p: Parser, raw: string, at: number): void {
  for (const { index } of raw.matchAll(/\r(?!\n)/g)) {
    addError(
      p,
      'invalid-character',
      p.source.span(at + index, at + index + 1),
      'A carriage return (U+000D) stands alone in the text.',
      'Write \\r between double quotes if it is meant, or let the lines end with a line feed.',
    )
  }
}

const simpleEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }

function unescaped(sequence: string): string | undefined {
  const selector = sequence[1] ?? ''
  if (selector !== 'u' && selector !== 'U') return simpleEscapes[selector]
  if (sequence.length !== (selector === 'u' ? 6 : 10)) return undefined
  const point = Number.parseInt(sequence.slice(2), 16)
  return point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? undefined : String.fromCodePoint(point)
}

function invalidEscape(p: Parser, sequence: string, at: number): string {
  const selector = sequence[1]?.toLowerCase()
  const digits = sequence.length - 2
  const detail =
    selector !== 'u'
      ? `${shown(sequence)} is not an escape sequence.`
      : digits !== (sequence[1] === 'u' ? 4 : 8)
        ? sequence[1] === 'u'
          ? 'After \\u come four hexadecimal digits.'
          : 'After \\U come eight hexadecimal digits.'
        : `${sequence} is not a Unicode character.`
  const help = 'Write \\\\ for a backslash. The escapes are \\n \\r \\t \\" \\\\ \\uNNNN \\UNNNNNNNN.'
  addError(p, 'invalid-escape', p.source.span(at, at + sequence.length), detail, help)
  return sequence.slice(1)
}

const longestCheck = 10_000

/**
 * Before an error at the token is reported: if a string further on in the line has no end, then that is what is wrong with
 * the line, because with a quote missing, text is read as code. Reports that instead and gives up.
 */
export function checkLine(p: Parser, token: Token): void {
  const end = Math.min(p.source.nextLine(token.start), token.start + longestCheck)
  const lexer = createLexer(p.source.text, token.start, token.mode)
  for (let next = lexer.next(); next.start < end && next.kind !== 'eof'; next = lexer.next()) {
    if (next.kind !== 'quote-close' || next.problem === undefined) continue
    p.moveTo(next.start, next.mode, false)
    p.next()
    abandon()
  }
}
