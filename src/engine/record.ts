import { createHmac } from 'node:crypto'
import type { Json, JsonObject } from '../core/json.js'
import type { Inputs, Plain } from '../core/resource.js'
import type { Schema } from '../core/schema.js'
import { Secret } from '../core/secret.js'
import { compareCodePoints } from '../core/type.js'

/** Turns a secret into its keyed fingerprint. */
export type Fingerprints = (secret: string) => string

/**
 * HMAC-SHA-256 under the state's own key, cut to 64 bits: enough to see that a secret changed, useless for getting it back
 * as long as the secret itself cannot be guessed.
 */
export function fingerprintsWith(keyHex: string): Fingerprints {
  const key = Buffer.from(keyHex, 'hex')
  return (secret) => createHmac('sha256', key).update(secret).digest('hex').slice(0, 16)
}

/** The recorded form of a secret leaf. */
export function sealed(fingerprint: string): JsonObject {
  return { $secret: fingerprint }
}

/** The fingerprint, if this is the recorded form of a secret leaf. */
export function fingerprintOf(json: Json | undefined): string | undefined {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return undefined
  const text = (json as JsonObject).$secret
  return typeof text === 'string' && Object.keys(json).length === 1 ? text : undefined
}

/** A provider's value as it is recorded and compared: JSON in which every secret is its fingerprint. */
export function recordValue(plain: Plain | undefined, fingerprints: Fingerprints): Json {
  if (plain === undefined || plain === null) return null
  if (plain instanceof Secret) return sealed(fingerprints(plain.reveal()))
  if (plain instanceof Map) {
    const entries = [...(plain as ReadonlyMap<string, Plain>)].sort((a, b) => compareCodePoints(a[0], b[0]))
    return toObject(entries.map(([key, value]) => [key, recordValue(value, fingerprints)]))
  }
  if (Array.isArray(plain)) return (plain as readonly Plain[]).map((item) => recordValue(item, fingerprints))
  return plain as string | number | boolean
}

/**
 * Attributes, recorded; those that are absent are left out. A sensitive attribute is sealed even where a provider gave it in
 * clear, and so are those that `sealedToo` names: a configuration may mark any value as sensitive.
 */
export function recordAttributes(
  schema: Schema,
  values: Readonly<Record<string, Plain | undefined>>,
  fingerprints: Fingerprints,
  sealedToo: ReadonlySet<string> = noNames,
): JsonObject {
  const entries: [string, Json][] = []
  for (const attribute of schema.attributes.values()) {
    const value = values[attribute.name]
    if (value === undefined || value === null) continue
    const secret = attribute.sensitive || sealedToo.has(attribute.name)
    entries.push([attribute.name, recordValue(secret ? seal(value) : value, fingerprints)])
  }
  return toObject(entries)
}

const noNames: ReadonlySet<string> = new Set()

/** The attributes that are sealed, wholly or in part, in any of the records. */
export function sealedNames(...records: readonly JsonObject[]): ReadonlySet<string> {
  return new Set(records.flatMap((record) => Object.keys(record).filter((name) => isSealed(record[name]))))
}

function isSealed(json: Json | undefined): boolean {
  if (json === null || typeof json !== 'object') return false
  return fingerprintOf(json) !== undefined || Object.values(json).some(isSealed)
}

/** Every leaf as a secret. */
function seal(plain: Plain): Plain {
  if (plain === null || plain instanceof Secret) return plain
  if (plain instanceof Map)
    return new Map([...(plain as ReadonlyMap<string, Plain>)].map(([key, value]) => [key, seal(value)]))
  if (Array.isArray(plain)) return (plain as readonly Plain[]).map(seal)
  return new Secret(String(plain))
}

/** An object without a prototype, so that no key is special. */
export function toObject(entries: Iterable<readonly [string, Json]>): JsonObject {
  const object = Object.create(null) as Record<string, Json>
  for (const [key, value] of entries) object[key] = value
  return object
}

/** Recorded values as verbs take them, for look-ups by natural key. Sealed secrets cannot come back: they are absent. */
export function unrecord(object: JsonObject): Inputs {
  const inputs = Object.create(null) as Record<string, Plain>
  for (const [name, json] of Object.entries(object)) {
    inputs[name] = fingerprintOf(json) === undefined ? unrecordValue(json) : null
  }
  return inputs
}

export function unrecordValue(json: Json): Plain {
  if (json === null || typeof json !== 'object') return json
  if (Array.isArray(json)) return (json as readonly Json[]).map(unrecordValue)
  return new Map(Object.entries(json as JsonObject).map(([key, value]) => [key, unrecordValue(value)]))
}
