import { separator } from './item-end.js'
import { addError, fail, type Parser, poisonLine } from './parser-state.js'
import { type Form, skipItem } from './skip-item.js'
import { checkLine } from './string.js'
import type { Token, TokenKind } from './token.js'
import { nameOf, shownToken, spanOf, startsExpression } from './token-text.js'

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
    poisonLine(p, spanOf(p, token))
    if (form.kind === 'one-line') skipItem(p, token, form)
    else skipLines(p, form, token, (next) => isNoItem(p, next))
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
  else poisonLine(p, spanOf(p, nameToken))
  return instead || value
}
