import { Failure } from '../../core/diagnostic.js'
import { parseNumber } from '../../core/number.js'
import type { Num } from '../../core/value.js'
import type { BinaryOperator, Expr } from './ast.js'
import { bracketed, closed, expectInside } from './brackets.js'
import { parseObject } from './object.js'
import {
  addError,
  countChained,
  enter,
  fail,
  failUnlessSince,
  leave,
  type Parser,
  place,
} from './parser-state.js'
import { isCloser, itemAt } from './recovery.js'
import { parseCall, parseTuple } from './sequence.js'
import { parseTemplateTerm } from './template.js'
import type { Token } from './token.js'
import { nameOf, shownToken } from './token-text.js'
import { parseSteps } from './traversal.js'

const precedence: Readonly<Partial<Record<Token['kind'], number>>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
}

/** `condition ? then : else`, or anything that binds tighter. */
export function parseExpression(p: Parser): Expr {
  enter(p, p.peek())
  const condition = parseBinary(p, 0)
  const result = p.peek().kind === '?' ? parseConditional(p, condition) : condition
  leave(p)
  return result
}

function parseConditional(p: Parser, condition: Expr): Expr {
  const question = p.next()
  continueLine(p)
  const then = parseExpression(p)
  const colon = p.peek()
  if (colon.kind !== ':') {
    fail(
      p,
      'missing-colon',
      place(p, colon),
      `The condition with ? at ${p.source.at(question.start).line}:${p.source.at(question.start).column} has no : and no second value.`,
      'Write condition ? value : other_value, on one line or between parentheses.',
    )
  }
  p.next()
  continueLine(p)
  const otherwise = parseExpression(p)
  return { kind: 'conditional', condition, then, else: otherwise, span: between(condition, otherwise) }
}

function parseBinary(p: Parser, above: number): Expr {
  let left = parseUnary(p)
  for (let length = 1; ; length++) {
    const token = p.peek()
    const level = precedence[token.kind]
    if (level === undefined || level <= above || isDirective(p, token)) return left
    p.next()
    countChained(p, length)
    continueLine(p)
    const right = parseBinary(p, level)
    left = {
      kind: 'binary',
      operator: token.kind as BinaryOperator,
      operatorSpan: p.source.span(token.start, token.end),
      left,
      right,
      span: between(left, right),
    }
  }
}

/** At the start of a line `%{` is a directive, and the sequence before it was not closed. */
function isDirective(p: Parser, token: Token): boolean {
  return (
    token.kind === '%' && token.first && p.source.text[token.end] === '{' && token.mode.kind === 'sequence'
  )
}

function parseUnary(p: Parser): Expr {
  const token = p.peek()
  if (token.kind !== '-' && token.kind !== '!') return parseSteps(p, parseTerm(p))
  enter(p, token)
  p.next()
  continueLine(p)
  const operand = parseUnary(p)
  leave(p)
  const start = p.source.at(token.start)
  return { kind: 'unary', operator: token.kind, operand, span: { ...operand.span, start } }
}

function parseTerm(p: Parser): Expr {
  const token = p.peek()
  switch (token.kind) {
    case 'identifier':
      return parseName(p)
    case 'number':
      p.next()
      return { kind: 'literal', value: numberOf(p, token), span: p.source.span(token.start, token.end) }
    case 'quote-open':
    case 'heredoc-open':
      return parseTemplateTerm(p)
    case '(':
      return parseParentheses(p)
    case '[':
      return parseTuple(p)
    case '{':
      return parseObject(p)
    case 'invalid':
      p.next()
      return { kind: 'broken', span: p.source.span(token.start, token.end) }
    default:
      return expectedExpression(p, token)
  }
}

function parseName(p: Parser): Expr {
  const token = p.next()
  const after = p.peek().kind
  if (after === '(' || after === '::') return parseCall(p, token)
  const name = nameOf(p, token)
  const span = p.source.span(token.start, token.end)
  switch (name) {
    case 'true':
      return { kind: 'literal', value: true, span }
    case 'false':
      return { kind: 'literal', value: false, span }
    case 'null':
      return { kind: 'literal', value: null, span }
    default:
      return { kind: 'variable', name, span }
  }
}

function parseParentheses(p: Parser): Expr {
  const open = p.peek()
  const errors = p.diagnostics.length
  const inner = bracketed(p, false, (bracket) => {
    expectInside(p, bracket)
    const expression = parseExpression(p)
    if (!closed(p, bracket)) {
      failUnlessSince(
        p,
        errors,
        'unexpected-token',
        place(p, p.peek()),
        `Expected the ) of the parenthesis, but found ${shownToken(p, p.peek())}.`,
        'Close the parenthesis before it, or put an operator between the two parts.',
      )
    }
    return expression
  })
  const span = p.source.span(open.start, p.last.end)
  return inner === undefined ? { kind: 'broken', span } : { kind: 'parentheses', inner, span }
}

/**
 * After an operator: where a line break is the end of the expression, the value it needs is missing. If the next line goes
 * on with it, that is said and the expression is read to its end, so that the next line is not a second error.
 */
function continueLine(p: Parser): void {
  const newline = p.peek()
  if (newline.kind !== 'newline') return
  const operator = p.last
  while (p.peek().kind === 'newline') p.next()
  const token = p.peek()
  if (token.kind === 'eof' || isCloser(token.kind) || itemAt(p, token) !== undefined) {
    p.goBack(newline)
    p.last = operator
    return
  }
  addError(
    p,
    'newline-in-expression',
    p.source.span(operator.start, operator.end),
    `The line ends after ${shownToken(p, operator)}, and with it the expression.`,
    'Put the whole expression between parentheses, or on one line.',
  )
}

function expectedExpression(p: Parser, token: Token): never {
  if (token.problem !== undefined) p.next()
  const found = shownToken(p, token)
  if (token.kind === 'newline' || token.kind === 'eof') {
    const after = shownToken(p, p.last)
    if (p.last.kind === '=') {
      fail(
        p,
        'missing-value',
        place(p, token),
        'There is no value after the equals sign.',
        'Write it on the same line.',
      )
    }
    fail(
      p,
      'expected-expression',
      place(p, token),
      `A value is missing after ${after}.`,
      'Write it on the same line.',
    )
  }
  const help =
    token.kind === '='
      ? 'To compare, write ==.'
      : token.kind === '*' && p.last.kind === '*'
        ? 'There is no operator **; use pow(base, exponent).'
        : 'Write a value there: text in double quotes, a number, a list, an object or a reference.'
  fail(p, 'expected-expression', place(p, token), `Expected a value, but found ${found}.`, help)
}

function numberOf(p: Parser, token: Token): Num {
  if (token.problem !== undefined) return 0
  try {
    return parseNumber(p.source.text.slice(token.start, token.end))
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    for (const d of thrown.diagnostics) {
      p.diagnostics.push({ ...d, span: p.source.span(token.start, token.end) })
    }
    return 0
  }
}

function between(left: Expr, right: Expr): Expr['span'] {
  return { file: left.span.file, start: left.span.start, end: right.span.end }
}
