import { parseNumber } from '../../core/number.js'
import type { Expr } from './ast.js'
import { bracketed, closed, expectInside } from './brackets.js'
import { countChained, enter, fail, failUnlessSince, leave, type Parser, place } from './parser-state.js'
import type { Token } from './token.js'
import { nameOf, shownToken, spanOf } from './token-text.js'

/** Reads the steps into a value that follow it: `.name`, `[key]`, `.0`, `.*` and `[*]`. */
export function parseSteps(p: Parser, from: Expr): Expr {
  let object = from
  for (let length = 1; ; length++) {
    const token = p.peek()
    if (token.kind !== '.' && token.kind !== '[') return object
    countChained(p, length)
    object = token.kind === '.' ? parseDot(p, object) : parseBracket(p, object)
  }
}

function parseDot(p: Parser, object: Expr): Expr {
  p.next()
  const star = p.peek()
  if (star.kind !== '*') return parseNameStep(p, object)
  p.next()
  let each: Expr = { kind: 'splat-item', span: spanOf(p, star) }
  // `x.*` takes names and legacy indexes along into the items; `[…]` after it is a step into the list of results.
  for (let length = 1; p.peek().kind === '.'; length++) {
    p.next()
    countChained(p, length)
    if (p.peek().kind === '*') {
      fail(
        p,
        'nested-splat',
        spanOf(p, p.peek()),
        'A .* cannot follow another .* of the same expression.',
        'Use [*], which can be nested: x[*].y[*].z.',
      )
    }
    each = parseNameStep(p, each)
  }
  return { kind: 'splat', object, each, full: false, span: from(object, p) }
}

/** Reads what follows a dot: a name, or the number of a legacy index (two of them, `0.1`, are one token). */
function parseNameStep(p: Parser, object: Expr): Expr {
  const token = p.peek()
  if (token.kind === 'identifier') {
    p.next()
    return {
      kind: 'attribute',
      object,
      name: nameOf(p, token),
      nameSpan: spanOf(p, token),
      span: from(object, p),
    }
  }
  if (token.kind === 'number') return parseLegacyIndexes(p, object)
  if (token.problem !== undefined) p.next()
  const help =
    token.kind === '['
      ? 'Leave out the dot before [.'
      : token.kind === 'quote-open'
        ? 'For a key in quotes, write ["key"] without a dot.'
        : 'Write the name of an attribute after the dot.'
  fail(
    p,
    'invalid-attribute-name',
    place(p, token),
    `Expected a name after the dot, but found ${shownToken(p, token)}.`,
    help,
  )
}

function parseLegacyIndexes(p: Parser, object: Expr): Expr {
  const token = p.next()
  let at = token.start
  let result = object
  for (const digits of p.source.text.slice(token.start, token.end).split('.')) {
    const span = p.source.span(at, at + digits.length)
    if (!/^[0-9]+$/.test(digits)) {
      if (token.problem === undefined) {
        fail(
          p,
          'invalid-attribute-name',
          span,
          `${digits} is neither a name nor an index.`,
          'After a dot comes a name, or the number of an item as in list.0; better is list[0].',
        )
      }
      return { kind: 'broken', span: from(object, p) }
    }
    result = {
      kind: 'index',
      object: result,
      key: { kind: 'literal', value: parseNumber(digits), span },
      legacy: true,
      span: { file: object.span.file, start: object.span.start, end: span.end },
    }
    at += digits.length + 1
  }
  return result
}

function parseBracket(p: Parser, object: Expr): Expr {
  let star: Token | undefined
  const errors = p.diagnostics.length
  const key = bracketed(p, false, (bracket) => {
    expectInside(p, bracket)
    if (p.peek().kind === '*') star = p.next()
    const read: Expr = star === undefined ? p.expression(p) : { kind: 'splat-item', span: spanOf(p, star) }
    if (!closed(p, bracket)) {
      failUnlessSince(
        p,
        errors,
        'unexpected-token',
        place(p, p.peek()),
        `Expected the ] of the index, but found ${shownToken(p, p.peek())}.`,
        'An index is one value between brackets: list[0], map["key"], list[*].',
      )
    }
    return read
  })
  if (key === undefined) return { kind: 'broken', span: from(object, p) }
  if (star === undefined) return { kind: 'index', object, key, legacy: false, span: from(object, p) }
  // Everything that follows `[*]` is applied to each item.
  enter(p, star)
  const each = parseSteps(p, key)
  leave(p)
  return { kind: 'splat', object, each, full: true, span: from(object, p) }
}

/** From the start of the expression to the token taken last. */
function from(object: Expr, p: Parser): Expr['span'] {
  return { file: object.span.file, start: object.span.start, end: p.source.at(p.last.end) }
}
