import type { Expr } from './ast.js'
import { type Bracket, bracketed, closed, closedOrGivenUp } from './brackets.js'
import { parseFor } from './for.js'
import { abandon, addError, fail, type Parser, place } from './parser-state.js'
import { attempt, skipTo } from './recovery.js'
import { checkLine } from './string.js'
import type { Token } from './token.js'
import { isWord, nameOf, shownToken, spanOf, startsExpression } from './token-text.js'

/** `[a, b]` or `[for x in y : z]`. */
export function parseTuple(p: Parser): Expr {
  const open = p.peek()
  const result = bracketed(p, false, (bracket): Expr => {
    if (isWord(p, p.peek(), 'for')) return parseFor(p, bracket)
    const items = parseItems(p, bracket, 'item')
    return { kind: 'tuple', items, span: spanFrom(p, open) }
  })
  return result ?? { kind: 'broken', span: spanFrom(p, open) }
}

/** `name(a, b...)`, `space::name(…)`. The (first part of the) name is taken. */
export function parseCall(p: Parser, first: Token): Expr {
  let name = nameOf(p, first)
  while (p.peek().kind === '::') {
    p.next()
    const part = p.peek()
    if (part.kind !== 'identifier') {
      fail(
        p,
        'invalid-call',
        place(p, part),
        'The name of a function is missing after ::.',
        'Write space::name(…).',
      )
    }
    p.next()
    name += `::${nameOf(p, part)}`
  }
  const nameSpan = p.source.span(first.start, p.last.end)
  if (p.peek().kind !== '(') {
    fail(
      p,
      'invalid-call',
      nameSpan,
      `${name} names a function, but no arguments follow it.`,
      `Call it: ${name}(…).`,
    )
  }
  let expand = false
  const items = bracketed(p, false, (bracket) =>
    parseItems(p, bracket, 'argument', () => {
      expand = true
    }),
  )
  const span = spanFrom(p, first)
  if (items === undefined) return { kind: 'broken', span }
  return { kind: 'call', name, nameSpan, arguments: items, expand, span }
}

/** Reads items between commas, up to and with the closing bracket. A broken item does not spoil the others. */
function parseItems(
  p: Parser,
  bracket: Bracket,
  noun: 'item' | 'argument',
  onExpand?: () => void,
): readonly Expr[] {
  const items: Expr[] = []
  const { mode } = bracket.open
  // Once something is wrong, the closing bracket is not asked too much: its error would be an echo.
  let spoiled = false
  for (;;) {
    if (spoiled ? closedOrGivenUp(p, bracket) : closed(p, bracket)) return items
    const token = p.peek()
    const item = attempt(
      p,
      () => p.expression(p),
      () => skipTo(p, mode, [',']),
    )
    items.push(item ?? { kind: 'broken', span: spanFrom(p, token) })
    if (item === undefined) spoiled = true
    else if (onExpand !== undefined && p.peek().kind === '...') {
      parseExpansion(p, bracket)
      onExpand()
      continue
    }
    if (p.peek().kind === ',') {
      p.next()
      continue
    }
    if (spoiled ? closedOrGivenUp(p, bracket) : closed(p, bracket)) return items
    if (item === undefined) abandon()
    separate(p, bracket, noun, spoiled)
    spoiled = true
  }
}

/** Reports what stands where a comma should, and goes to where the next item may start. */
function separate(p: Parser, bracket: Bracket, noun: string, spoiled: boolean): void {
  const token = p.peek()
  if (token.kind === ';') {
    p.next()
    addError(
      p,
      'semicolon',
      spanOf(p, token),
      `Between two ${noun}s stands a comma.`,
      'Write , instead of ;.',
    )
    return
  }
  checkLine(p, token)
  if (token.kind === 'invalid') {
    p.next()
  } else if (!(spoiled && (token.kind === '=' || token.kind === ':'))) {
    const hint =
      token.kind === '='
        ? 'To compare, write ==. Keys and values stand between braces: { key = value }.'
        : token.kind === ':' || token.kind === '=>'
          ? 'Keys and values stand between braces: { key = value }.'
          : 'Write a comma between the two.'
    addError(
      p,
      'missing-comma',
      place(p, token),
      `Expected a comma or ${bracket.closer} after the ${noun}, but found ${shownToken(p, token)}.`,
      hint,
    )
    if (startsExpression(token)) return
  }
  skipTo(p, bracket.open.mode, [','])
  if (p.peek().kind === ',') p.next()
}

function parseExpansion(p: Parser, bracket: Bracket): void {
  const dots = p.next()
  if (p.peek().kind === bracket.closer || p.peek().kind === 'eof') return
  fail(
    p,
    'invalid-expansion',
    spanOf(p, dots),
    'Only the last argument of a call can be expanded: after ... comes the closing parenthesis.',
    'Join the lists: f(concat(a, b)...).',
  )
}

function spanFrom(p: Parser, first: Token): Expr['span'] {
  return p.source.span(first.start, Math.max(first.end, p.last.end))
}
