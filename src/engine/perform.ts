import { rowKey } from '../core/state.js'
import { type ApplyContext, connectionOf, desiredNow, rowOf } from './apply-context.js'
import { resourceType } from './connections.js'
import { readData } from './data-walk.js'
import type { Node, Observed } from './node.js'
import type { Operation } from './operations.js'
import { performAdopt, performUpdate } from './perform-update.js'
import { refuseStaying } from './replace-stays.js'
import {
  comesFrom,
  deposedKeyOf,
  deposes,
  handlers,
  nodeOf,
  type Performed,
  sameKey,
  settled,
  settleNode,
} from './settle.js'
import { createObject, type DeleteOptions, deleteObject, refuseExisting } from './verbs.js'

/** Carries out one operation and records it. Throws what the verb throws. */
export function perform(context: ApplyContext, operation: Operation): Promise<Performed> {
  switch (operation.verb) {
    case 'create':
      return performCreate(context, operation)
    case 'adopt':
      return performAdopt(context, operation)
    case 'update':
      return performUpdate(context, operation)
    case 'delete':
      return performDelete(context, operation)
    case 'forget':
      return performForget(context, operation)
    case 'move':
      return performMove(context, operation)
    case 'read':
      return performRead(context, operation)
  }
}

async function performCreate(context: ApplyContext, operation: Operation): Promise<Performed> {
  const node = nodeOf(operation)
  const { type, connection } = await handlers(context, node)
  const desired = desiredNow(context, node)
  const keeps =
    operation.change.createBeforeDestroy && operation.change.action === 'replace' ? node.row : undefined
  const seen = keeps === undefined ? [] : [keeps.id]
  if (node.desired?.naturalKey === undefined && !node.parentIsNew)
    await refuseExisting(type, connection, node, desired, seen)
  if (keeps !== undefined && keeps.naturalKey === desired.naturalKey) throw sameKey(node, desired)
  const { previousAddress } = operation.change
  // Replaced as it moves: the old object's record is deposed at the new address, or was dropped at the old one.
  if (keeps !== undefined && previousAddress !== undefined)
    await context.lease.append(comesFrom(node, previousAddress))
  // A record whose object is not there, or not at this endpoint: what follows is about another object.
  if (keeps === undefined && node.displaces === undefined && context.lease.state.rows.has(node.address))
    await context.lease.append([{ event: 'forgotten', address: node.address }])
  const out = await createObject(context, node, {
    type,
    connection,
    desired,
    seen,
    ...(keeps !== undefined ? { deposes: deposedKeyOf(operation) } : deposes(node)),
  })
  settleNode(context, node, out)
  return { outcome: 'done', id: out.id }
}

async function performDelete(context: ApplyContext, operation: Operation): Promise<Performed> {
  const { deletion } = operation
  if (deletion?.observed === undefined) throw new Error(`${operation.address} has nothing to delete`)
  const type = resourceType(context.walk.input.providers, deletion.row.type)
  if (type === undefined) throw new Error(`no provider has the type ${deletion.row.type}`)
  const connection = await context.walk.connections.get(deletion.row.provider)
  // The old half of a create-before-destroy is deposed by now.
  const { change } = operation
  const deposed = change.createBeforeDestroy && (change.action === 'replace' || change.mayReplace === true)
  const { address } = operation
  const row = deposed ? { ...deletion.row, address, deposedKey: deposedKeyOf(operation) } : deletion.row
  // It was not replaced after all.
  if (change.mayReplace === true && !context.lease.state.rows.has(rowKey(row)))
    return { outcome: 'unchanged' }
  if (operation.looksFirst === true)
    await refuseReplacement(context, nodeOf(operation), {
      type,
      connection,
      row,
      current: deletion.observed.out,
    })
  const gone = await deleteObject(context, { type, connection, row, current: deletion.observed.out })
  return { outcome: 'done', id: deletion.row.id, ...(gone.left !== undefined && { left: gone.left }) }
}

/** The new object, whose key is known only now, may be there, or find no room. */
async function refuseReplacement(
  context: ApplyContext,
  node: Node,
  { type, connection, row }: DeleteOptions,
): Promise<void> {
  const desired = desiredNow(context, node)
  await refuseExisting(type, connection, node, desired, [row.id])
  if (desired.naturalKey === row.naturalKey) refuseStaying(type, node, row)
}

async function performForget(context: ApplyContext, operation: Operation): Promise<Performed> {
  const { change } = operation
  await context.lease.append([
    {
      event: 'forgotten',
      address: change.address,
      ...(change.deposedKey !== undefined && { deposedKey: change.deposedKey }),
    },
  ])
  return { outcome: 'done', ...(change.id !== undefined && { id: change.id }) }
}

async function performMove(context: ApplyContext, operation: Operation): Promise<Performed> {
  const node = nodeOf(operation)
  const from = operation.change.previousAddress
  if (from === undefined || node.row === undefined)
    throw new Error(`${operation.address} does not say where it moves from`)
  const desired = desiredNow(context, node)
  const before = node.observed as Observed
  const row = rowOf(context, node, {
    desired,
    out: before.out,
    origin: node.row.origin,
    endpoint: node.row.endpoint,
  })
  await context.lease.append([...comesFrom(node, from), { event: 'done', address: node.address, row }])
  return settled(context, node, before.out, undefined)
}

async function performRead(context: ApplyContext, operation: Operation): Promise<Performed> {
  const node = nodeOf(operation)
  node.desired = desiredNow(context, node)
  const connection = await connectionOf(context, node)
  const value = await readData(context.walk, node, connection.api({ readOnly: true, snapshot: false }))
  node.value = () => value
  context.walk.evaluation.invalidate()
  return { outcome: 'done' }
}
