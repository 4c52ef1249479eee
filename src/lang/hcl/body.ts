import type { AttributeNode, BlockNode, Body, Expr, Label } from './ast.js'
import { looksLikeBlock, parseBlockHeader } from './block-header.js'
import { misplaced, missingEquals } from './body-mistakes.js'
import { likelyUnclosed, noteIndentation } from './brackets.js'
import { expressionIsShallow } from './depth.js'
import { endItem, endLine, wrongOneLine } from './item-end.js'
import { addError, enter, leave, type Parser, poisonLine } from './parser-state.js'
import { attempt } from './recovery.js'
import { type Form, skipItem } from './skip-item.js'
import type { Token } from './token.js'
import { nameOf, spanOf } from './token-text.js'

interface Items {
  readonly attributes: Map<string, AttributeNode>
  readonly blocks: BlockNode[]
  readonly form: Form
}

/** The body of a file. */
export function parseFileBody(p: Parser): Body {
  const items: Items = { attributes: new Map(), blocks: [], form: { kind: 'file', open: undefined } }
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
  const form: Form = { kind: lines ? 'lines' : 'one-line', open }
  const items: Items = { attributes: new Map(), blocks: [], form }
  parseItems(p, items)
  p.closers.pop()
  const span = p.source.span(open.start, p.last.end)
  return { attributes: [...items.attributes.values()], blocks: items.blocks, span }
}

function parseItems(p: Parser, items: Items): void {
  const { form } = items
  for (;;) {
    if (form.kind === 'left open') return
    const token = p.peek()
    switch (token.kind) {
      case 'newline':
        endLine(p, form, true)
        break
      case 'eof':
        p.next()
        if (form.open !== undefined) unclosedBlock(p, form.open)
        return
      case '}':
        p.next()
        if (form.open !== undefined) {
          noteIndentation(p, form.open, token)
          return
        }
        unexpectedBrace(p, form, token)
        break
      default:
        attempt(
          p,
          () => parseItem(p, items),
          () => skipItem(p, token, form),
          true,
        )
    }
  }
}

/** One attribute or block, and the end of its line. */
function parseItem(p: Parser, items: Items): void {
  const { form } = items
  const name = p.peek()
  if (name.kind !== 'identifier') {
    if (misplaced(p, form, name)) endItem(p, form, name, true)
    return
  }
  const errors = p.diagnostics.length
  p.next()
  const token = p.peek()
  if (token.kind === '=') {
    p.next()
    parseAttribute(p, items, name, errors)
  } else if (looksLikeBlock(p, name)) parseBlock(p, items, name)
  else if (missingEquals(p, name)) parseAttribute(p, items, name, errors)
  else skipItem(p, name, form)
}

/**
 * The value of an attribute. What it is set with (the =) is taken.
 * @param errors how many errors there were before the attribute
 */
function parseAttribute(p: Parser, items: Items, name: Token, errors: number): void {
  const { chained } = p
  let complete = true
  const read = attempt(
    p,
    () => p.expression(p),
    () => {
      complete = false
      skipItem(p, name, items.form)
    },
    true,
  )
  const value =
    read !== undefined && expressionIsShallow(p, read, chained)
      ? read
      : ({ kind: 'broken', span: p.source.span(name.start, Math.max(name.end, p.last.end)) } as const)
  addAttribute(p, items, name, value)
  if (complete) endItem(p, items.form, name, p.diagnostics.length > errors)
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
    skipItem(p, type, items.form)
    return
  }
  if (items.form.kind === 'one-line') {
    wrongOneLine(p, items.form, type, 'A block cannot stand in another one on the same line.')
  }
  items.blocks.push(finishBlock(p, type, labels))
  endItem(p, items.form, type, false)
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

function unexpectedBrace(p: Parser, form: Form, brace: Token): void {
  if (p.hastyBraces > 0) {
    p.hastyBraces--
    return
  }
  addError(
    p,
    'unexpected-closer',
    spanOf(p, brace),
    'Every { before this } is closed already.',
    'Remove it, or look above for a } that closes its block too early.',
  )
  if (brace.first || p.peek().kind === 'newline') return
  poisonLine(p, spanOf(p, brace))
  skipItem(p, brace, form)
}

function unclosedBlock(p: Parser, open: Token): void {
  if (p.cutShort || p.ended) return
  p.cutShort = true
  if (p.brokenLines.has(p.source.lineStart(open.start))) return
  const blamed = likelyUnclosed(p, open)
  // What was taken into the block because it was not closed there does not set its arguments twice.
  const start = p.source.at(blamed.start).offset
  const kept = p.diagnostics.filter(
    (d) => d.code !== 'hcl/duplicate-attribute' || (d.span?.start.offset ?? 0) < start,
  )
  p.diagnostics.splice(0, p.diagnostics.length, ...kept)
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
