import type { Change } from '../core/plan.js'
import type { Consequence, PossibleConsequence } from '../core/resource.js'
import type { Node } from './node.js'
import type { WalkContext } from './walk-context.js'

/** The changes with what they mean in view of the whole plan: nobody is left without what another object of it gives. */
export function withToldConsequences(
  { nodes }: Pick<WalkContext, 'nodes'>,
  changes: readonly Change[],
): readonly Change[] {
  let values: ReadonlySet<string> | undefined
  return changes.map((change) => {
    if (!change.consequences.some(isConditional)) return change
    values ??= valuesOf(nodes.values(), attributesIn(changes))
    const told: Consequence[] = []
    for (const one of change.consequences) {
      const { attribute, value } = (isConditional(one) && one.unlessDeclared) || {}
      if (attribute !== undefined && values.has(`${change.type}\n${attribute}\n${value}`)) continue
      told.push({ kind: one.kind, text: one.text })
    }
    return { ...change, consequences: told }
  })
}

function isConditional(one: Consequence): one is PossibleConsequence {
  return 'unlessDeclared' in one
}

function attributesIn(changes: readonly Change[]): ReadonlySet<string> {
  const all = changes.flatMap(({ consequences }) => consequences.filter(isConditional))
  return new Set(all.flatMap((one) => one.unlessDeclared?.attribute ?? []))
}

/** What is declared, of these attributes, by what takes part in the plan. */
function valuesOf(nodes: Iterable<Node>, attributes: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { block, desired, excluded, failed } of nodes) {
    if (block.mode === 'data' || desired === undefined || excluded || failed) continue
    for (const name of attributes) {
      const value = desired.record[name]
      if (typeof value === 'string') found.add(`${block.type}\n${name}\n${value}`)
    }
  }
  return found
}
