import type { Expr, TemplatePart } from './ast.js'
import { flushLines } from './flush.js'
import { parseForHead } from './for.js'
import { toNfc } from './nfc.js'
import { abandon, addError, enter, fail, leave, type Parser, place } from './parser-state.js'
import { attempt } from './recovery.js'
import { checkLine, decodeText } from './string.js'
import { leadingSpaces, type Piece, trimEnd } from './template-piece.js'
import { buildParts } from './template-tree.js'
import type { Token } from './token.js'
import { isWord, shownToken, spanOf } from './token-text.js'

/** A quoted string or heredoc. Without sequences it is a literal. */
export function parseTemplateTerm(p: Parser): Expr {
  const open = p.peek()
  enter(p, open)
  p.next()
  const plain = parsePlainString(p, open)
  if (plain !== undefined) return plain
  const pieces = parsePieces(p)
  const close = closeHeredocEarly(p, open, pieces) ?? p.next()
  leave(p)
  // What is wrong with the closing quote is that the line ends there: nothing of this line can be trusted.
  if (close.kind === 'quote-close' && close.start === close.end) abandon()
  if (p.source.text.startsWith('<<-', open.start)) flushLines(pieces)
  const parts = buildParts(p, pieces)
  const span = p.source.span(open.start, close.end)
  const [only] = parts
  if (only === undefined) return { kind: 'literal', value: '', span }
  if (parts.length === 1 && only.kind === 'text') return { kind: 'literal', value: only.value, span }
  return { kind: 'template', parts, span }
}

/** Nearly all strings are one piece of text: they need none of the machinery. */
function parsePlainString(p: Parser, open: Token): Expr | undefined {
  const text = p.peek()
  if (text.kind !== 'text' || open.kind !== 'quote-open' || p.source.text[text.end] !== '"') return undefined
  p.next()
  const value = toNfc(decodeText(p, text))
  const close = p.next()
  leave(p)
  return { kind: 'literal', value, span: p.source.span(open.start, close.end) }
}

const longestMarker = 200

/**
 * If a heredoc runs to the end of the file, and one of its lines starts with its marker, then that line was meant to end it.
 * What follows the marker is read as code.
 */
function closeHeredocEarly(p: Parser, open: Token, pieces: Piece[]): Token | undefined {
  const close = p.peek()
  if (close.kind !== 'heredoc-close' || close.problem === undefined || p.cutShort) return undefined
  const { marker } = close.mode
  if (marker.length > longestMarker) return undefined
  const pattern = new RegExp(`^[ \\t]*(${marker})(?![\\p{ID_Continue}-]|\\s*$(?![\\s\\S]))`, 'gmu')
  pattern.lastIndex = open.end
  const match = pattern.exec(p.source.text)
  if (match === null) return undefined
  const line = match.index
  const end = pattern.lastIndex
  const kept = p.diagnostics.filter((d) => (d.span?.start.offset ?? 0) < p.source.at(line).offset)
  p.diagnostics.splice(0, p.diagnostics.length, ...kept)
  while ((pieces[pieces.length - 1]?.start ?? -1) >= line) pieces.pop()
  p.moveTo(end, open.mode, false)
  const token: Token = { ...close, start: end - marker.length, end, problem: undefined }
  p.last = token
  addError(
    p,
    'heredoc-marker',
    spanOf(p, token),
    `The marker ${marker} ends the heredoc only if nothing else stands on its line.`,
    'Put what follows it on a line of its own.',
  )
  return token
}

/** A whole text as a template. */
export function parseBareTemplate(p: Parser): readonly TemplatePart[] {
  return buildParts(p, parsePieces(p))
}

/** Reads up to the closing quote or marker, or to the end of a bare template. */
function parsePieces(p: Parser): Piece[] {
  const pieces: Piece[] = []
  const { mode } = p.peek()
  let trimNext = false
  let previous: Piece | undefined
  for (;;) {
    const token = p.peek()
    if (token.mode.depth < mode.depth) abandon()
    let piece: Piece
    switch (token.kind) {
      case 'text': {
        p.next()
        const value = decodeText(p, token)
        piece = {
          kind: 'text',
          value: trimNext ? value.slice(leadingSpaces(value)) : value,
          start: token.start,
          end: token.end,
        }
        trimNext = false
        break
      }
      case 'interpolation':
      case 'directive': {
        if (token.end - token.start === 3 && previous?.kind === 'text') {
          previous.value = trimEnd(previous.value)
        }
        piece = parseSequence(p, token)
        trimNext = p.source.text[p.last.start] === '~' && p.last.kind === 'sequence-end'
        break
      }
      default:
        return pieces
    }
    pieces.push(piece)
    previous = piece
  }
}

