import { indentation } from './indentation.js'
import { abandon, isAbandoned, type Parser } from './parser-state.js'
import type { Mode, Token, TokenKind } from './token.js'

/**
 * Runs a part of the parser. If it gives up, everything that it had entered is left, `recover` is called to go to a place
 * where parsing can go on, and the result is undefined. What an enclosing construct has to deal with is passed on to it.
 */
export function attempt<T>(p: Parser, part: () => T, recover: () => void, outermost = false): T | undefined {
  const { depth, newlines } = p
  const closers = p.closers.length
  const mode = p.peek().mode
  try {
    return part()
  } catch (thrown) {
    if (!isAbandoned(thrown)) throw thrown
    p.depth = depth
    p.newlines = newlines
    p.closers.length = closers
    if (outermost) p.givenUp = false
    // The lexer may have left the template that we are in: then there is nothing here to go on with.
    else if (p.givenUp || p.ended || p.peek().mode.depth < mode.depth) abandon()
    recover()
    return undefined
  }
}

const opposite: Partial<Record<TokenKind, TokenKind>> = { '(': ')', '[': ']', '{': '}' }

/**
 * Skips tokens, whole brackets and whole templates at a time, up to one of `stops`, a closing bracket that was not opened
 * on the way, the end of the template that we are in, or a line that looks like the next item of a body. Takes none of these.
 */
export function skipTo(p: Parser, mode: Mode, stops: readonly TokenKind[]): void {
  const opened: Opened[] = []
  for (;;) {
    const token = p.peek()
    if (token.kind === 'eof' || token.mode.depth < mode.depth) return
    if (token.mode.depth === mode.depth) {
      const top = opened[opened.length - 1]
      if (top === undefined && stops.includes(token.kind)) return
      if (token.first && top?.closer !== '}' && itemAt(p, token) !== undefined) return
      if (isCloser(token.kind)) {
        const match = opened.findLastIndex((o) => o.closer === token.kind)
        if (match < 0 || closesFurtherOut(p, (opened[match] as Opened).token, token)) return
        opened.length = match
      }
      const closer = opposite[token.kind]
      if (closer !== undefined) opened.push({ closer, token })
    }
    p.skip()
  }
}

interface Opened {
  readonly closer: TokenKind
  readonly token: Token
}

/** Whether a brace closes, by its indentation, something outside of the line of the brace that seems to be its counterpart. */
function closesFurtherOut(p: Parser, open: Token, close: Token): boolean {
  return close.first && close.kind === '}' && indentation(p, close) < indentation(p, open)
}

export function isCloser(kind: TokenKind): boolean {
  return kind === ')' || kind === ']' || kind === '}' || kind === 'sequence-end'
}

// The counts have limits because the stack of regular expressions has one. Nobody writes longer headers.
const name = '[\\p{ID_Start}_][\\p{ID_Continue}-]{0,200}'
const attributeStart = new RegExp(`${name}[ \\t]*=(?![=>])`, 'uy')
const blockStart = new RegExp(`${name}(?:[ \\t]*"[^"\\n]{0,500}"|[ \\t]+${name}){0,10}[ \\t]*\\{`, 'uy')

/** Whether the token, the first on its line, looks like the start of an attribute or of a block. */
export function itemAt(p: Parser, token: Token): 'attribute' | 'block' | undefined {
  if (token.kind !== 'identifier') return undefined
  attributeStart.lastIndex = token.start
  if (attributeStart.test(p.source.text)) return 'attribute'
  blockStart.lastIndex = token.start
  return blockStart.test(p.source.text) ? 'block' : undefined
}
