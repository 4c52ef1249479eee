import { abandon, addError, fail, type Parser } from './parser-state.js'
import { itemAt, skipTo } from './recovery.js'
import { checkLine } from './string.js'
import type { Token, TokenKind } from './token.js'
import { nameOf, shownToken, spanOf, startsExpression } from './token-text.js'

/** How the items of a body are separated. A body on one line holds one attribute; after a mistake in that all is forgiven. */
export interface Form {
  kind: 'file' | 'lines' | 'one-line' | 'wrong one-line'
}

/** Takes the end of the line after an attribute or block, and reports what stands there instead. */
export function endItem(p: Parser, form: Form): void {
  const token = p.peek()
  switch (token.kind) {
    case 'eof':
      return
    case 'newline':
      if (form.kind === 'one-line') {
        wrongOneLine(
          p,
          form,
          p.last,
          'The block has its first argument on its own line, so it must end there too.',
        )
      }
      p.next()
      return
    case ',':
    case ';':
      wrongSeparator(p, form, token)
      return
    case '}':
      if (form.kind === 'lines') missingNewline(p, token)
      return
    default:
      checkLine(p, token)
      if (itemAt(p, token) === undefined) unexpectedToken(p, token)
      else if (form.kind === 'one-line') {
        wrongOneLine(p, form, token, 'A block on one line has one argument at most.')
      } else if (form.kind !== 'wrong one-line') missingNewline(p, token)
  }
}

export function wrongOneLine(p: Parser, form: Form, token: Token, detail: string): void {
  addError(
    p,
    'one-line-block',
    spanOf(p, token),
    detail,
    'Put each argument and the } on lines of their own.',
  )
  form.kind = 'wrong one-line'
}

function missingNewline(p: Parser, token: Token): void {
  addError(
    p,
    'missing-newline',
    spanOf(p, token),
    `Expected the end of the line, but found ${shownToken(p, token)}.`,
    token.kind === '}' ? 'Put the } on a line of its own.' : 'Start a new line before it.',
  )
}

function unexpectedToken(p: Parser, token: Token): never {
  if (token.problem !== undefined) {
    p.next()
    abandon()
  }
  fail(
    p,
    'unexpected-token',
    spanOf(p, token),
    `The expression ends before ${shownToken(p, token)}.`,
    token.kind === '='
      ? 'To compare, write ==.'
      : 'Put an operator between the two, quotes around text, or start a new line.',
  )
}

function wrongSeparator(p: Parser, form: Form, token: Token): void {
  p.next()
  if (form.kind === 'one-line') {
    wrongOneLine(p, form, token, 'A block on one line has one argument at most.')
  } else if (form.kind !== 'wrong one-line') {
    const atEnd = p.peek().kind === 'newline' || p.peek().kind === 'eof'
    separator(p, token, atEnd ? `Remove the ${token.kind}` : `Start a new line instead of the ${token.kind}`)
  }
  if (p.peek().kind === 'newline') p.next()
}

function separator(p: Parser, token: Token, help: string): void {
  addError(
    p,
    token.kind === ',' ? 'unexpected-comma' : 'semicolon',
    spanOf(p, token),
    'Arguments and blocks are separated by line breaks.',
    `${help}.`,
  )
}

/**
 * Reports an item that does not start with a name, and takes what belongs to it.
 * @returns whether the end of the line is still to be dealt with
 */
export function misplaced(p: Parser, token: Token): boolean {
  if (token.kind === 'quote-open') return quotedName(p, token)
  p.next()
  if (token.problem !== undefined) {
    skipLine(p, token)
  } else if (token.kind === ';' || token.kind === ',') {
    separator(p, token, `Remove the ${token.kind}`)
  } else if (continuing.has(token.kind)) {
    continuedExpression(p, token)
  } else {
    fail(
      p,
      'expected-item',
      spanOf(p, token),
      `An argument or a block starts with its name, but here is ${shownToken(p, token)}.`,
      'Write name = value for an argument, or name { … } for a block.',
    )
  }
  return false
}

const continuing: ReadonlySet<TokenKind> = new Set([
  '?',
  ':',
  '.',
  '+',
  '-',
  '*',
  '/',
  '%',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '&&',
  '||',
] as const)

/** A line that starts with an operator, and all such lines after it. */
function continuedExpression(p: Parser, operator: Token): void {
  addError(
    p,
    'newline-in-expression',
    spanOf(p, operator),
    `The line starts with ${shownToken(p, operator)}, but the expression before it ended with its line.`,
    'Put the whole expression between parentheses, or on one line.',
  )
  let last = operator
  for (;;) {
    skipLine(p, last)
    if (p.peek().kind !== 'newline') return
    p.next()
    if (!continuing.has(p.peek().kind)) return
    last = p.next()
  }
}

/** `"name" = value`: read as what was meant. */
function quotedName(p: Parser, token: Token): boolean {
  checkLine(p, token)
  const name = p.expression(p)
  addError(
    p,
    'quoted-name',
    name.span,
    'Names of arguments and blocks stand without quotes; keys in quotes are for objects.',
    'Remove the quotes.',
  )
  const after = p.peek()
  if (after.kind !== '=' && after.kind !== ':') {
    skipLine(p, token)
    return false
  }
  p.next()
  p.expression(p)
  return true
}

/**
 * Reports a name with neither an equals sign nor a block after it.
 * @returns whether a value follows, as if the equals sign were there
 */
export function missingEquals(p: Parser, nameToken: Token): boolean {
  const token = p.peek()
  const name = nameOf(p, nameToken)
  if (token.kind === '.' || token.kind === '[') {
    fail(
      p,
      'dotted-name',
      p.source.span(nameToken.start, token.end),
      `The name of an argument has no ${token.kind} in it.`,
      `To set a part of ${name}, set the whole: ${name} = { … }.`,
    )
  }
  if (token.problem !== undefined && token.kind !== 'number') {
    p.next()
    return false
  }
  const instead = token.kind === ':' || token.kind === '==' || token.kind === '=>'
  const value = startsExpression(token) || token.kind === '-'
  addError(
    p,
    'missing-equals',
    instead || value ? spanOf(p, token) : spanOf(p, nameToken),
    instead
      ? `After the name ${name} stands =, not ${token.kind}.`
      : `Expected = or a block after ${name}, but found ${shownToken(p, token)}.`,
    `Write ${name} = value for an argument, or ${name} { … } for a block.`,
  )
  if (instead) p.next()
  return instead || value
}

/** Goes to the end of the line, or of the brackets that are opened on it; or to where the next item starts. */
export function skipLine(p: Parser, item: Token): void {
  p.newlines = true
  for (;;) {
    const token = p.peek()
    // The error was found at the start of a later line: that line is innocent.
    if (token.first && token.start > item.start && token.kind !== 'newline') return
    skipTo(p, { ...token.mode, depth: 0 }, ['newline'])
    // The body that we are in deals with a closing brace, but with no other bracket.
    const stopped = p.peek().kind
    if (stopped !== ')' && stopped !== ']') return
    p.skip()
  }
}
