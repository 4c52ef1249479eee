import { blockAddress } from '../../core/address.js'
import type { Reference } from '../../core/configuration.js'
import { error } from '../../core/diagnostic.js'
import { asTraversal, type Traversal } from '../expression/traversal.js'
import type { Body } from '../hcl/ast.js'
import { argument } from './argument.js'
import type { Loading } from './loading.js'
import type { Use } from './uses.js'

/** The entries of `depends_on`: whole resources and data sources. Whether they exist is checked with all other references. */
export function dependsOn(body: Body, from: string, uses: Use[], loading: Loading): readonly Reference[] {
  const node = argument(body, 'depends_on')
  if (node === undefined) return []
  const { value } = node
  if (value.kind === 'broken') return []
  const references: Reference[] = []
  for (const expr of value.kind === 'tuple' ? value.items : [value]) {
    if (expr.kind === 'broken') continue
    const traversal = value.kind === 'tuple' ? asTraversal(expr) : undefined
    const subject = traversal && wholeObject(traversal)
    if (subject === undefined) {
      loading.report(
        error('lang/invalid-depends-on', 'Not something to depend on', {
          detail: 'depends_on takes a list of resources and data sources.',
          help: 'Write depends_on = [trifacta_person.jane], for example: addresses without attributes, keys or quotes.',
          span: expr.span,
        }),
      )
      continue
    }
    references.push({ subject, span: expr.span })
    uses.push({ expr, from, place: 'depends_on' })
  }
  return references
}

/** The address that a reference consists of, if it goes no deeper. */
function wholeObject({ root, steps }: Traversal): string | undefined {
  const names = steps.map((step) => (step.kind === 'attribute' ? step.name : undefined))
  const [first, second] = names
  if (root === 'data') {
    return steps.length === 2 && first !== undefined && second !== undefined
      ? blockAddress('data', first, second)
      : undefined
  }
  return steps.length === 1 && first !== undefined ? blockAddress('managed', root, first) : undefined
}
