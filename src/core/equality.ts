import { compareNumbers, numberEquals } from './number.js'
import { compareCodePoints } from './type.js'
import { hasUnknown, type UnknownValue, type Value } from './value.js'

export { hasSensitive, isWhollyKnown, markSensitive, waitsOf } from './leaves.js'

/**
 * Are two values equal, whatever their marks? Undefined when that depends on something that is known only after apply. Values of
 * different kinds differ (`1` and `"1"`, a tuple and a list); all nulls are equal.
 */
export function equality(a: Value, b: Value): boolean | undefined {
  if (a === b) return hasUnknown(a) ? undefined : true
  if (a.kind === 'unknown') return differsFrom(a, b) ? false : undefined
  if (b.kind === 'unknown') return differsFrom(b, a) ? false : undefined
  if (a.kind !== b.kind) return false
  switch (a.kind) {
    case 'null':
      return true
    case 'string':
    case 'bool':
      return a.value === (b as typeof a).value
    case 'number':
      return numberEquals(a.value, (b as typeof a).value)
    case 'list':
    case 'set':
    case 'tuple': {
      const others = (b as typeof a).items
      if (a.items.length !== others.length) return false
      return all(a.items, (item, i) => equality(item, others[i] as Value))
    }
    case 'map':
    case 'object': {
      const others = (b as typeof a).entries
      if (a.entries.size !== others.size) return false
      for (const key of a.entries.keys()) if (!others.has(key)) return false
      return all([...a.entries], ([key, entry]) => equality(entry, others.get(key) as Value))
    }
  }
}

/** Whatever the unknown turns out to be, it is of another kind. Null it may be of any type. */
function differsFrom({ type }: UnknownValue, other: Value): boolean {
  if (other.kind === 'unknown' || other.kind === 'null' || type.kind === 'dynamic') return false
  return other.kind !== type.kind
}

/** Equal for certain: what is known only after apply equals nothing. */
export function valueEquals(a: Value, b: Value): boolean {
  return equality(a, b) === true
}

/** False as soon as one is false, else undefined if one is undefined. */
function all<T>(
  items: readonly T[],
  test: (item: T, index: number) => boolean | undefined,
): boolean | undefined {
  let certain: true | undefined = true
  for (const [index, item] of items.entries()) {
    const result = test(item, index)
    if (result === false) return false
    if (result === undefined) certain = undefined
  }
  return certain
}

const rank: Readonly<Record<Value['kind'], number>> = {
  bool: 0,
  number: 1,
  string: 2,
  list: 3,
  set: 4,
  tuple: 5,
  map: 6,
  object: 7,
  null: 8,
  unknown: 9,
}

/** The order of sets: bools, numbers and strings by value, collections item by item, null after everything that is known. */
export function compareValues(a: Value, b: Value): number {
  if (a.kind !== b.kind) return rank[a.kind] - rank[b.kind]
  switch (a.kind) {
    case 'string':
      return compareCodePoints(a.value, (b as typeof a).value)
    case 'number':
      return compareNumbers(a.value, (b as typeof a).value)
    case 'bool':
      return Number(a.value) - Number((b as typeof a).value)
    case 'null':
    case 'unknown':
      return 0
    case 'list':
    case 'set':
    case 'tuple': {
      const others = (b as typeof a).items
      for (const [i, item] of a.items.entries()) {
        const other = others[i]
        if (other === undefined) return 1
        const order = compareValues(item, other)
        if (order !== 0) return order
      }
      return a.items.length - others.length
    }
    case 'map':
    case 'object': {
      const others = [...(b as typeof a).entries]
      let i = 0
      for (const [key, entry] of a.entries) {
        const other = others[i++]
        if (other === undefined) return 1
        const order = compareCodePoints(key, other[0]) || compareValues(entry, other[1])
        if (order !== 0) return order
      }
      return a.entries.size - others.length
    }
  }
}