function parseSequence(p: Parser, open: Token): Piece {
  const { newlines } = p
  p.next()
  const piece = attempt(
    p,
    () => {
      p.newlines = false
      p.closers.push('sequence-end')
      const read = open.kind === 'interpolation' ? parseInterpolation(p, open) : parseDirective(p, open)
      p.closers.pop()
      return read
    },
    () => goBehindSequence(p, open),
  )
  p.newlines = newlines
  const [start, end] = [open.start, p.last.end]
  return piece ?? { kind: 'unknown', start, end: Math.max(open.end, end) }
}

function parseInterpolation(p: Parser, open: Token): Piece {
  const value = p.expression(p)
  endSequence(p, open)
  return { kind: 'interpolation', value, start: open.start, end: p.last.end }
}

function parseDirective(p: Parser, open: Token): Piece {
  const word = p.peek()
  const { start } = open
  if (isWord(p, word, 'if')) {
    p.next()
    const condition = p.expression(p)
    endSequence(p, open)
    return { kind: 'if', condition, start, end: p.last.end }
  }
  if (isWord(p, word, 'for')) {
    const head = parseForHead(p)
    endSequence(p, open)
    return { kind: 'for', head, start, end: p.last.end }
  }
  for (const kind of ['else', 'endif', 'endfor'] as const) {
    if (!isWord(p, word, kind)) continue
    p.next()
    endSequence(p, open)
    return { kind, start, end: p.last.end }
  }
  if (word.problem !== undefined) p.next()
  fail(
    p,
    'unknown-directive',
    place(p, word),
    `${shownToken(p, word)} is not a template directive.`,
    'The directives are %{ if }, %{ else }, %{ endif }, %{ for } and %{ endfor }. For the characters %{ themselves, write %%{.',
  )
}

function endSequence(p: Parser, open: Token): void {
  const token = p.peek()
  if (token.kind === 'sequence-end') {
    p.next()
    return
  }
  checkUnclosed(p, open, token)
  const opening = p.source.text.slice(open.start, open.start + 2)
  fail(
    p,
    'invalid-interpolation',
    place(p, token),
    `Expected } after the expression, but found ${shownToken(p, token)}.`,
    token.kind === ':' || token.kind === '%'
      ? `If this is for another language, such as a shell, write ${opening[0]}${opening} for the characters ${opening}.`
      : `Between ${opening} and } stands one expression. For the characters ${opening} themselves, write ${opening[0]}${opening}.`,
  )
}

/** Whether the sequence lacks its closing brace. A string that starts here but has no end is how that shows within quotes. */
function checkUnclosed(p: Parser, open: Token, token: Token): void {
  if (token.problem !== undefined && (!token.first || token.kind === 'eof')) {
    p.next()
    abandon()
  }
  checkLine(p, token)
  if (token.kind !== 'eof' && !token.first) return
  if (token.kind === 'eof') {
    if (p.cutShort) abandon()
    p.cutShort = true
  }
  const opening = p.source.text.slice(open.start, open.start + 2)
  fail(
    p,
    'unclosed-interpolation',
    spanOf(p, open),
    `The ${opening} that starts here has no } after its expression.`,
    'Close it with }, and check the quotes and brackets inside.',
  )
}

/**
 * After an error in a sequence: goes behind its closing brace if that stands on the same line. Otherwise the brace may be
 * what is missing, and the next line is read as what it would be without the sequence: text of a heredoc, or code.
 */
function goBehindSequence(p: Parser, open: Token): void {
  p.newlines = false
  const limit = p.source.nextLine(Math.max(open.start, p.last.start))
  for (;;) {
    const token = p.peek()
    if (p.ended) abandon()
    if (token.kind === 'eof' || token.start >= limit) break
    if (token.kind === 'sequence-end' && token.mode.depth === open.mode.depth + 1) {
      p.next()
      return
    }
    p.skip()
  }
  if (open.mode.kind === 'quoted') {
    p.moveTo(limit, open.mode.parent as Token['mode'])
    abandon()
  }
  p.moveTo(limit, open.mode)
}
