import type { Expr } from './ast.js'
import { type Bracket, closed } from './brackets.js'
import { addError, failUnlessSince, type Parser, place } from './parser-state.js'
import type { Token } from './token.js'
import { isWord, nameOf, shownToken, spanOf } from './token-text.js'

/** The part of a `for` that expressions and template directives share. */
export interface ForHead {
  readonly keyName: string | undefined
  readonly valueName: string
  readonly collection: Expr
}

/** Reads `for k, v in collection`. The word `for` is at hand. */
export function parseForHead(p: Parser): ForHead {
  const errors = p.diagnostics.length
  p.next()
  const first = parseVariable(p, 'after for')
  let second: string | undefined
  if (p.peek().kind === ',') {
    p.next()
    second = parseVariable(p, 'after the comma')
  }
  if (!isWord(p, p.peek(), 'in'))
    invalidFor(p, errors, p.peek(), 'Expected in and a collection after the names')
  p.next()
  const collection = p.expression(p)
  return second === undefined
    ? { keyName: undefined, valueName: first, collection }
    : { keyName: first, valueName: second, collection }
}

/** Reads `for x in y : z`, `for k, v in y : k => v... if c` and the closing bracket. The word `for` is at hand. */
export function parseFor(p: Parser, bracket: Bracket): Expr {
  const errors = p.diagnostics.length
  const head = parseForHead(p)
  if (p.peek().kind !== ':') invalidFor(p, errors, p.peek(), 'Expected : after the collection')
  p.next()

  let key: Expr | undefined
  let value = p.expression(p)
  if (p.peek().kind === '=>') {
    p.next()
    key = value
    value = p.expression(p)
  }
  const dots = p.peek().kind === '...' ? p.next() : undefined
  let condition: Expr | undefined
  if (isWord(p, p.peek(), 'if')) {
    p.next()
    condition = p.expression(p)
  }
  if (!closed(p, bracket))
    invalidFor(p, errors, p.peek(), `Expected ${bracket.closer} at the end of the for expression`)

  checkForm(p, bracket, key, value, dots)
  const span = p.source.span(bracket.open.start, p.last.end)
  return { kind: 'for', ...head, key, value, condition, group: dots !== undefined, span }
}

function checkForm(
  p: Parser,
  bracket: Bracket,
  key: Expr | undefined,
  value: Expr,
  dots: Token | undefined,
): void {
  if (bracket.closer === '}') {
    if (key !== undefined) return
    addError(
      p,
      'invalid-for',
      value.span,
      'A for expression in braces makes an object and needs a key for each value.',
      'Write { for x in y : key => value }, or use brackets to make a list.',
    )
    return
  }
  if (key !== undefined) {
    addError(
      p,
      'invalid-for',
      key.span,
      'A for expression in brackets makes a list, whose items have no keys.',
      'Leave out the key, or use braces to make an object.',
    )
  } else if (dots !== undefined) {
    addError(
      p,
      'invalid-for',
      spanOf(p, dots),
      'The ... groups values with the same key, and a list has no keys.',
      'Leave it out, or use braces and a key to make an object.',
    )
  }
}

function parseVariable(p: Parser, where: string): string {
  const token = p.peek()
  if (token.kind !== 'identifier')
    invalidFor(p, p.diagnostics.length, token, `Expected the name of a variable ${where}`)
  p.next()
  return nameOf(p, token)
}

function invalidFor(p: Parser, errors: number, token: Token, expected: string): never {
  if (token.problem !== undefined) p.next()
  failUnlessSince(
    p,
    errors,
    'invalid-for',
    place(p, token),
    `${expected}, but found ${shownToken(p, token)}.`,
    'Write [for item in list : value] or { for key, value in map : key => value }; a condition comes last: if x.',
  )
}
