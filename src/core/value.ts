import type { Decimal } from 'decimal.js'
import { checkExtent, type Extent, sizeOfText } from './extent.js'
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

/*
 * One small class per shape: a configuration of 20,000 objects makes hundreds of thousands of values, and a constructor is
 * several times faster than copying fields. They stay private: everyone else sees the plain shapes above.
 */
class Leaf<K, T> {
  constructor(
    readonly kind: K,
    readonly value: T,
    readonly sensitive: boolean,
  ) {}
}
class Null {
  readonly kind = 'null'
  constructor(
    readonly type: Type,
    readonly sensitive: boolean,
  ) {}
}
class Unknown {
  readonly kind = 'unknown'
  constructor(
    readonly type: Type,
    readonly waits: ReadonlySet<string>,
    readonly sensitive: boolean,
  ) {}
}
class Sequence {
  readonly #extent: Extent
  constructor(
    readonly kind: 'list' | 'set' | 'tuple',
    readonly element: Type | undefined,
    readonly items: readonly Value[],
  ) {
    this.#extent = extentOf(items)
  }
  get extent(): Extent {
    return this.#extent
  }
}
class Mapping {
  readonly #extent: Extent
  constructor(
    readonly kind: 'map' | 'object',
    readonly element: Type | undefined,
    readonly entries: ReadonlyMap<string, Value>,
  ) {
    this.#extent = extentOf(entries.values())
  }
  get extent(): Extent {
    return this.#extent
  }
}

/** Throws a `Failure` without a place if there are too many parts or levels. */
function extentOf(parts: Iterable<Value>): Extent {
  let size = 1
  let depth = 0
  let unknown = false
  let sensitive = false
  for (const part of parts) {
    if (part instanceof Sequence || part instanceof Mapping) {
      const { extent } = part
      size += extent.size
      depth = Math.max(depth, extent.depth)
      unknown ||= extent.unknown
      sensitive ||= extent.sensitive
      continue
    }
    size += part.kind === 'string' ? sizeOfText(part.value) : 1
    unknown ||= part.kind === 'unknown'
    sensitive ||= 'sensitive' in part && part.sensitive
  }
  checkExtent(size, depth + 1)
  return { size, depth: depth + 1, unknown, sensitive }
}

/** How many parts there are to go through in a value, counting those that it repeats; long texts count as several. */
export function sizeOf(value: Value): number {
  if (value instanceof Sequence || value instanceof Mapping) return value.extent.size
  return value.kind === 'string' ? sizeOfText(value.value) : 1
}

/** Is any part of the value known only after apply? */
export function hasUnknown(value: Value): boolean {
  if (value instanceof Sequence || value instanceof Mapping) return value.extent.unknown
  return value.kind === 'unknown'
}

/** Is any part of the value sensitive? */
export function hasSensitive(value: Value): boolean {
  if (value instanceof Sequence || value instanceof Mapping) return value.extent.sensitive
  return 'sensitive' in value && value.sensitive
}

// A value has no JSON form of its own, because any leaf may be a secret: `core/json` makes one and asks what to do with those.
for (const shape of [Leaf, Null, Unknown, Sequence, Mapping]) {
  Object.defineProperty(shape.prototype, 'toJSON', {
    value() {
      throw new Error('a value has no JSON form of its own: use core/json')
    },
  })
}

const noAddresses: ReadonlySet<string> = new Set()

export function stringValue(value: string, sensitive = false): StringValue {
  return new Leaf('string', value.normalize('NFC'), sensitive)
}

export function numberValue(value: Num, sensitive = false): NumberValue {
  return new Leaf('number', value, sensitive)
}

export const trueValue: BoolValue = new Leaf('bool', true, false)
export const falseValue: BoolValue = new Leaf('bool', false, false)

export function boolValue(value: boolean, sensitive = false): BoolValue {
  if (sensitive) return new Leaf('bool', value, sensitive)
  return value ? trueValue : falseValue
}

export function nullValue(type: Type = dynamic, sensitive = false): NullValue {
  return new Null(type, sensitive)
}

export function unknownValue(
  type: Type = dynamic,
  waits: ReadonlySet<string> = noAddresses,
  sensitive = false,
): UnknownValue {
  return new Unknown(type, waits, sensitive)
}

export function tupleValue(items: readonly Value[]): SequenceValue {
  return new Sequence('tuple', undefined, items)
}

/** The items must already have the element type. */
export function listValue(element: Type, items: readonly Value[]): SequenceValue {
  return new Sequence('list', element, items)
}

/** The items must already have the element type, be distinct and be in the order of sets: `core/convert` makes sets from anything. */
export function setValueOf(element: Type, items: readonly Value[]): SequenceValue {
  return new Sequence('set', element, items)
}

/** The entries must already have the element type; they may come in any order. */
export function mapValue(element: Type, entries: Iterable<readonly [string, Value]>): MappingValue {
  return new Mapping('map', element, ordered(entries))
}

/** The entries may come in any order. */
export function objectValue(entries: Iterable<readonly [string, Value]>): MappingValue {
  return new Mapping('object', undefined, ordered(entries))
}

/** A map that comes in order is taken as it is: callers hand over their maps and keep no way to change them. */
function ordered(entries: Iterable<readonly [string, Value]>): ReadonlyMap<string, Value> {
  const result = entries instanceof Map ? (entries as ReadonlyMap<string, Value>) : new Map(entries)
  let previous: string | undefined
  for (const key of result.keys()) {
    if (previous !== undefined && compareCodePoints(previous, key) > 0) {
      return new Map([...result].sort((a, b) => compareCodePoints(a[0], b[0])))
    }
    previous = key
  }
  return result
}
