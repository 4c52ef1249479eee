import { Failure } from '../core/diagnostic.js'
import type { Outputs, ResourceType } from '../core/resource.js'
import type { Row } from '../core/state.js'
import { adoptionConflicts, objectionsTo, recordOf, trustedSecrets, withoutSecrets } from './adoption.js'
import { type ApplyContext, desiredNow, rowOf } from './apply-context.js'
import { prevented } from './deletions.js'
import { type Difference, differences, isFixed, untoldOf } from './diff.js'
import { endingRow } from './ending-row.js'
import type { Desired, Node, Observed } from './node.js'
import type { Operation } from './operations.js'
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
} from './settle.js'
import { createObject, deleteObject, refuseExisting, type UpdateOptions, updateObject } from './verbs.js'

/** Takes an object over: its record first, so that it has an owner whatever becomes of the rest. */
export async function performAdopt(context: ApplyContext, operation: Operation): Promise<Performed> {
  const node = nodeOf(operation)
  const { type, connection } = await handlers(context, node)
  const desired = desiredNow(context, node)
  const { out } = node.observed as Observed
  const planned = node.value?.()
  const trusted = trustedSecrets(type, node, true)
  const changed = stillDiffers(context, type, node, desired, undefined, trusted)
  const conflicts = adoptionConflicts(type, node, changed)
  if (conflicts.length > 0) throw new Failure(conflicts)
  const objections = objectionsTo(type, node, { desired, adopts: true, changed })
  if (objections.length > 0) throw new Failure(objections)
  const { endpoint } = connection
  const adopted = rowOf(context, node, { desired, out, origin: 'adopted', endpoint })
  const row: Row =
    changed.length === 0 ? adopted : { ...adopted, inputs: recordOf(desired, trusted), unfinished: 'update' }
  await context.lease.append([{ event: 'done', address: node.address, row, ...deposes(node) }])
  if (changed.length === 0) return settled(context, node, out, planned)
  const update = { type, connection, desired: withoutSecrets(desired, trusted), current: out, row }
  return settled(context, node, await updateObject(context, node, { ...update, adopts: true }), planned)
}

/** Brings an object in line, unless what was pending turned out to be what is there; replaces it where that turned out so. */
export async function performUpdate(context: ApplyContext, operation: Operation): Promise<Performed> {
  const node = nodeOf(operation)
  const { type, connection } = await handlers(context, node)
  const desired = desiredNow(context, node)
  const { out: current } = node.observed as Observed
  const planned = node.value?.()
  const { previousAddress } = operation.change
  if (previousAddress !== undefined) await context.lease.append(comesFrom(node, previousAddress))
  const row: Row = { ...(node.row as Row), address: node.address }
  const trusted = trustedSecrets(type, node, false)
  const changed = stillDiffers(context, type, node, desired, row, trusted)
  const { origin } = row
  if (changed.length === 0 && row.unfinished === undefined) {
    const same = rowOf(context, node, { desired, out: current, origin, endpoint: connection.endpoint })
    await context.lease.append([{ event: 'done', address: node.address, row: same }])
    return { ...settled(context, node, current, planned), outcome: 'unchanged' }
  }
  if (changed.some((d) => isFixed(type, d.attribute) && !node.movesAlong.has(d.attribute.name))) {
    const out = await replaceAfterAll(context, operation, { type, connection, desired, current, row })
    return settled(context, node, out, undefined)
  }
  const objections = objectionsTo(type, node, { desired, adopts: false, changed })
  if (objections.length > 0) throw new Failure(objections)
  const update = { type, connection, desired: withoutSecrets(desired, trusted), current, row }
  return settled(context, node, await updateObject(context, node, update), planned)
}

/** What differs now that everything is known. */
function stillDiffers(
  context: ApplyContext,
  type: ResourceType,
  node: Node,
  desired: Desired,
  row: Row | undefined,
  trusted: ReadonlySet<string>,
): readonly Difference[] {
  const { out, record } = node.observed as Observed
  const all = differences({
    schema: node.schema,
    desired,
    current: record,
    untold: untoldOf(type, out),
    row,
    fingerprints: context.walk.input.fingerprints,
  })
  return all.filter((d) => !trusted.has(d.attribute.name))
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
  await refuseExisting(type, connection, node, desired, seen)
  const create = { type, connection, desired, seen }
  if (operation.change.createBeforeDestroy) {
    if (row.naturalKey === desired.naturalKey) throw sameKey(node, desired)
    return createObject(context, node, { ...create, deposes: deposedKeyOf(operation) })
  }
  const ending = { ...endingRow(node), address: node.address }
  if (row.naturalKey === desired.naturalKey) refuseStaying(type, node, ending)
  await deleteObject(context, { type, connection, row: ending, current })
  return createObject(context, node, create)
}
