import { indentation } from './indentation.js'
import { abandon, addError, type Parser, poisonLine } from './parser-state.js'
import { itemAt, skipTo } from './recovery.js'
import { type Form, skipItem } from './skip-item.js'
import { checkLine } from './string.js'
import type { Token } from './token.js'
import { shownToken, spanOf } from './token-text.js'

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
      endLine(p, form, spoiled)
      return
    case ',':
    case ';':
      if (spoiled && form.kind === 'one-line') skipOneLine(p, form)
      else wrongSeparator(p, form, item, spoiled)
      return
    case '}':
      if (!hasLines(form)) return
      if (spoiled) skipItem(p, item, form)
      else if (form.open !== undefined) missingNewline(p, token)
      return
    default:
      if (spoiled && form.kind === 'one-line') skipOneLine(p, form)
      else if (spoiled && itemAt(p, token) === undefined) skipItem(p, item, form)
      else otherAtEnd(p, form, token)
  }
}

/** Whether each item must have its line. */
function hasLines(form: Form): boolean {
  return form.kind === 'file' || form.kind === 'lines'
}

function otherAtEnd(p: Parser, form: Form, token: Token): void {
  checkLine(p, token)
  if (itemAt(p, token) === undefined) unexpectedToken(p, token)
  else if (form.kind === 'one-line') {
    wrongOneLine(p, form, token, 'A block on one line has one argument at most.')
  } else if (hasLines(form)) missingNewline(p, token)
}

export function wrongOneLine(p: Parser, form: Form, token: Token, detail: string): void {
  const help = 'Put each argument and the } on lines of their own.'
  addError(p, 'one-line-block', spanOf(p, token), detail, help)
  form.kind = 'wrong one-line'
}

/**
 * Takes a line break. If the block was started on one line, the line ends before the block does.
 * @param spoiled whether an error on the line is reported
 */
export function endLine(p: Parser, form: Form, spoiled: boolean): void {
  if (form.kind !== 'one-line' && form.kind !== 'wrong one-line') {
    p.next()
    return
  }
  if (form.kind === 'one-line' && !spoiled) {
    const detail = 'The block has its first argument on its own line, so it must end there too.'
    wrongOneLine(p, form, p.last, detail)
  }
  form.kind = 'forgiven'
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
  if (p.peek().kind === 'newline') endLine(p, form, true)
}

function missingNewline(p: Parser, token: Token): void {
  if (token.kind === '}' || p.last.kind === '}') p.hastyBraces++
  addError(
    p,
    'missing-newline',
    spanOf(p, token),
    `Expected the end of the line, but found ${shownToken(p, token)}.`,
    token.kind === '}' ? 'Put the } on a line of its own.' : 'Start a new line before it.',
  )
  if (token.kind === '}') poisonLine(p, spanOf(p, token))
}

function unexpectedToken(p: Parser, token: Token): never {
  if (token.problem !== undefined) {
    p.next()
    abandon()
  }
  addError(
    p,
    'unexpected-token',
    spanOf(p, token),
    `The expression ends before ${shownToken(p, token)}.`,
    token.kind === '='
      ? 'To compare, write ==.'
      : 'Put an operator between the two, quotes around text, or start a new line.',
  )
  poisonLine(p, spanOf(p, token))
  abandon()
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
  } else if (hasLines(form)) {
    separator(p, token, atEnd ? `Remove the ${token.kind}` : `Start a new line instead of the ${token.kind}`)
  }
  if (atEnd || itemAt(p, next) === undefined) skipItem(p, item, form)
}

/** Reports a comma or semicolon that is not needed. */
export function separator(p: Parser, token: Token, help: string): void {
  addError(
    p,
    token.kind === ',' ? 'unexpected-comma' : 'semicolon',
    spanOf(p, token),
    'Arguments and blocks are separated by line breaks.',
    `${help}.`,
  )
}
