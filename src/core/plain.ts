import { convert } from './convert.js'
import { error, Failure } from './diagnostic.js'
import { formatNumber, fromDouble, toDouble } from './number.js'
import type { Inputs, Plain } from './resource.js'
import { Secret } from './secret.js'
import { dynamic, type Type } from './type.js'
import {
  boolValue,
  type MappingValue,
  nullValue,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  type Value,
} from './value.js'

/**
 * A known value as providers see it: sequences are arrays, `map(T)` a Map, an object a record without a prototype, a sensitive
 * string a `Secret`. Throws a `Failure` without a place for a number that a double cannot hold exactly; an unknown is a bug.
 */
export function toPlain(value: Value): Plain {
  switch (value.kind) {
    case 'null':
      return null
    case 'bool':
      return value.value
    case 'string':
      return value.sensitive ? new Secret(value.value) : value.value
    case 'number': {
      const double = toDouble(value.value)
      if (double !== undefined) return double
      throw new Failure(
        error('lang/number-range', 'Number out of range', {
          detail: value.sensitive
            ? 'This sensitive number has more digits than a service can take.'
            : `${formatNumber(value.value)} has more digits than a service can take.`,
        }),
      )
    }
    case 'unknown':
      throw new Error('a value that is known only after apply cannot be sent to a service')
    case 'list':
    case 'set':
    case 'tuple':
      return value.items.map(toPlain)
    case 'map':
      return new Map([...value.entries].map(([key, entry]) => [key, toPlain(entry)]))
    case 'object':
      return toInputs(value)
  }
}

/** The attributes of an object value as a record without a prototype. */
export function toInputs(value: MappingValue): Inputs {
  const result: Record<string, Plain> = Object.create(null)
  for (const [name, entry] of value.entries) result[name] = toPlain(entry)
  return result
}

/**
 * What a service has, as a value of the type: attributes that are absent become null, a `Secret` a sensitive string. Throws a
 * `Failure` (`lang/wrong-type`) without a place if it does not fit.
 */
export function fromPlain(plain: Plain, type: Type): Value {
  return convert(shaped(plain, type), type)
}

function shaped(plain: Plain, type: Type): Value {
  if (plain === null || plain === undefined) return nullValue()
  switch (typeof plain) {
    case 'string':
      return stringValue(plain)
    case 'number':
      return numberValue(fromDouble(plain))
    case 'boolean':
      return boolValue(plain)
  }
  if (plain instanceof Secret) return stringValue(plain.reveal(), true)
  if (isArray(plain)) return tupleValue(plain.map((item, i) => shaped(item, elementType(type, i))))
  const entries = plain instanceof Map ? [...(plain as ReadonlyMap<string, Plain>)] : Object.entries(plain)
  if (type.kind === 'map') {
    return objectValue(entries.map(([key, item]) => [key.normalize('NFC'), shaped(item, type.element)]))
  }
  if (type.kind !== 'object') return objectValue(entries.map(([key, item]) => [key, shaped(item, dynamic)]))
  const present = new Map(entries)
  const attributes = [...type.attributes].map(
    ([name, attribute]) => [name, shaped(present.get(name) ?? null, attribute)] as const,
  )
  return objectValue(attributes)
}

function elementType(type: Type, index: number): Type {
  switch (type.kind) {
    case 'list':
    case 'set':
      return type.element
    case 'tuple':
      return type.elements[index] ?? dynamic
    default:
      return dynamic
  }
}

function isArray(
  plain: Exclude<Plain, Secret | string | number | boolean | null>,
): plain is readonly Plain[] {
  return Array.isArray(plain)
}
