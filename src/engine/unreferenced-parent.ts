import { type Diagnostic, warning } from '../core/diagnostic.js'
import type { Json } from '../core/json.js'
import type { Attribute } from '../core/schema.js'
import type { Node } from './node.js'
import { parentAttributes, parentsOf } from './parent.js'
import type { WalkContext } from './walk-context.js'

/**
 * Some name the object that they live in by a text of their own instead of a reference. One that this plan makes is made first all the
 * same. What the plan could not know, because nothing told it of the dependency, is a warning: the object goes with its parent.
 */
export function orderUnreferencedParents(context: WalkContext): void {
  const nodes = [...context.nodes.values()].filter((node) => node.block.mode === 'managed' && !node.failed)
  const parentOf = namedParents(nodes)
  const nodeAt = (address: string) => context.nodes.get(address)
  for (const node of nodes) {
    if (node.change === undefined || node.desired === undefined) continue
    const referred = new Set([...parentsOf(node, nodeAt)].map(({ attribute }) => attribute))
    for (const attribute of parentAttributes(node)) {
      if (referred.has(attribute)) continue
      const parent = parentOf(node, attribute)
      if (parent?.change === undefined || parent.dependsOn.includes(node.address)) continue
      if (parent.change.action === 'create')
        context.after.push({ first: parent.address, second: node.address })
      else if (parent.change.action === 'replace' && node.change.action === 'keep')
        context.diagnostics.push(goesUnseen(node, parent, attribute))
    }
  }
}

/** Finds the declared object that the attribute of another one names; what is declared is looked through once for each kind. */
function namedParents(nodes: readonly Node[]) {
  const indexes = new Map<string, ReadonlyMap<string, Node>>()
  return (node: Node, { name, ref }: Attribute): Node | undefined => {
    if (ref === undefined) return undefined
    const { type, attribute } = ref
    let index = indexes.get(`${type}.${attribute}`)
    if (index === undefined) {
      const same = nodes.filter((one) => one.block.type === type)
      index = new Map(same.map((one) => [nameOf(one, one.desired?.record[attribute]), one]))
      indexes.set(`${type}.${attribute}`, index)
    }
    const value = node.desired?.record[name]
    return typeof value === 'string' ? index.get(nameOf(node, value)) : undefined
  }
}

function nameOf({ endpoint }: Node, value: Json | undefined): string {
  return JSON.stringify([endpoint ?? null, value ?? null])
}

function goesUnseen(node: Node, parent: Node, { name, ref }: Attribute): Diagnostic {
  const span = node.block.body.attributeSpan(name) ?? node.block.span
  return warning('engine/unreferenced-parent', 'What an object lives in is named without a reference', {
    detail: `${parent.address} is replaced, and takes ${node.address} with it, which this plan does not make again: nothing says that they belong together.`,
    help: `Write ${name} = ${parent.address}.${ref?.attribute}.`,
    address: node.address,
    span,
  })
}
