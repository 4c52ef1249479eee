import type { Label } from './ast.js'
import { indentation } from './brackets.js'
import { toNfc } from './nfc.js'
import { addError, type Parser, place } from './parser-state.js'
import { decodeText } from './string.js'
import type { Token } from './token.js'
import { nameOf, shownToken, spanOf } from './token-text.js'

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
  const end = p.peek()
  const label = labels[labels.length - 1] as Label
  while (p.peek().kind === 'newline') p.next()
  const next = p.peek()
  const braceFollows = next.kind === '{'
  const indented = next.kind === 'identifier' && indentation(p, next) > indentation(p, type)
  if (braceFollows || indented || labels.length > 1) {
    addError(
      p,
      'missing-brace',
      braceFollows ? spanOf(p, next) : label.span,
      braceFollows
        ? 'The { of a block stands on the line of its name and labels.'
        : `The block ${nameOf(p, type)} has no { at the end of its line.`,
      'Write the { at the end of the line with the name.',
    )
    if (braceFollows || indented) return true
  } else {
    addError(
      p,
      'missing-equals',
      label.span,
      `Expected = or a block after ${nameOf(p, type)}, but found ${label.text}.`,
      `Write ${nameOf(p, type)} = value for an argument, or end the line with { for a block.`,
    )
  }
  p.goBack(end)
  return false
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
  return token.kind !== '=' && goToBrace(p, token)
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
