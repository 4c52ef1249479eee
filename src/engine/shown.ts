import type { Json, JsonObject } from '../core/json.js'
import { formatNumber } from '../core/number.js'
import { ExactNumber, Fingerprint, Pending, type Shown, type ShownObject } from '../core/plan.js'
import type { Value } from '../core/value.js'
import { type Fingerprints, fingerprintOf } from './record.js'

/** A recorded value as a plan shows it. */
export function shownRecord(json: Json | undefined): Shown {
  if (json === undefined || json === null) return null
  if (typeof json !== 'object') return json
  if (Array.isArray(json)) return (json as readonly Json[]).map(shownRecord)
  const fingerprint = fingerprintOf(json)
  if (fingerprint !== undefined) return new Fingerprint(fingerprint)
  return shownObject(json as JsonObject)
}

export function shownObject(record: JsonObject): ShownObject {
  return new Map(Object.entries(record).map(([key, value]) => [key, shownRecord(value)]))
}

/** A value of the language as a plan shows it: secrets as fingerprints, unknowns as pending. */
export function shownValue(value: Value, fingerprints: Fingerprints): Shown {
  switch (value.kind) {
    case 'unknown':
      return new Pending([...value.waits])
    case 'null':
      return null
    case 'string':
      return value.sensitive ? new Fingerprint(fingerprints(value.value)) : value.value
    case 'bool':
      return value.sensitive ? new Fingerprint(fingerprints(String(value.value))) : value.value
    case 'number':
      if (value.sensitive) return new Fingerprint(fingerprints(formatNumber(value.value)))
      return typeof value.value === 'number' ? value.value : new ExactNumber(formatNumber(value.value))
    case 'list':
    case 'set':
    case 'tuple':
      return value.items.map((item) => shownValue(item, fingerprints))
    case 'map':
    case 'object':
      return new Map([...value.entries].map(([key, item]) => [key, shownValue(item, fingerprints)]))
  }
}
