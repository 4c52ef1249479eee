import { markSensitive } from '../core/equality.js'
import type { Json } from '../core/json.js'
import { fromPlain } from '../core/plain.js'
import { type Change, Pending } from '../core/plan.js'
import type { Outputs, Plain } from '../core/resource.js'
import type { Attribute, Schema } from '../core/schema.js'
import type { Row } from '../core/state.js'
import { nullValue, objectValue, unknownValue, type Value } from '../core/value.js'
import { isIgnored } from './ignore-changes.js'
import type { Node } from './node.js'
import { fingerprintOf, unrecordValue } from './record.js'

/** What references to a planned instance see: what stays known is known, the rest waits for its apply. */
export function plannedValue(node: Node, change: Change): Value {
  const waits = new Set([node.address])
  return objectOf(node.schema, (attribute) => {
    if (change.after?.get(attribute.name) instanceof Pending && (attribute.readOnly || attribute.computed)) {
      const declared = declaredValue(node, attribute)
      return declared ?? unknownValue(attribute.type, waits)
    }
    const stays = node.observed !== undefined && isIgnored(node, attribute)
    return (
      (stays ? undefined : declaredValue(node, attribute)) ??
      plainValue(attribute, node.observed?.out[attribute.name])
    )
  })
}

/** What references to an instance see after its apply. */
export function actualValue(node: Node, out: Outputs): Value {
  return objectOf(node.schema, (attribute) => {
    const present = out[attribute.name]
    if (present !== undefined && present !== null) return plainValue(attribute, present)
    return declaredValue(node, attribute) ?? plainValue(attribute, present)
  })
}

/** What references to an instance see that is left out of this run: what is recorded of it. */
export function recordedValue(schema: Schema, row: Row): Value {
  return objectOf(schema, (attribute) => {
    const record = row.attributes[attribute.name] ?? row.inputs[attribute.name]
    // A secret is recorded as its fingerprint: there is one, and what it is nobody knows.
    if (record !== undefined && holdsFingerprint(record))
      return unknownValue(attribute.type, new Set([row.address]), true)
    return plainValue(attribute, record === undefined ? undefined : unrecordValue(record))
  })
}

function holdsFingerprint(json: Json): boolean {
  if (json === null || typeof json !== 'object') return false
  return fingerprintOf(json) !== undefined || Object.values(json).some(holdsFingerprint)
}

function declaredValue(node: Node, attribute: Attribute): Value | undefined {
  if (attribute.readOnly || node.desired?.value.kind !== 'object') return undefined
  const value = node.desired.value.entries.get(attribute.name)
  if (value === undefined || value.kind === 'null') return undefined
  return attribute.sensitive ? markSensitive(value) : value
}

function plainValue(attribute: Attribute, plain: Plain | undefined): Value {
  if (plain === undefined || plain === null) return nullValue(attribute.type)
  const value = fromPlain(plain, attribute.type)
  return attribute.sensitive ? markSensitive(value) : value
}

function objectOf(schema: Schema, pick: (attribute: Attribute) => Value): Value {
  const entries: (readonly [string, Value])[] = []
  for (const attribute of schema.attributes.values()) entries.push([attribute.name, pick(attribute)])
  return objectValue(entries)
}
