import type { Span } from '../../core/diagnostic.js'
import type { Expr } from '../hcl/ast.js'

/** The same expression with every place in it changed. */
export function moveSpans(expr: Expr, move: (span: Span) => Span): Expr {
  return copy(expr, move) as Expr
}

/** Nodes are plain data whose places are the fields named `span` or `…Span`; numbers may be objects, and are kept. */
function copy(node: unknown, move: (span: Span) => Span): unknown {
  if (Array.isArray(node)) return node.map((item) => copy(item, move))
  if (typeof node !== 'object' || node === null || Object.getPrototypeOf(node) !== Object.prototype)
    return node
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [
      name,
      name === 'span' || name.endsWith('Span') ? move(value as Span) : copy(value, move),
    ]),
  )
}
