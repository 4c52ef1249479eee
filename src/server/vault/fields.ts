import { isList, isObject, type Json, type JsonObject } from '../../core/json.js'
import { isStorable } from '../storable-text.js'
import { invalid, quoted } from './api-error.js'
import { parseVaultDuration, toSeconds } from './durations.js'

/**
 * Reads the fields of a request, as loosely as the vendor does: `"5"` is a number, `5` a text, a comma-separated text a list.
 * Every reader answers undefined for a field that is absent, the empty value for null, and throws a 400 for what cannot be
 * understood. Fields that are never asked for are what the vendor warns of.
 */
export interface Fields {
  text(name: string): string | undefined
  list(name: string): readonly string[] | undefined
  /** An object of texts, or a list of `key=value`. */
  pairs(name: string): Readonly<Record<string, string>> | undefined
  /** Whole seconds; not negative. */
  seconds(name: string): number | undefined
  integer(name: string): number | undefined
  flag(name: string): boolean | undefined
  object(name: string): JsonObject | undefined
  has(name: string): boolean
  /** The names of what was sent and never asked for, sorted. */
  ignored(): readonly string[]
}

export function readFields(data: JsonObject): Fields {
  const asked = new Set<string>()
  const field = (name: string): Json | undefined => {
    asked.add(name)
    return Object.hasOwn(data, name) ? data[name] : undefined
  }
  const read = <T>(name: string, empty: T, convert: (value: Json) => T): T | undefined => {
    const value = field(name)
    if (value === undefined) return undefined
    if (value === null) return empty
    try {
      return convert(value)
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause
      throw invalid(
        `Field validation failed: error converting input for field ${quoted(name)}: ${cause.message}`,
      )
    }
  }
  return {
    text: (name) => read(name, '', text),
    list: (name) => read(name, [], list),
    pairs: (name) => read(name, {}, pairs),
    seconds: (name) => read(name, 0, seconds),
    integer: (name) => read(name, 0, integer),
    flag: (name) => read(name, false, flag),
    object: (name) => read(name, {}, object),
    has: (name) => field(name) !== undefined,
    ignored: () =>
      Object.keys(data)
        .filter((name) => !asked.has(name))
        .sort(),
  }
}

function text(value: Json): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value !== 'string') throw new RangeError('expected a string')
  if (!isStorable(value)) throw new RangeError('the text holds a NUL character or half a character')
  return value
}

function list(value: Json): readonly string[] {
  if (isList(value)) return value.map((item) => text(item).trim())
  const whole = text(value)
  return whole === '' ? [] : whole.split(',').map((item) => item.trim())
}

function pairs(value: Json): Readonly<Record<string, string>> {
  const entries = isList(value) ? value.map(pair) : entriesOf(value)
  return Object.fromEntries(entries)
}

function entriesOf(value: Json): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return value === '' ? [] : value.split(',').map(pair)
  return Object.entries(object(value)).map(([key, item]) => [text(key), item === null ? '' : text(item)])
}

function pair(item: Json): readonly [string, string] {
  const whole = text(item)
  const at = whole.indexOf('=')
  if (at <= 0) throw new RangeError(`invalid key pair ${quoted(whole)}`)
  return [whole.slice(0, at), whole.slice(at + 1)]
}

function seconds(value: Json): number {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new RangeError('could not parse duration from input')
  const whole = toSeconds(parseVaultDuration(value))
  if (whole < 0) throw new RangeError(`cannot provide negative value '${whole}'`)
  if (!Number.isSafeInteger(whole)) throw new RangeError('the duration is too long')
  return whole
}

function integer(value: Json): number {
  const number = typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new RangeError('expected an integer')
  return Math.trunc(number)
}

function flag(value: Json): boolean {
  if (typeof value === 'boolean') return value
  if (value === 1 || ['1', 't', 'T', 'true', 'True', 'TRUE'].includes(String(value))) return true
  if (value === 0 || ['', '0', 'f', 'F', 'false', 'False', 'FALSE'].includes(String(value))) return false
  throw new RangeError('expected a boolean')
}

function object(value: Json): JsonObject {
  if (!isObject(value)) throw new RangeError('expected a map')
  return value
}
