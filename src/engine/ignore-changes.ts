import type { Attribute } from '../core/schema.js'
import { naturalKey } from './natural-key.js'
import type { Desired, Node } from './node.js'
import { toObject, unrecordValue } from './record.js'

/** Whether `ignore_changes` names the attribute. It rules from the moment when there is an object. */
export function isIgnored(node: Pick<Node, 'block'>, attribute: Pick<Attribute, 'name'>): boolean {
  const { ignoreChanges } = node.block.lifecycle
  return ignoreChanges === 'all' || ignoreChanges.includes(attribute.name)
}

function ignoredKeys(node: Node): readonly Attribute[] {
  if (node.block.lifecycle.ignoreChanges.length === 0) return []
  return [...node.schema.attributes.values()].filter((a) => a.key && isIgnored(node, a))
}

/** Whether the object keeps its natural key, whatever the configuration says. */
export function keepsKey(node: Node): boolean {
  return node.row !== undefined && ignoredKeys(node).length > 0
}

/** An attribute of the natural key that is ignored is as it is recorded: that names the object. */
export function withRecordedKey(node: Node, desired: Desired): Desired {
  const { row } = node
  const held = row === undefined ? [] : ignoredKeys(node)
  if (row === undefined || held.length === 0) return desired
  const inputs = Object.assign(Object.create(null), desired.inputs)
  const record = new Map(Object.entries(desired.record))
  const pending = new Map(desired.pending)
  for (const { name } of held) {
    const recorded = row.inputs[name] ?? row.attributes[name]
    pending.delete(name)
    inputs[name] = recorded === undefined ? null : unrecordValue(recorded)
    if (recorded === undefined) record.delete(name)
    else record.set(name, recorded)
  }
  const key = [...pending.keys()].some((name) => node.schema.attributes.get(name)?.key)
    ? ''
    : naturalKey(node.schema, toObject(record))
  return { ...desired, inputs, record: toObject(record), pending, naturalKey: key === '' ? undefined : key }
}

/** What is ignored is wanted as it is: as the service has it, or where it cannot be read, as it was last applied. */
export function withPresent(node: Node, desired: Desired): Desired {
  if (node.block.lifecycle.ignoreChanges.length === 0 || node.observed === undefined) return desired
  const inputs = Object.assign(Object.create(null), desired.inputs)
  const record = Object.assign(Object.create(null), desired.record)
  const pending = new Map(desired.pending)
  for (const attribute of node.schema.attributes.values()) {
    const { name } = attribute
    if (attribute.readOnly || attribute.local || !isIgnored(node, attribute)) continue
    pending.delete(name)
    inputs[name] = attribute.writeOnly ? null : (node.observed.out[name] ?? null)
    const kept = attribute.writeOnly ? node.row?.inputs[name] : node.observed.record[name]
    if (kept === undefined) delete record[name]
    else record[name] = kept
  }
  return { ...desired, inputs, record, pending }
}
