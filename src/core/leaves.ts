import {
  boolValue,
  hasSensitive,
  hasUnknown,
  listValue,
  mapValue,
  nullValue,
  numberValue,
  objectValue,
  setValueOf,
  stringValue,
  tupleValue,
  unknownValue,
  type Value,
} from './value.js'

export { hasSensitive } from './value.js'

/** A value without items or entries; only these carry the sensitive mark. */
export type LeafValue = Exclude<Value, { readonly items: unknown } | { readonly entries: unknown }>

const nothing: ReadonlySet<string> = new Set()

/** Is the predicate true of any leaf of the value? */
export function someLeaf(value: Value, predicate: (leaf: LeafValue) => boolean): boolean {
  switch (value.kind) {
    case 'list':
    case 'set':
    case 'tuple':
      return value.items.some((item) => someLeaf(item, predicate))
    case 'map':
    case 'object':
      for (const entry of value.entries.values()) if (someLeaf(entry, predicate)) return true
      return false
    default:
      return predicate(value)
  }
}

/** Nothing in the value is known only after apply. */
export function isWhollyKnown(value: Value): boolean {
  return !hasUnknown(value)
}

/** The addresses that any part of the value waits for. */
export function waitsOf(...values: readonly Value[]): ReadonlySet<string> {
  let all: Set<string> | undefined
  let first = nothing
  for (const value of values) {
    if (!hasUnknown(value)) continue
    someLeaf(value, (leaf) => {
      if (leaf.kind !== 'unknown' || leaf.waits.size === 0 || leaf.waits === first) return false
      if (first.size === 0) {
        first = leaf.waits
      } else {
        all ??= new Set(first)
        for (const address of leaf.waits) all.add(address)
      }
      return false
    })
  }
  return all ?? first
}

/** The same value with every leaf changed; the leaves of a set must stay distinct and in order. */
export function mapLeaves(value: Value, change: (leaf: LeafValue) => Value): Value {
  switch (value.kind) {
    case 'list':
    case 'set':
    case 'tuple': {
      const items = value.items.map((item) => mapLeaves(item, change))
      if (items.every((item, i) => item === value.items[i])) return value
      if (value.kind === 'tuple') return tupleValue(items)
      const element = value.element ?? { kind: 'dynamic' }
      return value.kind === 'list' ? listValue(element, items) : setValueOf(element, items)
    }
    case 'map':
    case 'object': {
      let changed = false
      const entries = new Map<string, Value>()
      for (const [key, entry] of value.entries) {
        const next = mapLeaves(entry, change)
        changed ||= next !== entry
        entries.set(key, next)
      }
      if (!changed) return value
      return value.element === undefined ? objectValue(entries) : mapValue(value.element, entries)
    }
    default:
      return change(value)
  }
}

/** The value with the mark on all of its leaves, or on none. */
export function markSensitive(value: Value, on = true): Value {
  if (!on && !hasSensitive(value)) return value
  return mapLeaves(value, (leaf) => (leaf.sensitive === on ? leaf : remark(leaf, on)))
}

function remark(leaf: LeafValue, on: boolean): Value {
  switch (leaf.kind) {
    case 'string':
      return stringValue(leaf.value, on)
    case 'number':
      return numberValue(leaf.value, on)
    case 'bool':
      return boolValue(leaf.value, on)
    case 'null':
      return nullValue(leaf.type, on)
    case 'unknown':
      return unknownValue(leaf.type, leaf.waits, on)
  }
}
