import { convert } from './convert.js'
import { deepestNesting, tooDeep } from './extent.js'
import { isList, type Json } from './json.js'
import type { LeafValue } from './leaves.js'
import { formatNumber, fromDouble, toDouble } from './number.js'
import type { Type } from './type.js'
import {
  boolValue,
  nullValue,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  type Value,
} from './value.js'

/**
 * The value as JSON. `secret` says what stands for a sensitive leaf (a fingerprint, a placeholder, or it throws), `unknown`
 * for what is known only after apply; without it such a value is a bug. Sets and tuples become arrays. A number that a double
 * cannot hold exactly becomes its text, from which `fromJson` with the type brings it back.
 */
export function toJson(
  value: Value,
  secret: (leaf: LeafValue) => Json,
  unknown: (leaf: LeafValue) => Json = refuseUnknown,
): Json {
  switch (value.kind) {
    case 'list':
    case 'set':
    case 'tuple':
      return value.items.map((item) => toJson(item, secret, unknown))
    case 'map':
    case 'object': {
      const result: Record<string, Json> = Object.create(null)
      for (const [key, entry] of value.entries) result[key] = toJson(entry, secret, unknown)
      return result
    }
  }
  if (value.kind === 'unknown') return unknown(value)
  if (value.sensitive) return secret(value)
  switch (value.kind) {
    case 'null':
      return null
    case 'string':
    case 'bool':
      return value.value
    case 'number':
      return toDouble(value.value) ?? formatNumber(value.value)
  }
}

/**
 * The value that JSON stands for: arrays are tuples and objects are objects, unless a type is given to convert to. Throws a
 * `Failure` without a place if it does not fit the type or nests too deep.
 */
export function fromJson(json: Json, type?: Type): Value {
  const value = implied(json, 0)
  return type === undefined ? value : convert(value, type)
}

function implied(json: Json, depth: number): Value {
  if (depth > deepestNesting) throw tooDeep()
  if (json === null) return nullValue()
  switch (typeof json) {
    case 'string':
      return stringValue(json)
    case 'number':
      return numberValue(fromDouble(json))
    case 'boolean':
      return boolValue(json)
  }
  if (isList(json)) return tupleValue(json.map((item) => implied(item, depth + 1)))
  return objectValue(
    Object.entries(json).map(([key, item]) => [key.normalize('NFC'), implied(item, depth + 1)]),
  )
}

function refuseUnknown(): never {
  throw new Error('a value that is known only after apply has no JSON form')
}
