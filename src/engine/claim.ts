import { blockOf } from '../core/address.js'
import { type Diagnostic, error } from '../core/diagnostic.js'
import type { Outputs } from '../core/resource.js'
import type { Row } from '../core/state.js'
import { declaration } from './evaluate-nodes.js'
import { keepsKey } from './ignore-changes.js'
import type { Node } from './node.js'
import type { WalkContext } from './walk-context.js'

/** What taking an object by its natural key means. */
export type Claim =
  | { readonly kind: 'free' }
  | { readonly kind: 'move'; readonly row: Row }
  /** The declared owner gives the object up for another one, in this plan. */
  | { readonly kind: 'pass'; readonly owner: Node; readonly row: Row }
  /** The old object of this very address, which a replacement that did not end had deposed. */
  | { readonly kind: 'restore'; readonly row: Row }
  /** The declared owner gives the key up in this plan, so the object will not be in the way. */
  | { readonly kind: 'freed-in-this-plan' }
  | { readonly kind: 'refused'; readonly diagnostic: Diagnostic }

/** Why an instance that has an object may be meant to be another one. */
export type Rekeyed =
  /** Objects with another key are other ones. */
  | 'another'
  /** The object could be renamed. But where another instance of its block has or wants what goes by the key, these have shifted. */
  | 'may-shift'

/** A remote object belongs to at most one address. `rekeyed`: instances that are to be objects with another natural key. */
export function claimOf(
  context: WalkContext,
  node: Node,
  out: Outputs,
  endpoint: string,
  rekeyed: ReadonlyMap<Node, Rekeyed>,
): Claim {
  const name = `${node.block.type}\n${endpoint}\n${out.id}`
  const other = context.claimed.get(name)
  if (other !== undefined && other !== node)
    return { kind: 'refused', diagnostic: declaredTwice(node, other, `id ${out.id}`) }
  const claim = claimed(context, node, out, endpoint, rekeyed)
  if (claim.kind !== 'refused') context.claimed.set(name, node)
  return claim
}

function claimed(
  context: WalkContext,
  node: Node,
  out: Outputs,
  endpoint: string,
  rekeyed: ReadonlyMap<Node, Rekeyed>,
): Claim {
  const displaced = context.displaced.find(
    (r) => r.id === out.id && r.type === node.block.type && r.endpoint === endpoint,
  )
  const former = displaced === undefined ? undefined : context.nodes.get(displaced.address)
  if (displaced !== undefined && former !== undefined) return { kind: 'pass', owner: former, row: displaced }
  const deposed = context.rows.deposed.find(
    (r) => r.id === out.id && r.type === node.block.type && r.endpoint === endpoint,
  )
  if (deposed !== undefined) {
    if (deposed.address === node.address) return { kind: 'restore', row: deposed }
    return { kind: 'refused', diagnostic: taken(node, deposed, out) }
  }
  const row = context.rows.withId(node.block.type, endpoint, out.id)
  if (row === undefined || row.address === node.address) return { kind: 'free' }
  switch (declaration(context, row.address)) {
    case 'gone':
      // A target that is the new address of a move brings its old one along.
      return context.selection.excludes(row.address)
        ? { kind: 'refused', diagnostic: taken(node, row, out) }
        : { kind: 'move', row }
    case 'not-expanded':
      return {
        kind: 'refused',
        diagnostic: error('engine/undecided-move', 'It cannot be told whether this is a move', {
          detail: `${node.address} declares the object that ${row.address} records (id ${out.id}), and the instances of ${blockOf(row.address)} depend on ${node.block.address}.`,
          help: `Say it yourself: rolecall state mv '${row.address}' '${node.address}'.`,
          address: node.address,
          span: node.block.span,
        }),
      }
    case 'declared': {
      const owner = context.nodes.get(row.address)
      const givesUp =
        owner?.desired !== undefined &&
        !keepsKey(owner) &&
        owner.desired.naturalKey !== undefined &&
        owner.desired.naturalKey !== node.desired?.naturalKey
      const rekeyedBy = owner === undefined ? undefined : rekeyed.get(owner)
      const passes = rekeyedBy === 'another' || (rekeyedBy === 'may-shift' && owner?.block === node.block)
      if (owner !== undefined && passes) return { kind: 'pass', owner, row }
      if (!givesUp) return { kind: 'refused', diagnostic: taken(node, row, out) }
      if (owner.change?.action === 'replace' && owner.change.destroys !== 'delete')
        return { kind: 'refused', diagnostic: taken(node, row, out) }
      context.after.push({ first: row.address, second: node.address })
      return { kind: 'freed-in-this-plan' }
    }
  }
}

function taken(node: Node, row: Row, out: Outputs): Diagnostic {
  return error('engine/object-taken', 'The object belongs to another address', {
    detail: `${node.address} declares the object with id ${out.id}, which ${row.address} manages.`,
    help: `Declare it at one address. To rename an address: rolecall state mv '${row.address}' '${node.address}'.`,
    address: node.address,
    span: node.block.span,
  })
}

export function declaredTwice(node: Node, other: Node, named: string): Diagnostic {
  return error('engine/duplicate-key', 'Two addresses declare the same object', {
    detail: `${other.address} and ${node.address} both declare the ${node.block.type} with ${named}.`,
    help: 'Declare it once; an object belongs to one address.',
    address: node.address,
    span: node.block.span,
  })
}
