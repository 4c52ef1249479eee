import { error } from '../core/diagnostic.js'
import { resourceType } from './connections.js'
import type { Node } from './node.js'
import type { WalkContext } from './walk-context.js'

/**
 * What an object owns belongs to its owner's address, and is not to be declared at one of its own too. An owner that is about
 * to own another one, because someone made it own this one, does not count; but what it owns now is not taken over either,
 * since the owner may change it in place.
 */
export function refuseOwned(context: WalkContext): void {
  const owners = new Map<string, Owner>()
  for (const node of context.nodes.values()) {
    const { observed, block } = node
    if (observed === undefined || block.mode === 'data') continue
    const type = resourceType(context.input.providers, block.type)
    for (const ref of type?.owns?.(observed.out) ?? [])
      owners.set(`${block.provider} ${ref.type} ${ref.id}`, { node, changes: changesWhatFollows(node) })
  }
  if (owners.size === 0) return
  for (const node of context.nodes.values()) {
    const { observed, block } = node
    const owner =
      observed === undefined ? undefined : owners.get(`${block.provider} ${block.type} ${observed.out.id}`)
    if (owner === undefined || owner.node === node || node.failed) continue
    if (owner.changes && node.change?.action !== 'adopt') continue
    const { address } = owner.node
    context.diagnostics.push(
      error('engine/owned-object', 'The object belongs to another address', {
        detail: `${node.address} declares the object with id ${observed?.out.id}, which ${address} has made and manages as a part of itself.`,
        help: owner.changes
          ? `Apply the change of ${address} without ${node.address} first.`
          : `Take ${node.address} out; what ${address} says is enough.`,
        address: node.address,
        span: node.block.span,
      }),
    )
  }
}

interface Owner {
  readonly node: Node
  /** It may own another one after this plan. */
  readonly changes: boolean
}

function changesWhatFollows(node: Node): boolean {
  return node.change?.fields.some((field) => node.schema.attributes.get(field.name)?.readOnly) ?? false
}
