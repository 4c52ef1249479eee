import type { Json, JsonObject } from '../core/json.js'
import type { Inputs, Outputs, ResourceType } from '../core/resource.js'
import type { Schema } from '../core/schema.js'

/** The attributes of a natural key as one text: `jane@example.com`, `person_id=2`. Empty: the object has no key. */
export function naturalKey(schema: Schema, record: JsonObject): string {
  const parts: string[] = []
  let attributes = 0
  for (const attribute of schema.attributes.values()) {
    if (!attribute.key) continue
    attributes++
    const value = record[attribute.name]
    if (value === undefined || value === null || value === '') continue
    const shown = text(value)
    parts.push(`${attribute.name}=${attribute.ignoresCase ? shown.toLowerCase() : shown}`)
  }
  const only = parts[0]
  return attributes === 1 && only !== undefined ? only.slice(only.indexOf('=') + 1) : parts.join(', ')
}

function text(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The natural key of an object as a service has it, in the same normal form as that of inputs. */
export function keyOfOutputs(type: ResourceType, out: Outputs): string {
  const normal: Inputs = type.normalize === undefined ? out : type.normalize(out)
  return naturalKey(type.schema, normal as JsonObject)
}
