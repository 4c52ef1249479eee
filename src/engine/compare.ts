import { canonical } from '../core/canonical.js'
import { seconds } from '../core/duration.js'
import { samePolicy } from '../core/iam-policy.js'
import type { Json, JsonObject } from '../core/json.js'
import type { Attribute } from '../core/schema.js'
import type { Type } from '../core/type.js'

/**
 * Whether two recorded values of an attribute mean the same: sets whatever their order, documents by content, policies by what they allow, durations in
 * seconds, and absent, empty text and empty collection alike, because services report "nothing" in each of these ways.
 */
export function sameMeaning(attribute: Attribute, a: Json | undefined, b: Json | undefined): boolean {
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b)
  if (attribute.policy !== undefined) return samePolicy(a as Json, b as Json)
  if (attribute.json && typeof a === 'string' && typeof b === 'string') return sameDocument(a, b)
  if (attribute.duration) {
    const x = seconds(a)
    const y = seconds(b)
    if (x !== undefined && y !== undefined) return x === y
  }
  return sameJson(a as Json, b as Json, attribute.type)
}

export function isNothing(json: Json | undefined): boolean {
  if (json === undefined || json === null || json === '') return true
  if (typeof json !== 'object') return false
  return Array.isArray(json) ? json.length === 0 : Object.keys(json).length === 0
}

/** Deep equality; with a type, sets are compared without order. */
export function sameJson(a: Json, b: Json, type?: Type): boolean {
  if (a === b) return true
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
    const x: readonly Json[] = type?.kind === 'set' ? sorted(a) : a
    const y: readonly Json[] = type?.kind === 'set' ? sorted(b) : b
    return x.every((item, i) => sameJson(item, y[i] as Json, elementType(type, i)))
  }
  const x = a as JsonObject
  const y = b as JsonObject
  const keys = Object.keys(x)
  if (keys.length !== Object.keys(y).length) return false
  return keys.every(
    (key) => Object.hasOwn(y, key) && sameJson(x[key] as Json, y[key] as Json, memberType(type, key)),
  )
}

function sorted(items: readonly Json[]): readonly Json[] {
  const keyed = items.map((item) => [canonical(item), item] as const)
  return keyed.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)).map(([, item]) => item)
}

function elementType(type: Type | undefined, index: number): Type | undefined {
  if (type === undefined) return undefined
  if (type.kind === 'list' || type.kind === 'set') return type.element
  return type.kind === 'tuple' ? type.elements[index] : undefined
}

function memberType(type: Type | undefined, key: string): Type | undefined {
  if (type === undefined) return undefined
  if (type.kind === 'map') return type.element
  return type.kind === 'object' ? type.attributes.get(key) : undefined
}

function sameDocument(a: string, b: string): boolean {
  if (a === b) return true
  try {
    return canonical(JSON.parse(a) as Json) === canonical(JSON.parse(b) as Json)
  } catch {
    return false
  }
}
