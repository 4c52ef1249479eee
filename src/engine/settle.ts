import type { Address } from '../core/address.js'
import { error, Failure } from '../core/diagnostic.js'
import { Pending } from '../core/plan.js'
import type { Outputs } from '../core/resource.js'
import type { NewEntry, Row } from '../core/state.js'
import { type ApplyContext, connectionOf } from './apply-context.js'
import { sameMeaning } from './compare.js'
import { resourceType } from './connections.js'
import { type Desired, type Node, observed } from './node.js'
import type { Operation } from './operations.js'
import { actualValue } from './planned-value.js'

/** What came of an operation. */
export interface Performed {
  readonly outcome: 'done' | 'unchanged'
  readonly id?: string
  readonly left?: string
  /** Dependents must not go on: something that was planned as stable has changed after all. */
  readonly unstable?: Failure
}

/** What records that an object's row comes from another address, or back from being deposed. */
export function comesFrom(node: Node, from: Address): readonly NewEntry[] {
  const { address } = node
  if (node.restores === undefined) return [{ event: 'moved', from, address, ...deposes(node) }]
  return [
    { event: 'forgotten', address, deposedKey: node.restores },
    { event: 'done', address, row: { ...(node.row as Row), address }, ...deposes(node) },
  ]
}

/** Under which key the record of the object that an instance had stays until that is gone. */
export function deposes(node: Node): { readonly deposes?: string } {
  const key = node.displaces?.deposedKey
  return key === undefined ? {} : { deposes: key }
}

export function nodeOf(operation: Operation): Node {
  if (operation.node === undefined) throw new Error(`${operation.name} has no instance`)
  return operation.node
}

export async function handlers(context: ApplyContext, node: Node) {
  const type = resourceType(context.walk.input.providers, node.block.type)
  if (type === undefined) throw new Error(`no provider has the type ${node.block.type}`)
  return { type, connection: await connectionOf(context, node) }
}

/** The same for both halves of a replacement, so that the second finds what the first deposed. */
export function deposedKeyOf(operation: Operation): string {
  return operation.deletion?.row.deposedKey ?? `old-${operation.change.id ?? 'object'}`
}

export function settleNode(context: ApplyContext, node: Node, out: Outputs): void {
  node.observed = observed(node, out, context.walk.input.fingerprints)
  node.value = () => actualValue(node, out)
  context.walk.evaluation.invalidate()
}

/** Notes what the object is now, and checks that what the plan took as stable is. */
export function settled(
  context: ApplyContext,
  node: Node,
  out: Outputs,
  planned: ReturnType<NonNullable<Node['value']>> | undefined,
): Performed {
  const before = node.observed?.record
  settleNode(context, node, out)
  const after = node.observed?.record
  if (planned?.kind !== 'object' || before === undefined || after === undefined)
    return { outcome: 'done', id: out.id }
  for (const attribute of node.schema.attributes.values()) {
    if (!attribute.readOnly || attribute.volatile || planned.entries.get(attribute.name)?.kind === 'unknown')
      continue
    if (node.change?.after?.get(attribute.name) instanceof Pending) continue
    if (sameMeaning(attribute, before[attribute.name], after[attribute.name])) continue
    return { outcome: 'done', id: out.id, unstable: unstable(node, attribute.name) }
  }
  return { outcome: 'done', id: out.id }
}

function unstable(node: Node, name: string): Failure {
  return new Failure(
    error('engine/unstable', 'The service changed something that was planned as staying the same', {
      detail: `${node.address} was changed as planned, but its ${name} has become another one. What depends on it was planned with the old value and is not applied.`,
      help: 'Run plan again: it starts from what is there now.',
      address: node.address,
      span: node.block.span,
    }),
  )
}

export function sameKey(node: Node, desired: Desired): Failure {
  return new Failure(
    error('engine/same-key', 'The new object cannot be made before the old one is gone', {
      detail: `${node.address} is replaced with create_before_destroy, but its natural key turned out to be the same: ${desired.naturalKey}.`,
      help: 'Take create_before_destroy out, or give the new object another key.',
      address: node.address,
      span: node.block.span,
    }),
  )
}
