import { type Diagnostic, warning } from '../core/diagnostic.js'
import type { Json } from '../core/json.js'
import type { Attribute } from '../core/schema.js'
import { resourceType } from './connections.js'
import type { Node } from './node.js'
import { parentAttributes, parentsOf } from './parent.js'
import type { WalkContext } from './walk-context.js'

/**
 * Puts in order what belongs together although no expression says so: an object and the one that it lives in, named by a text
 * of its own; and what its type says is written before it. What a plan could not know without the reference is a warning.
 */
export function orderUnreferenced(context: WalkContext): void {
  const nodes = [...context.nodes.values()].filter((node) => node.block.mode === 'managed' && !node.failed)
  const find = byValue(nodes)
  for (const node of nodes) {
    if (node.change === undefined || node.desired === undefined) continue
    for (const [attribute, parent] of unreferencedParents(context, node, find)) {
      if (parent.change?.action === 'create') writeFirst(context, parent, node)
      else if (parent.change?.action === 'replace' && node.change.action === 'keep')
        context.diagnostics.push(goesUnseen(node, parent, attribute))
    }
    const { after } = resourceType(context.input.providers, node.block.type) ?? {}
    if (after === undefined) continue
    const first = find(node, after.type, after.by, node.desired.record[after.by])
    if (first !== undefined) writeFirst(context, first, node)
  }
}

function* unreferencedParents(context: WalkContext, node: Node, find: Find) {
  const known = parentsOf(node, (address) => context.nodes.get(address))
  const referred = new Set([...known].map(({ attribute }) => attribute))
  for (const attribute of parentAttributes(node)) {
    const { name, ref } = attribute
    if (ref === undefined || referred.has(attribute)) continue
    const parent = find(node, ref.type, ref.attribute, node.desired?.record[name])
    if (parent !== undefined) yield [attribute, parent] as const
  }
}

/** Unless the configuration wants it the other way. */
function writeFirst(context: WalkContext, first: Node, second: Node): void {
  if (!first.dependsOn.includes(second.address))
    context.after.push({ first: first.address, second: second.address })
}

type Find = (node: Node, type: string, attribute: string, value: Json | undefined) => Node | undefined

/** Finds the declared object of a type that has the value; what is declared is looked through once for each attribute. */
function byValue(nodes: readonly Node[]): Find {
  const indexes = new Map<string, ReadonlyMap<string, Node>>()
  return (node, type, attribute, value) => {
    let index = indexes.get(`${type}.${attribute}`)
    if (index === undefined) {
      const same = nodes.filter((one) => one.block.type === type)
      index = new Map(same.map((one) => [placeOf(one, one.desired?.record[attribute]), one]))
      indexes.set(`${type}.${attribute}`, index)
    }
    return typeof value === 'string' ? index.get(placeOf(node, value)) : undefined
  }
}

function placeOf({ endpoint }: Node, value: Json | undefined): string {
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
