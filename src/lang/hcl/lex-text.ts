import type { Mode, Problem, Token, TokenKind } from './token.js'

/**
 * Reads one token of template text at `at`: literal text, the start of a sequence, or the closing quote or marker. The
 * caller has dealt with the end of a bare template.
 */
export function readText(text: string, at: number, mode: Mode): Token {
  const token = (kind: TokenKind, end: number, problem?: Problem): Token => ({
    kind,
    start: at,
    end,
    mode,
    first: false,
    problem,
  })
  const sequence = sequenceAt(text, at)
  if (sequence !== undefined) return token(sequence, text[at + 2] === '~' ? at + 3 : at + 2)
  if (mode.kind === 'quoted') {
    const c = text[at]
    if (c === '"') return token('quote-close', at + 1)
    if (c === undefined || c === '\n' || (c === '\r' && text[at + 1] === '\n')) {
      const close = closeOnLaterLine(text, at)
      if (close >= 0) return token('quote-close', close, multiLineString(mode))
      return token('quote-close', at, unterminatedString(text, at, mode))
    }
    return token('text', quotedEnd(text, at))
  }
  if (mode.kind === 'heredoc') {
    if (at >= text.length) return token('heredoc-close', at, unterminatedHeredoc(text, mode))
    if (text[at - 1] === '\n') {
      const close = markerEnd(text, at, mode.marker)
      if (close >= 0) return token('heredoc-close', close)
    }
  }
  return token('text', lineTextEnd(text, at))
}

/** What an unterminated quoted string leaves: code again, outside of every string that began on its line. */
export function unwound(text: string, at: number, quoted: Mode): Mode {
  const line = text.lastIndexOf('\n', at - 1) + 1
  let left = quoted.parent as Mode
  for (let mode: Mode | undefined = left; mode !== undefined && mode.start >= line; mode = mode.parent) {
    if (mode.kind === 'quoted') left = mode.parent as Mode
  }
  return left
}

function sequenceAt(text: string, at: number): 'interpolation' | 'directive' | undefined {
  if (text[at + 1] !== '{') return undefined
  return text[at] === '$' ? 'interpolation' : text[at] === '%' ? 'directive' : undefined
}

/** Where the literal text from `at` on ends: at a quote, a line break or the start of a sequence that is not escaped. */
function quotedEnd(text: string, at: number): number {
  for (let i = at; ; i++) {
    switch (text.charCodeAt(i)) {
      case 0x5c: {
        const escaped = text.charCodeAt(i + 1)
        if (escaped !== 0x0a && escaped !== 0x0d && !Number.isNaN(escaped)) i++
        break
      }
      case 0x24:
      case 0x25:
        if (text[i + 1] === '{') return i
        if (text[i + 1] === text[i] && text[i + 2] === '{') i += 2
        break
      case 0x0d:
        if (text[i + 1] === '\n') return i
        break
      case 0x22:
      case 0x0a:
        return i
    }
    if (i >= text.length) return text.length
  }
}

/** Where the literal text from `at` on ends in a heredoc or bare template: after the line break or before a sequence. */
function lineTextEnd(text: string, at: number): number {
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 0x0a) return i + 1
    if (c === 0x24 || c === 0x25) {
      if (text[i + 1] === '{') return i
      if (text[i + 1] === text[i] && text[i + 2] === '{') i += 2
    }
  }
  return text.length
}

const blank = /[^\S\n]*/y

/** If the line at `at` holds nothing but the marker: where the line ends (before its line break). Otherwise -1. */
function markerEnd(text: string, at: number, marker: string): number {
  blank.lastIndex = at
  blank.test(text)
  const start = blank.lastIndex
  if (!text.startsWith(marker, start)) return -1
  blank.lastIndex = start + marker.length
  blank.test(text)
  const end = blank.lastIndex
  if (text[end] !== '\n') return -1
  return text[end - 1] === '\r' ? end - 1 : end
}

const itemLine =
  /^[ \t]*(?:[\p{ID_Start}_][\p{ID_Continue}-]{0,200}(?:[ \t]+"[^"]{0,500}"){0,10}[ \t]*(?:=(?![=>])|\{)|[}\])#])/u
const longestMultiLine = 50
const longestLine = 5_000

/**
 * Where a quoted string that breaks its line was probably meant to end: behind the first quote on one of the next lines, if
 * that is not paired on its line and no line before looks like code. Otherwise -1.
 */
function closeOnLaterLine(text: string, at: number): number {
  let start = text.indexOf('\n', at) + 1
  for (let count = 0; start > 0 && count < longestMultiLine; count++) {
    const newline = text.indexOf('\n', start)
    const line = text.slice(start, Math.min(newline < 0 ? text.length : newline, start + longestLine))
    if (itemLine.test(line)) return -1
    const quotes = [...line.matchAll(/\\.|(")/g)].filter((match) => match[1] !== undefined)
    const [first] = quotes
    if (first !== undefined) return quotes.length % 2 === 1 ? start + first.index + 1 : -1
    start = newline + 1
  }
  return -1
}

function multiLineString(mode: Mode): Problem {
  return {
    code: 'unterminated-string',
    start: mode.start,
    end: mode.start + 1,
    detail: 'The string that starts here has a line break in it.',
    help: 'Write \\n for the line break, or use a heredoc (<<EOT) for text of several lines.',
  }
}

function unterminatedString(text: string, at: number, mode: Mode): Problem {
  const outside = unwound(text, at, mode)
  if (mode.parent !== outside && mode.parent?.kind === 'sequence') {
    return {
      code: 'unclosed-interpolation',
      start: mode.parent.start,
      end: mode.parent.start + 2,
      detail: `The ${text.slice(mode.parent.start, mode.parent.start + 2)} that starts here has no } before the line ends.`,
      help: 'Close it with }, and check the quotes and brackets inside.',
    }
  }
  const escapedQuote = text[at - 1] === '"' && text[at - 2] === '\\'
  return {
    code: 'unterminated-string',
    start: mode.start,
    end: mode.start + 1,
    detail: 'The string that starts here has no closing quote on its line.',
    help: escapedQuote
      ? 'The last quote of the line is part of the text because of the \\ before it. For a backslash, write \\\\.'
      : 'Close it with ". For text of several lines use \\n or a heredoc (<<EOT).',
  }
}

function unterminatedHeredoc(text: string, mode: Mode): Problem {
  const lastLine = text.slice(text.lastIndexOf('\n') + 1)
  const introducer = text.indexOf('\n', mode.start)
  if (lastLine.trim() === mode.marker) {
    return {
      code: 'unterminated-heredoc',
      start: text.length - lastLine.trimStart().length,
      end: text.length,
      detail: `The closing marker ${mode.marker} must be followed by a line break, and the file ends here.`,
      help: 'Add a line break at the end of the file.',
    }
  }
  return {
    code: 'unterminated-heredoc',
    start: mode.start,
    end: text[introducer - 1] === '\r' ? introducer - 1 : introducer,
    detail: `The heredoc that starts here has no line that holds only its marker ${mode.marker}.`,
    help: `End the text with a line that holds only ${mode.marker}; spaces before it are allowed.`,
  }
}
