import type { Parser } from './parser-state.js'
import type { Token } from './token.js'

/** The number of blanks before the first character of the token's line. */
export function indentation(p: Parser, token: Token): number {
  const start = p.source.lineStart(token.start)
  let at = start
  while (p.source.text[at] === ' ' || p.source.text[at] === '\t') at++
  return at - start
}
