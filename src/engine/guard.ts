import { type Diagnostic, error } from '../core/diagnostic.js'
import type { Change } from '../core/plan.js'
import { takesAway } from './deletions.js'
import type { Node } from './node.js'
import type { WalkContext } from './walk-context.js'

/** A plan that touches more than this share of a type, and at least `fewest` objects, is taken for an accident. */
const share = 0.3
const fewest = 10

/**
 * The mass-change guard, per type: deleted, replaced, or adopted with changes, against rows and adoptions. `allowed` is the
 * number of `--allow-deletes`: at most that many objects of all types together.
 */
export function guardMass(
  { nodes, rows, input }: Pick<WalkContext, 'nodes' | 'rows' | 'input'>,
  changes: readonly Change[],
): readonly Diagnostic[] {
  const allowed = input.options.allowDeletes
  const perType = new Map<string, { drastic: number; adopted: number }>()
  let total = 0
  for (const change of changes) {
    if (change.mode !== 'managed') continue
    const count = perType.get(change.type) ?? { drastic: 0, adopted: 0 }
    perType.set(change.type, count)
    if (change.action === 'adopt') count.adopted++
    if (
      takesAway(change) ||
      (change.action === 'adopt' && changesVisibly(change, nodes.get(change.address)))
    ) {
      count.drastic++
      total++
    }
  }
  if (allowed !== undefined && total <= allowed) return []
  const found: Diagnostic[] = []
  for (const [type, { drastic, adopted }] of perType) {
    const all = rows.count(type) + adopted
    if (drastic < fewest || drastic <= share * all) continue
    found.push(
      error('engine/mass-change', 'This plan would take away much more than usual', {
        detail: `${drastic} of ${all} ${type} would be deleted, replaced, or taken over with changes.`,
        help: `If that is what you want: --allow-deletes=${total}.${total === drastic ? '' : ` That is the number of all types together.`}`,
      }),
    )
  }
  return found
}

/** Sending a secret once, because it cannot be compared, and what follows from that is no change that a person would see. */
function changesVisibly(change: Change, node: Node | undefined): boolean {
  return change.fields.some(
    (field) => !field.writeOnly && node?.schema.attributes.get(field.name)?.readOnly !== true,
  )
}
