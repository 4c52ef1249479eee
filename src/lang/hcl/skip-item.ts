import { indentation } from './indentation.js'
import type { Parser } from './parser-state.js'
import { skipTo } from './recovery.js'
import type { Token } from './token.js'

/** What matters about the body that items are in. */
export interface Form {
  /**
   * How items are separated. A body on one line holds one attribute; after a mistake in that it may
   * go on over several lines, and all is forgiven. It is left open if its closing brace is missing.
   */
  kind: 'file' | 'lines' | 'one-line' | 'wrong one-line' | 'forgiven' | 'left open'
  /** The brace that opened the body; undefined for a whole file. */
  readonly open: Token | undefined
}

/**
 * After an error in an item: goes to the end of its line, or of the brackets that are opened on it. Where an opening bracket
 * is what is missing, the lines behind it are no items: lines that are indented deeper than the item, and a closing bracket
 * right below it, are taken as parts of it.
 */
export function skipItem(p: Parser, item: Token, form: Form): void {
  p.newlines = true
  const indent = indentation(p, item)
  let closing = false
  for (;;) {
    const token = p.peek()
    if (token.first && token.start > item.start && token.kind !== 'newline') {
      // The error was found at the start of a later line: that line is innocent, unless it is left over.
      if (!isLeftOver(p, token, indent, form)) return
      closing = isBracket(token)
      if (!closing) p.skip()
    }
    skipTo(p, { ...token.mode, depth: 0 }, ['newline'])
    const stopped = p.peek()
    if (stopped.kind === ')' || stopped.kind === ']' || (stopped.kind === '}' && isStray(p, stopped, form))) {
      p.skip()
      continue
    }
    if (stopped.kind !== 'newline' || closing) return
    while (p.peek().kind === 'newline') p.next()
    const next = p.peek()
    if (next.kind === 'eof' || !isLeftOver(p, next, indent, form)) {
      p.goBack(stopped)
      return
    }
  }
}

/** Whether a line after a broken item belongs to it, as far as its indentation tells. */
function isLeftOver(p: Parser, first: Token, indent: number, form: Form): boolean {
  const own = indentation(p, first)
  if (own > indent) return form.kind !== 'forgiven' && !(first.kind === '}' && closesBody(p, first, form))
  return own === indent && isBracket(first) && !(first.kind === '}' && closesBody(p, first, form))
}

function isBracket(token: Token): boolean {
  return token.kind === ')' || token.kind === ']' || token.kind === '}'
}

function closesBody(p: Parser, brace: Token, form: Form): boolean {
  return form.open !== undefined && indentation(p, brace) <= indentation(p, form.open)
}

/** Whether a closing brace on the way is that of a brace that is missing, and not that of the body. */
function isStray(p: Parser, brace: Token, form: Form): boolean {
  if (form.open === undefined) return true
  if (brace.first) return !closesBody(p, brace, form)
  if (form.kind === 'one-line' || form.kind === 'wrong one-line') return false
  // In the middle of a line: then the body goes on, or is closed, below.
  const next = /\S/.exec(
    p.source.text.slice(p.source.nextLine(brace.start), p.source.nextLine(brace.start) + 1000),
  )
  if (next === null) return false
  const at = p.source.nextLine(brace.start) + next.index
  const deeper = at - p.source.lineStart(at) > indentation(p, form.open)
  return deeper || next[0] === '}'
}
