import { abandon, addError, type Parser } from './parser-state.js'
import { shown } from './syntax-error.js'
import type { Token } from './token.js'

/** The text that a token of template text stands for: escapes resolved. In heredocs a backslash is only a backslash. */
export function decodeText(p: Parser, token: Token): string {
  const raw = p.source.text.slice(token.start, token.end)
  const quoted = token.mode.kind === 'quoted'
  if (!(quoted && raw.includes('\\')) && !raw.includes('{')) return raw
  return raw.replace(
    quoted ? /\\(?:u[0-9A-Fa-f]{0,4}|U[0-9A-Fa-f]{0,8}|[\s\S]?)|\$\$\{|%%\{/gu : /\$\$\{|%%\{/g,
    (sequence, at: number) => {
      if (!sequence.startsWith('\\')) return sequence.slice(1)
      return unescaped(sequence) ?? invalidEscape(p, sequence, token.start + at)
    },
  )
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

/**
 * If a string starts with the token and does not end on its line, reports that and gives up: an error about where the string
 * stands would only be an echo.
 */
export function checkString(p: Parser, token: Token): void {
  if (token.kind !== 'quote-open') return
  p.next()
  while (p.peek().mode.depth > token.mode.depth) {
    const inner = p.peek()
    if (inner.kind === 'eof') break
    if (inner.kind === 'quote-close' && inner.start === inner.end) {
      p.next()
      abandon()
    }
    p.skip()
  }
  p.goBack(token)
}
