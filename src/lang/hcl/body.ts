import type { AttributeNode, BlockNode, Body, Expr, Label } from './ast.js'
import { parseBlockHeader } from './block-header.js'
import { endItem, type Form, misplaced, missingEquals, skipLine, wrongOneLine } from './body-mistakes.js'
import { likelyUnclosed, noteIndentation } from './brackets.js'
import { expressionIsShallow } from './depth.js'
import { addError, enter, leave, type Parser } from './parser-state.js'
import { attempt } from './recovery.js'
import type { Token } from './token.js'
import { nameOf, spanOf } from './token-text.js'

interface Items {
  readonly attributes: Map<string, AttributeNode>
  readonly blocks: BlockNode[]
  /** The brace that opened the body; undefined for a whole file. */
  readonly open: Token | undefined
  readonly form: Form
}

/** The body of a file. */
export function parseFileBody(p: Parser): Body {
  const items: Items = { attributes: new Map(), blocks: [], open: undefined, form: { kind: 'file' } }
  parseItems(p, items)
  const span = p.source.span(p.source.contentStart, p.source.text.length)
  return { attributes: [...items.attributes.values()], blocks: items.blocks, span }
}

/** The body of a block, with its braces. The opening brace is at hand, or it is missing and that is reported. */
function parseBlockBody(p: Parser, type: Token): Body {
  const braced = p.peek().kind === '{'
  const open = braced ? p.next() : type
  p.closers.push('}')
  const after = p.peek().kind
  const lines = !braced || after === 'newline' || after === '}' || after === 'eof'
  const form: Form = { kind: lines ? 'lines' : 'one-line' }
  const items: Items = { attributes: new Map(), blocks: [], open, form }
  parseItems(p, items)
  p.closers.pop()
  const span = p.source.span(open.start, p.last.end)
  return { attributes: [...items.attributes.values()], blocks: items.blocks, span }
}

function parseItems(p: Parser, items: Items): void {
  for (;;) {
    const token = p.peek()
    switch (token.kind) {
      case 'newline':
        p.next()
        break
      case 'eof':
        p.next()
        if (items.open !== undefined) unclosedBlock(p, items.open)
        return
      case '}':
        p.next()
        if (items.open !== undefined) {
          noteIndentation(p, items.open, token)
          return
        }
        unexpectedBrace(p, token)
        break
      default:
        attempt(
          p,
          () => parseItem(p, items),
          () => skipLine(p, token),
          true,
        )
    }
  }
}

/** One attribute or block, and the end of its line. */
function parseItem(p: Parser, items: Items): void {
  const name = p.peek()
  if (name.kind !== 'identifier') {
    if (misplaced(p, name)) endItem(p, items.form)
    return
  }
  p.next()
  switch (p.peek().kind) {
    case '=':
      p.next()
      parseAttribute(p, items, name)
      break
    case '{':
    case 'quote-open':
    case 'identifier':
      parseBlock(p, items, name)
      break
    default:
      if (missingEquals(p, name)) parseAttribute(p, items, name)
      else skipLine(p, name)
  }
}

/** The value of an attribute. What it is set with (the =) is taken. */
function parseAttribute(p: Parser, items: Items, name: Token): void {
  const chained = p.chained
  let complete = true
  const read = attempt(
    p,
    () => p.expression(p),
    () => {
      complete = false
      skipLine(p, name)
    },
    true,
  )
  const value =
    read !== undefined && expressionIsShallow(p, read, chained)
      ? read
      : ({ kind: 'broken', span: p.source.span(name.start, Math.max(name.end, p.last.end)) } as const)
  addAttribute(p, items, name, value)
  if (complete) endItem(p, items.form)
}

function addAttribute(p: Parser, items: Items, nameToken: Token, value: Expr): void {
  const name = nameOf(p, nameToken)
  const nameSpan = spanOf(p, nameToken)
  const existing = items.attributes.get(name)
  if (existing !== undefined) {
    addError(
      p,
      'duplicate-attribute',
      nameSpan,
      `The argument ${name} is already set at line ${existing.nameSpan.start.line}.`,
      'Remove one of the two.',
    )
    return
  }
  const span = { file: nameSpan.file, start: nameSpan.start, end: value.span.end }
  items.attributes.set(name, { name, nameSpan, value, span })
}

function parseBlock(p: Parser, items: Items, type: Token): void {
  const labels = parseBlockHeader(p, type)
  if (labels === undefined) {
    skipLine(p, type)
    return
  }
  if (items.form.kind === 'one-line') {
    wrongOneLine(p, items.form, type, 'A block cannot stand in another one on the same line.')
  }
  items.blocks.push(finishBlock(p, type, labels))
  endItem(p, items.form)
}

function finishBlock(p: Parser, type: Token, labels: readonly Label[]): BlockNode {
  enter(p, type)
  const body = parseBlockBody(p, type)
  leave(p)
  return {
    type: nameOf(p, type),
    typeSpan: spanOf(p, type),
    labels,
    body,
    span: p.source.span(type.start, p.last.end),
  }
}

function unexpectedBrace(p: Parser, brace: Token): void {
  addError(
    p,
    'unexpected-closer',
    spanOf(p, brace),
    'Every { before this } is closed already.',
    'Remove it, or look above for a } that closes its block too early.',
  )
}

function unclosedBlock(p: Parser, open: Token): void {
  if (p.cutShort || p.ended) return
  p.cutShort = true
  const blamed = likelyUnclosed(p, open)
  addError(
    p,
    'unclosed-block',
    spanOf(p, blamed),
    blamed === open
      ? 'The { that is opened here has no } before the end of the file.'
      : 'A } is missing before the end of the file; by the indentation, it is the one for this {.',
    'Add the }, and check the braces and quotes after it.',
  )
}
