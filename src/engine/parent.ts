import type { Address } from '../core/address.js'
import { waitsOf } from '../core/equality.js'
import type { Json } from '../core/json.js'
import type { Attribute, Schema } from '../core/schema.js'
import type { Row } from '../core/state.js'
import type { Node } from './node.js'

/**
 * Some objects are what they are only with another one: an attribute of their natural key refers to it. Where it can never
 * refer to another one, they live in it, and go with it when it is deleted.
 */
export function parentAttributes(node: Pick<Node, 'schema'>): readonly Attribute[] {
  let found = known.get(node.schema)
  if (found === undefined) {
    found = [...node.schema.attributes.values()].filter((a) => a.key && a.ref !== undefined)
    known.set(node.schema, found)
  }
  return found
}

const known = new WeakMap<Schema, readonly Attribute[]>()

/** Whether the object belongs to one that this plan makes, so that it cannot be there yet. */
export function hasNewParent(node: Node, nodeAt: (address: Address) => Node | undefined): boolean {
  return [...parentsOf(node, nodeAt)].some(
    ({ parent }) => parent.change?.action === 'create' || parent.change?.action === 'replace',
  )
}

/** Whether the object lives in one that this plan replaces, and goes with it. */
export function goesWithParent(node: Node, nodeAt: (address: Address) => Node | undefined): boolean {
  return [...parentsOf(node, nodeAt)].some(
    ({ attribute, parent }) => attribute.immutable && parent.change?.action === 'replace',
  )
}

/**
 * The attributes of the key by which the object names the one that it lives in, where that one gets another name in this plan:
 * the object goes there with it, and is no other one.
 */
export function movesWithParent(
  node: Node,
  nodeAt: (address: Address) => Node | undefined,
): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { attribute, parent } of parentsOf(node, nodeAt)) {
    const former = parent.observed?.record[attribute.ref?.attribute ?? '']
    if (parent.change?.action !== 'update' || former === undefined) continue
    const { name } = attribute
    if (node.observed?.record[name] === former && node.desired?.record[name] !== former) found.add(name)
  }
  return found
}

/**
 * Whether its natural key is to refer to another object, which may be known only at apply. Objects like this one are told
 * apart by what they refer to: if there is one that goes with the other object, that one is meant.
 */
export function refersToAnother(node: Node): boolean {
  const { desired, observed } = node
  if (desired === undefined || observed === undefined) return false
  return parentAttributes(node).some(({ name }) => {
    if (node.movesAlong.has(name)) return false
    const wanted = desired.record[name] ?? null
    return desired.pending.has(name) || (wanted !== null && wanted !== observed.record[name])
  })
}

/** The attributes by which an object refers to one that it lives in, each with that one. */
export function* parentsOf(node: Node, nodeAt: (address: Address) => Node | undefined) {
  for (const attribute of parentAttributes(node)) {
    const waiting = node.desired?.pending.get(attribute.name)
    const waits = waiting === undefined ? undefined : waitsOf(waiting)
    for (const address of node.reads) {
      const parent = nodeAt(address)
      if (parent?.block.mode !== 'managed' || parent.block.type !== attribute.ref?.type) continue
      const named = waits?.has(address) ?? sameKnown(node, attribute, parent)
      if (named) yield { attribute, parent }
    }
  }
}

function sameKnown(node: Node, attribute: Attribute, parent: Node): boolean {
  const name = attribute.ref?.attribute ?? ''
  const value = node.desired?.record[attribute.name]
  return value !== undefined && value === (parent.desired?.record[name] ?? parent.observed?.record[name])
}

/** Finds, among rows whose objects are to go, the one that another row's object lives in. */
export function parentIndex(going: Iterable<Row>): (row: Row, schema: Schema) => Row | undefined {
  const rows = [...going]
  const indexes = new Map<string, ReadonlyMap<Json, Row>>()
  const index = (type: string, endpoint: string, name: string) => {
    const key = `${type} ${name} ${endpoint}`
    let found = indexes.get(key)
    if (found === undefined) {
      const same = rows.filter((row) => row.type === type && row.endpoint === endpoint)
      found = new Map(same.map((row) => [recordedAt(row, name) ?? null, row]))
      indexes.set(key, found)
    }
    return found
  }
  return (row, schema) => {
    for (const { name, immutable, ref } of parentAttributes({ schema })) {
      const value = row.inputs[name] ?? row.attributes[name]
      if (!immutable || ref === undefined || value === undefined) continue
      const parent = index(ref.type, row.endpoint, ref.attribute).get(value)
      if (parent !== undefined) return parent
    }
    return undefined
  }
}

function recordedAt(row: Row, name: string): Json | undefined {
  return name === 'id' ? row.id : (row.attributes[name] ?? row.inputs[name])
}
