import type { Label } from './ast.js'
import { continuesExpression } from './body-mistakes.js'
import { indentation } from './indentation.js'
import { createLexer } from './lexer.js'
import { toNfc } from './nfc.js'
import { addError, type Parser, place } from './parser-state.js'
import { itemAt, skipTo } from './recovery.js'
import { decodeText } from './string.js'
import type { Token } from './token.js'
import { nameOf, shownToken, spanOf } from './token-text.js'

/**
 * Whether what follows the name is the header of a block, be it with mistakes, and not a value without its equals sign. The
 * name is taken.
 */
export function looksLikeBlock(p: Parser, name: Token): boolean {
  const token = p.peek()
  if (token.kind === '{') return true
  if (token.kind === 'newline') return bodyIsIndented(p, name)
  if (token.kind !== 'identifier' && token.kind !== 'quote-open') return false
  if (itemAt(p, name) === 'block') return true
  const { labels, stop } = scanLabels(p, token)
  if (stop.kind === 'newline' || stop.kind === 'eof') return labels > 1 || bodyIsIndented(p, name)
  return !continuesValue(stop) && !closesValue(stop)
}

/** Looks ahead, over what could be labels. */
function scanLabels(p: Parser, token: Token): { readonly labels: number; readonly stop: Token } {
  const lexer = createLexer(p.source.text, token.start, token.mode)
  for (let labels = 0; ; labels++) {
    let next = lexer.next()
    while (next.kind === 'comment') next = lexer.next()
    if (next.kind === 'identifier') continue
    if (next.kind !== 'quote-open') return { labels, stop: next }
    while (next.kind !== 'quote-close' || next.mode.depth > token.mode.depth + 1) {
      if (next.kind === 'eof' || next.kind === 'newline') return { labels, stop: next }
      next = lexer.next()
    }
    if (next.problem !== undefined) return { labels, stop: next }
  }
}

function continuesValue(token: Token): boolean {
  return token.kind === '(' || token.kind === '[' || continuesExpression(token)
}

function closesValue(token: Token): boolean {
  return token.kind === ')' || token.kind === ']' || token.kind === '}'
}

/** Whether the next line that is not empty starts with the brace of a block, or with an item that is indented deeper. */
function bodyIsIndented(p: Parser, name: Token): boolean {
  const next = firstOfNextLine(p, name)
  if (next.kind === '{') return true
  return (
    next.kind === 'identifier' && indentation(p, next) > indentation(p, name) && itemAt(p, next) !== undefined
  )
}

function firstOfNextLine(p: Parser, token: Token): Token {
  const lexer = createLexer(p.source.text, p.source.nextLine(token.start), token.mode)
  for (;;) {
    const next = lexer.next()
    if (next.kind !== 'newline' && next.kind !== 'comment') return next
  }
}

/**
 * Reads the labels of a block up to where its body starts: the opening brace, or what follows if it is missing but the
 * body is there. Returns undefined if there is no body; the error is reported then.
 */
export function parseBlockHeader(p: Parser, type: Token): readonly Label[] | undefined {
  const labels: Label[] = []
  for (;;) {
    const token = p.peek()
    switch (token.kind) {
      case '{':
        return labels
      case 'identifier':
        p.next()
        labels.push({ text: nameOf(p, token), span: spanOf(p, token) })
        break
      case 'quote-open': {
        const label = parseQuotedLabel(p)
        if (label === undefined) return goToBrace(p, token) ? labels : undefined
        labels.push(label)
        break
      }
      case 'newline':
      case 'eof':
        return bodyFollows(p, type, labels) ? labels : undefined
      default:
        return bodyAfterStray(p, type, token) ? labels : undefined
    }
  }
}

/** Undefined if the label is broken so that the rest of its line means nothing. */
function parseQuotedLabel(p: Parser): Label | undefined {
  const open = p.next()
  const limit = p.source.nextLine(open.start)
  const inside = (): boolean =>
    p.peek().mode.depth > open.mode.depth && p.peek().start < limit && p.peek().kind !== 'eof'
  let text = ''
  while (inside()) {
    const token = p.next()
    if (token.kind === 'text') text += decodeText(p, token)
    if (token.kind === 'interpolation' || token.kind === 'directive') {
      const opening = p.source.text.slice(token.start, token.start + 2)
      addError(
        p,
        'template-in-label',
        spanOf(p, token),
        `A label is fixed text: ${opening} is not evaluated in it.`,
        `For the characters ${opening} themselves, write ${opening[0]}${opening}.`,
      )
      while (inside()) p.skip()
    }
  }
  if (p.last.kind !== 'quote-close' || p.last.start === p.last.end || p.last.mode.start !== open.start)
    return undefined
  return { text: toNfc(text), span: p.source.span(open.start, p.last.end) }
}

/** The header's line has ended without a brace. */
function bodyFollows(p: Parser, type: Token, labels: readonly Label[]): boolean {
  const follows = bodyIsIndented(p, type)
  const next = firstOfNextLine(p, type)
  const onNextLine = next.kind === '{'
  addError(
    p,
    'missing-brace',
    onNextLine ? spanOf(p, next) : (labels[labels.length - 1]?.span ?? spanOf(p, type)),
    onNextLine
      ? 'The { of a block stands on the line of its name and labels.'
      : `The block ${nameOf(p, type)} has no { at the end of its line.`,
    'Write the { at the end of the line with the name.',
  )
  if (onNextLine) while (p.peek().kind === 'newline') p.next()
  return follows
}

/** Something that is neither a label nor a brace. */
function bodyAfterStray(p: Parser, type: Token, token: Token): boolean {
  p.next()
  if (token.problem === undefined) {
    addError(
      p,
      'invalid-block-header',
      place(p, token),
      token.kind === '='
        ? `Before = stands one name, but here are several after ${nameOf(p, type)}.`
        : `After the name of a block come labels in double quotes and {, but here is ${shownToken(p, token)}.`,
      token.kind === '='
        ? 'Write the name without spaces, or use the = inside of a block.'
        : 'Write name "label" { … }.',
    )
  }
  if (token.kind !== '=') return goToBrace(p, token)
  // Without its opening brace, the closing brace of a block on one line is left over.
  skipTo(p, token.mode, ['newline'])
  if (p.peek().kind === '}' && p.peek().start < p.source.nextLine(type.start)) p.skip()
  return false
}

/** If the line ends with a brace, the block is there in spite of the error: goes to the brace. */
function goToBrace(p: Parser, from: Token): boolean {
  const line = p.source.text.slice(from.start, p.source.nextLine(from.start))
  const brace = /\{\s*(?:(?:#|\/\/).*)?\s*$/.exec(line)
  // `${` at the end of the line belongs to a template.
  if (brace === null || line[brace.index - 1] === '$' || line[brace.index - 1] === '%') return false
  p.moveTo(from.start + brace.index, from.mode, false)
  return true
}
