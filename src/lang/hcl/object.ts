import type { Expr, ObjectItem } from './ast.js'
import { type Bracket, bracketed, closed, closedOrGivenUp, unclosed } from './brackets.js'
import { parseFor } from './for.js'
import { indentation } from './indentation.js'
import { abandon, addError, fail, type Parser, place } from './parser-state.js'
import { attempt, itemAt, skipTo } from './recovery.js'
import { checkLine } from './string.js'
import type { Token } from './token.js'
import { isWord, nameOf, shownToken, spanOf, startsExpression } from './token-text.js'

/** `{ a = 1, b = 2 }` or `{for k, v in x : k => v}`. */
export function parseObject(p: Parser): Expr {
  const open = p.peek()
  const result = bracketed(p, false, (bracket): Expr => {
    if (isWord(p, p.peek(), 'for')) return parseFor(p, bracket)
    p.newlines = true
    const items = parseObjectItems(p, bracket)
    return { kind: 'object', items, span: p.source.span(open.start, p.last.end) }
  })
  return result ?? { kind: 'broken', span: p.source.span(open.start, p.last.end) }
}

function parseObjectItems(p: Parser, bracket: Bracket): readonly ObjectItem[] {
  const items: ObjectItem[] = []
  const { mode } = bracket.open
  // Once something is wrong, the closing brace is not asked too much: its error would be an echo.
  let spoiled = false
  for (;;) {
    while (p.peek().kind === 'newline') p.next()
    if (spoiled ? closedOrGivenUp(p, bracket) : closed(p, bracket)) return items
    const token = p.peek()
    if (startsOuterBlock(p, bracket, token)) unclosed(p, bracket)
    const item = attempt(
      p,
      () => parseObjectItem(p),
      () => {
        skipTo(p, mode, [',', 'newline'])
        skipDeeperLines(p, token)
      },
    )
    if (item !== undefined) items.push(item)
    else spoiled = true
    const after = p.peek()
    if (after.kind === ',' || after.kind === 'newline') p.next()
    else if (spoiled ? closedOrGivenUp(p, bracket) : closed(p, bracket)) return items
    else if (item !== undefined) {
      separateEntries(p, bracket)
      spoiled = true
    } else if (!after.first) abandon()
  }
}

/** Lines behind a broken entry that are indented deeper are parts of it: an opening bracket may be what it lacks. */
function skipDeeperLines(p: Parser, entry: Token): void {
  const indent = indentation(p, entry)
  const { mode } = entry
  for (let newline = p.peek(); newline.kind === 'newline'; newline = p.peek()) {
    while (p.peek().kind === 'newline') p.next()
    const first = p.peek()
    const own = indentation(p, first)
    const closer = first.kind === ')' || first.kind === ']'
    if (first.kind === 'eof' || (own <= indent && !(own === indent && closer))) {
      p.goBack(newline)
      return
    }
    p.skip()
    skipTo(p, mode, ['newline'])
  }
}

/** In an object, `name {` is a nested object without its equals sign, unless it stands as far left as the object itself. */
function startsOuterBlock(p: Parser, bracket: Bracket, token: Token): boolean {
  return (
    token.first &&
    itemAt(p, token) === 'block' &&
    indentation(p, token) <= indentation(p, bracket.open) &&
    p.source.lineStart(token.start) !== p.source.lineStart(bracket.open.start)
  )
}

function parseObjectItem(p: Parser): ObjectItem {
  const first = p.peek()
  const errors = p.diagnostics.length
  const key = asKey(p, p.expression(p))
  const token = p.peek()
  const name = shownKey(p, first)
  if (token.kind === '=' || token.kind === ':') {
    p.next()
    return { key, value: p.expression(p) }
  }
  if (p.diagnostics.length > errors) abandon()
  checkLine(p, token)
  if (token.kind === '==' || startsExpression(token)) {
    addError(
      p,
      'missing-equals',
      spanOf(p, token),
      `Expected = after the key ${name}, but found ${shownToken(p, token)}.`,
      `Write ${name} = value. A key with spaces or dots needs double quotes.`,
    )
    if (token.kind === '==') p.next()
    return { key, value: p.expression(p) }
  }
  fail(
    p,
    'missing-value',
    place(p, token),
    `The key ${name} has no value.`,
    `Write ${name} = value, or use [ ] for a list of values without keys.`,
  )
}

function separateEntries(p: Parser, bracket: Bracket): void {
  const token = p.peek()
  if (token.kind === ';') {
    p.next()
    addError(
      p,
      'semicolon',
      spanOf(p, token),
      'Between two entries of an object stands a comma or a line break.',
      'Write , instead of ;.',
    )
    return
  }
  checkLine(p, token)
  if (token.kind === 'invalid') {
    p.next()
  } else {
    addError(
      p,
      'missing-comma',
      place(p, token),
      `Expected a comma, a line break or } after the value, but found ${shownToken(p, token)}.`,
      token.kind === '=' ? 'To compare, write ==.' : 'Start a new line, or write a comma between the two.',
    )
    if (startsEntry(p, token)) return
  }
  skipTo(p, bracket.open.mode, [',', 'newline'])
  if (p.peek().kind === ',') p.next()
}

const entryStart = /(?:[\p{ID_Start}_][\p{ID_Continue}-]{0,200}|"[^"\n]{0,500}")[ \t]*[=:]/uy

function startsEntry(p: Parser, token: Token): boolean {
  entryStart.lastIndex = token.start
  return entryStart.test(p.source.text)
}

/** A bare name as a key is a string. */
function asKey(p: Parser, key: Expr): Expr {
  if (key.kind === 'variable') return { kind: 'literal', value: key.name, span: key.span }
  if (key.kind === 'literal' && (typeof key.value === 'boolean' || key.value === null)) {
    return { kind: 'literal', value: String(key.value), span: key.span }
  }
  if (key.kind === 'attribute' || key.kind === 'index' || key.kind === 'splat') {
    const { start, end } = key.span
    const base = p.source.at(0).offset
    const text = p.source.text.slice(start.offset - base, end.offset - base)
    addError(
      p,
      'ambiguous-key',
      key.span,
      `The key ${text} can mean a name with a dot or the value of a reference.`,
      `Write "${text}" for the name or (${text}) for the value.`,
    )
  }
  return key
}

function shownKey(p: Parser, first: Token): string {
  return first.kind === 'identifier' ? nameOf(p, first) : '"key"'
}
