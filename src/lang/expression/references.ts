import type { Reference } from '../../core/configuration.js'
import type { Expr } from '../hcl/ast.js'
import { type Traversal, traversalsOf } from './traversal.js'

/** Roots that stand for themselves: what follows is an attribute, not a name. */
const whole: ReadonlySet<string> = new Set(['each', 'count', 'self', 'path', 'terraform', 'rolecall'])

/** Everything that an expression can refer to, in the order of the text, the names of its own `for` expressions left out. */
export function references(expr: Expr): Reference[] {
  return traversalsOf(expr).map(subjectOf)
}

function subjectOf({ root, rootSpan, steps }: Traversal): Reference {
  const count = whole.has(root) ? 0 : root === 'data' ? 2 : 1
  let subject = root
  let { end } = rootSpan
  for (const step of steps.slice(0, count)) {
    if (step.kind !== 'attribute') break
    subject += `.${step.name}`
    end = step.span.end
  }
  return { subject, span: { ...rootSpan, end } }
}
