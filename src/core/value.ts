import type { Decimal } from 'decimal.js'
import { compareCodePoints, dynamic, type Type } from './type.js'

/** An exact number: a plain double where it is a safe integer, a decimal otherwise. Always go through `core/number`. */
export type Num = number | Decimal

/**
 * A value of the language. Every value, null and unknown has a type. `sensitive` sits on leaves (string, number, bool,
 * null, unknown) and never on containers. Strings are NFC. Maps, objects and sets iterate in code-point order. Values are
 * immutable and never plain JavaScript objects with user keys: `__proto__` is a key like any other.
 */
export type Value =
  | StringValue
  | NumberValue
  | BoolValue
  | NullValue
  | UnknownValue
  | SequenceValue
  | MappingValue

/** A leaf has no JSON form of its own, because it may be a secret: `core/json` makes one, and refuses secrets. */
class Leafless {}
Object.defineProperty(Leafless.prototype, 'toJSON', {
  value() {
    throw new Error('a value has no JSON form of its own: use core/json')
  },
})

export interface StringValue {
  readonly kind: 'string'
  readonly value: string
  readonly sensitive: boolean
}
export interface NumberValue {
  readonly kind: 'number'
  readonly value: Num
  readonly sensitive: boolean
}
export interface BoolValue {
  readonly kind: 'bool'
  readonly value: boolean
  readonly sensitive: boolean
}
export interface NullValue {
  readonly kind: 'null'
  readonly type: Type
  readonly sensitive: boolean
}
/** Known after apply ("deferred"). `waits` names the addresses that it waits for; empty when nothing is known of its cause. */
export interface UnknownValue {
  readonly kind: 'unknown'
  readonly type: Type
  readonly sensitive: boolean
  readonly waits: ReadonlySet<string>
}
/** Lists and sets have an `element` type; a tuple has none. The items of a set are distinct and in the order of sets. */
export interface SequenceValue {
  readonly kind: 'list' | 'set' | 'tuple'
  readonly element: Type | undefined
  readonly items: readonly Value[]
}
/** Maps have an `element` type; an object has none. Entries are in code-point order. */
export interface MappingValue {
  readonly kind: 'map' | 'object'
  readonly element: Type | undefined
  readonly entries: ReadonlyMap<string, Value>
}

function make<T extends Value>(fields: T): T {
  return Object.assign(new Leafless(), fields) as T
}

const noAddresses: ReadonlySet<string> = new Set()

export function stringValue(value: string, sensitive = false): StringValue {
  return make({ kind: 'string', value: value.normalize('NFC'), sensitive })
}

export function numberValue(value: Num, sensitive = false): NumberValue {
  return make({ kind: 'number', value, sensitive })
}

export const trueValue: BoolValue = make({ kind: 'bool', value: true, sensitive: false })
export const falseValue: BoolValue = make({ kind: 'bool', value: false, sensitive: false })

export function boolValue(value: boolean, sensitive = false): BoolValue {
  if (sensitive) return make({ kind: 'bool', value, sensitive })
  return value ? trueValue : falseValue
}

export function nullValue(type: Type = dynamic, sensitive = false): NullValue {
  return make({ kind: 'null', type, sensitive })
}

export function unknownValue(
  type: Type = dynamic,
  waits: ReadonlySet<string> = noAddresses,
  sensitive = false,
): UnknownValue {
  return make({ kind: 'unknown', type, waits, sensitive })
}

export function tupleValue(items: readonly Value[]): SequenceValue {
  return make({ kind: 'tuple', element: undefined, items })
}

/** The items must already have the element type. */
export function listValue(element: Type, items: readonly Value[]): SequenceValue {
  return make({ kind: 'list', element, items })
}

/** The items must already have the element type, be distinct and be in the order of sets: `core/convert` makes sets from anything. */
export function setValueOf(element: Type, items: readonly Value[]): SequenceValue {
  return make({ kind: 'set', element, items })
}

/** The entries must already have the element type; they may come in any order. */
export function mapValue(element: Type, entries: Iterable<readonly [string, Value]>): MappingValue {
  return make({ kind: 'map', element, entries: ordered(entries) })
}

/** The entries may come in any order. */
export function objectValue(entries: Iterable<readonly [string, Value]>): MappingValue {
  return make({ kind: 'object', element: undefined, entries: ordered(entries) })
}

function ordered(entries: Iterable<readonly [string, Value]>): ReadonlyMap<string, Value> {
  const all = [...entries]
  for (let i = 1; i < all.length; i++) {
    if (
      compareCodePoints(
        (all[i - 1] as readonly [string, Value])[0],
        (all[i] as readonly [string, Value])[0],
      ) > 0
    ) {
      all.sort((a, b) => compareCodePoints(a[0], b[0]))
      break
    }
  }
  return new Map(all)
}
