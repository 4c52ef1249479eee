import { indentation } from './brackets.js'
import { abandon, addError, fail, type Parser } from './parser-state.js'
import { itemAt, skipTo } from './recovery.js'
import { type Form, skipItem } from './skip-item.js'
import { checkLine } from './string.js'
import type { Token, TokenKind } from './token.js'
import { nameOf, shownToken, spanOf, startsExpression } from './token-text.js'

/**
 * Takes the end of the line after an attribute or block, and reports what stands there instead.
 * @param item the name that the item starts with
 * @param spoiled whether an error in the item is reported: then what is left of its line is no news
 */
export function endItem(p: Parser, form: Form, item: Token, spoiled: boolean): void {
  const token = p.peek()
  switch (token.kind) {
    case 'eof':
      return
    case 'newline':
      if (form.kind === 'one-line') endOfOneLine(p, form, spoiled)
      else p.next()
      return
    case ',':
    case ';':
      if (spoiled && form.kind === 'one-line') skipOneLine(p, form)
      else wrongSeparator(p, form, item, spoiled)
      return
    case '}':
      if (form.kind === 'one-line' || form.kind === 'wrong one-line') return
      if (spoiled) skipItem(p, item, form)
      else if (form.open !== undefined) missingNewline(p, token)
      return
    default:
      if (spoiled && form.kind === 'one-line') skipOneLine(p, form)
      else if (spoiled && itemAt(p, token) === undefined) skipItem(p, item, form)
      else otherAtEnd(p, form, token)
  }
}

function otherAtEnd(p: Parser, form: Form, token: Token): void {
  checkLine(p, token)
  if (itemAt(p, token) === undefined) unexpectedToken(p, token)
  else if (form.kind === 'one-line') {
    wrongOneLine(p, form, token, 'A block on one line has one argument at most.')
  } else if (form.kind !== 'wrong one-line') missingNewline(p, token)
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

/** The block was started on one line, but the line ends before it does. */
function endOfOneLine(p: Parser, form: Form, spoiled: boolean): void {
  if (spoiled) form.kind = 'wrong one-line'
  else {
    wrongOneLine(
      p,
      form,
      p.last,
      'The block has its first argument on its own line, so it must end there too.',
    )
  }
  const newline = p.next()
  while (p.peek().kind === 'newline') p.next()
  const next = p.peek()
  if (form.open === undefined || next.kind === 'eof') return
  const [own, outer] = [indentation(p, next), indentation(p, form.open)]
  if (own < outer || (own === outer && next.kind !== '}')) {
    // The lines below are not in the block: its brace is what is missing.
    form.kind = 'left open'
    p.goBack(newline)
  }
}

/** Goes to the end of a block on one line that has an error in it. */
function skipOneLine(p: Parser, form: Form): void {
  skipTo(p, p.peek().mode, ['newline'])
  if (p.peek().kind === 'newline') endOfOneLine(p, form, true)
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

function wrongSeparator(p: Parser, form: Form, item: Token, spoiled: boolean): void {
  const token = p.next()
  const next = p.peek()
  const atEnd = next.kind === 'newline' || next.kind === 'eof'
  if (spoiled && !atEnd && itemAt(p, next) === undefined) {
    skipItem(p, item, form)
    return
  }
  if (form.kind === 'one-line') {
    wrongOneLine(p, form, token, 'A block on one line has one argument at most.')
  } else if (form.kind !== 'wrong one-line') {
    separator(p, token, atEnd ? `Remove the ${token.kind}` : `Start a new line instead of the ${token.kind}`)
  }
  if (atEnd || itemAt(p, next) === undefined) skipItem(p, item, form)
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
export function misplaced(p: Parser, form: Form, token: Token): boolean {
  if (token.kind === 'quote-open') return quotedName(p, form, token)
  p.next()
  if (token.problem !== undefined) {
    skipItem(p, token, form)
  } else if (token.kind === ';' || token.kind === ',') {
    separator(p, token, `Remove the ${token.kind}`)
  } else if (continuesExpression(token)) {
    continuedExpression(p, form, token)
  } else {
    addError(
      p,
      'expected-item',
      spanOf(p, token),
      `An argument or a block starts with its name, but here is ${shownToken(p, token)}.`,
      'Write name = value for an argument, or name { … } for a block.',
    )
    skipLines(p, form, token, (next) => isNoItem(p, next))
  }
  return false
}

/** Whether the line of the token, its first, can only be the rest of what went wrong before. */
function isNoItem(p: Parser, first: Token): boolean {
  if (first.kind === 'identifier' || first.kind === 'quote-open' || first.kind === '}') return false
  return !/(?<![=!<>])=(?![=>])/.test(p.source.text.slice(first.start, p.source.nextLine(first.start)))
}

/** Skips the rest of the line, and the lines after it that are like it. */
function skipLines(p: Parser, form: Form, item: Token, alike: (first: Token) => boolean): void {
  let last = item
  for (;;) {
    skipItem(p, last, form)
    if (p.peek().kind !== 'newline') return
    p.next()
    const next = p.peek()
    if (next.kind === 'newline' || next.kind === 'eof' || !alike(next)) return
    last = next
    p.skip()
  }
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

/** Whether the token can only stand after a value. */
export function continuesExpression(token: Token): boolean {
  return continuing.has(token.kind)
}

/** A line that starts with an operator, and all such lines after it. */
function continuedExpression(p: Parser, form: Form, operator: Token): void {
  addError(
    p,
    'newline-in-expression',
    spanOf(p, operator),
    `The line starts with ${shownToken(p, operator)}, but the expression before it ended with its line.`,
    'Put the whole expression between parentheses, or on one line.',
  )
  skipLines(p, form, operator, continuesExpression)
}

/** `"name" = value`: read as what was meant. */
function quotedName(p: Parser, form: Form, token: Token): boolean {
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
    skipItem(p, token, form)
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
  checkLine(p, token)
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
