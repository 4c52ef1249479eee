import type { Address } from '../core/address.js'
import { error, Failure } from '../core/diagnostic.js'
import { Pending } from '../core/plan.js'
import type { Outputs } from '../core/resource.js'
import { type NewEntry, type Row, rowKey } from '../core/state.js'
import { type ApplyContext, connectionOf, desiredNow, type RowFacts, rowOf } from './apply-context.js'
import { sameMeaning } from './compare.js'
import { resourceType } from './connections.js'
import { readData } from './data-walk.js'
import { isFixed, localSetting } from './decide.js'
import { prevented } from './deletions.js'
import { differences } from './diff.js'
import { type Desired, type Node, type Observed, observed } from './node.js'
import type { Operation } from './operations.js'
import { actualValue } from './planned-value.js'
import { createObject, deleteObject, refuseExisting, type UpdateOptions, updateObject } from './verbs.js'

/** What came of an operation. */
export interface Performed {
  readonly outcome: 'done' | 'unchanged'
  readonly id?: string
  readonly left?: string
  /** Dependents must not go on: something that was planned as stable has changed after all. */
  readonly unstable?: Failure
}

/** Carries out one operation and records it. Throws what the verb throws. */
export function perform(context: ApplyContext, operation: Operation): Promise<Performed> {
  switch (operation.verb) {
    case 'create':
      return performCreate(context, operation)
    case 'adopt':
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
  if (node.desired?.naturalKey === undefined) await refuseExisting(type, connection, node, desired, seen)
  if (keeps !== undefined && keeps.naturalKey === desired.naturalKey) throw sameKey(node, desired)
  // A record whose object is not there, or not at this endpoint: what follows is about another object.
  if (keeps === undefined && context.lease.state.rows.has(node.address))
    await context.lease.append([{ event: 'forgotten', address: node.address }])
  const out = await createObject(context, node, {
    type,
    connection,
    desired,
    seen,
    ...(keeps !== undefined && { deposes: deposedKeyOf(operation) }),
  })
  settleNode(context, node, out)
  return { outcome: 'done', id: out.id }
}

async function performUpdate(context: ApplyContext, operation: Operation): Promise<Performed> {
  const node = nodeOf(operation)
  const { type, connection } = await handlers(context, node)
  const desired = desiredNow(context, node)
  const before = node.observed as Observed
  const planned = node.value?.()
  const facts = (out: Outputs, origin: Row['origin']): RowFacts => ({
    desired,
    out,
    origin,
    endpoint: connection.endpoint,
  })
  const { previousAddress } = operation.change
  if (previousAddress !== undefined) await context.lease.append(comesFrom(node, previousAddress))

  let row: Row
  if (operation.verb === 'adopt') {
    // From here on the object has an owner, whatever becomes of the update.
    const changes = operation.change.fields.length > 0
    const adopted = rowOf(context, node, facts(before.out, 'adopted'))
    row = changes ? { ...adopted, inputs: Object.create(null), unfinished: 'update' } : adopted
    await context.lease.append([{ event: 'done', address: node.address, row }])
    if (!changes) return settled(context, node, before.out, planned)
  } else {
    row = { ...(node.row as Row), address: node.address }
    const changed = differences({
      schema: node.schema,
      desired,
      current: before.record,
      row,
      fingerprints: context.walk.input.fingerprints,
    })
    if (changed.length === 0 && row.unfinished === undefined) {
      await context.lease.append([
        { event: 'done', address: node.address, row: rowOf(context, node, facts(before.out, row.origin)) },
      ])
      return { ...settled(context, node, before.out, planned), outcome: 'unchanged' }
    }
    if (changed.some((d) => isFixed(type, d.attribute))) {
      const out = await replaceAfterAll(context, operation, {
        type,
        connection,
        desired,
        current: before.out,
        row,
      })
      return settled(context, node, out, undefined)
    }
  }
  const sent =
    operation.verb === 'adopt' && localSetting(node, 'on_adopt') === 'trust'
      ? withoutSecrets(node, desired)
      : desired
  const out = await updateObject(context, node, { type, connection, desired: sent, current: before.out, row })
  return settled(context, node, out, planned)
}

/** Taken over on trust: the secrets are recorded as they are declared, and not sent. */
function withoutSecrets(node: Node, desired: Desired): Desired {
  const inputs = Object.assign(Object.create(null), desired.inputs)
  for (const attribute of node.schema.attributes.values()) {
    if (attribute.writeOnly && attribute.sensitive) inputs[attribute.name] = null
  }
  return { ...desired, inputs }
}

/** A replacement that its plan left open. With create-before-destroy, the delete is an operation of its own. */
async function replaceAfterAll(
  context: ApplyContext,
  operation: Operation,
  options: UpdateOptions,
): Promise<Outputs> {
  const node = nodeOf(operation)
  const { type, connection, desired, current, row } = options
  if (operation.change.mayReplace !== true)
    throw new Error(`${node.address} would be replaced, which its plan did not show`)
  if (node.block.lifecycle.preventDestroy) throw new Failure(prevented(operation.change, node.block))
  const seen = [row.id]
  if (node.desired?.naturalKey === undefined) await refuseExisting(type, connection, node, desired, seen)
  const create = { type, connection, desired, seen }
  if (operation.change.createBeforeDestroy) {
    if (row.naturalKey === desired.naturalKey) throw sameKey(node, desired)
    return createObject(context, node, { ...create, deposes: deposedKeyOf(operation) })
  }
  await deleteObject(context, { type, connection, row, current })
  return createObject(context, node, create)
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
  const row = deposed ? { ...deletion.row, deposedKey: deposedKeyOf(operation) } : deletion.row
  // It was not replaced after all.
  if (change.mayReplace === true && !context.lease.state.rows.has(rowKey(row)))
    return { outcome: 'unchanged' }
  const gone = await deleteObject(context, { type, connection, row, current: deletion.observed.out })
  return { outcome: 'done', id: deletion.row.id, ...(gone.left !== undefined && { left: gone.left }) }
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

/** What records that an object's row comes from another address, or back from being deposed. */
function comesFrom(node: Node, from: Address): readonly NewEntry[] {
  if (node.restores === undefined) return [{ event: 'moved', from, address: node.address }]
  return [
    { event: 'forgotten', address: node.address, deposedKey: node.restores },
    { event: 'done', address: node.address, row: { ...(node.row as Row), address: node.address } },
  ]
}

function nodeOf(operation: Operation): Node {
  if (operation.node === undefined) throw new Error(`${operation.name} has no instance`)
  return operation.node
}

async function handlers(context: ApplyContext, node: Node) {
  const type = resourceType(context.walk.input.providers, node.block.type)
  if (type === undefined) throw new Error(`no provider has the type ${node.block.type}`)
  return { type, connection: await connectionOf(context, node) }
}

/** The same for both halves of a replacement, so that the second finds what the first deposed. */
function deposedKeyOf(operation: Operation): string {
  return operation.deletion?.row.deposedKey ?? `old-${operation.change.id ?? 'object'}`
}

function settleNode(context: ApplyContext, node: Node, out: Outputs): void {
  node.observed = observed(node, out, context.walk.input.fingerprints)
  node.value = () => actualValue(node, out)
  context.walk.evaluation.invalidate()
}

/** Notes what the object is now, and checks that what the plan took as stable is. */
function settled(
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

function sameKey(node: Node, desired: Desired): Failure {
  return new Failure(
    error('engine/same-key', 'The new object cannot be made before the old one is gone', {
      detail: `${node.address} is replaced with create_before_destroy, but its natural key turned out to be the same: ${desired.naturalKey}.`,
      help: 'Take create_before_destroy out, or give the new object another key.',
      address: node.address,
      span: node.block.span,
    }),
  )
}
