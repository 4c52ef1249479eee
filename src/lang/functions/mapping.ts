import { convert, typeOf } from '../../core/convert.js'
import { hasSensitive } from '../../core/leaves.js'
import { didYouMean } from '../../core/nearest.js'
import { describeType, dynamic, list, map, string, type Type, typeEquals } from '../../core/type.js'
import { listValue, mapValue, objectValue, stringValue, tupleValue, type Value } from '../../core/value.js'
import { elementOf } from '../expression/access.js'
import { mappingAt, orderedAt, sequenceAt, stringAt, structure, text } from './argument.js'
import { ArgumentError, functionFailure, type LanguageFunction } from './function.js'

/** Functions on maps and objects. */
export const mappingFunctions: readonly LanguageFunction[] = [
  {
    name: 'keys',
    doc: 'The keys of a map or object, sorted.',
    parameters: [structure('inputMap')],
    returns: list(string),
    call(args) {
      const mapping = mappingAt(args, 0)
      const keys = Array.from(mapping.entries.keys(), (key) => stringValue(key))
      return mapping.kind === 'map' ? listValue(string, keys) : tupleValue(keys)
    },
  },
  {
    name: 'values',
    doc: 'The values of a map or object, in the order of their keys.',
    parameters: [structure('mapping')],
    returns: (args) => {
      const type = typeOf(args[0] as Value)
      return type.kind === 'map' ? list(type.element) : dynamic
    },
    call(args) {
      const mapping = mappingAt(args, 0)
      const values = [...mapping.entries.values()]
      return mapping.element === undefined ? tupleValue(values) : listValue(mapping.element, values)
    },
  },
  {
    name: 'lookup',
    doc: 'The element of a map or object with the key, or else the default.',
    parameters: [
      structure('inputMap'),
      text('key'),
      { name: 'default', type: dynamic, optional: true, null: true, unknown: 'all', marks: 'own' },
    ],
    returns: (args) => elementOf(typeOf(args[0] as Value)),
    call: lookup,
  },
  {
    name: 'merge',
    doc: 'One map or object of all entries; of several with one key the last stays. Nulls are passed over.',
    parameters: [],
    rest: { name: 'maps', type: dynamic, null: true, unknown: 'parts', marks: 'own' },
    returns: (args) => commonMap(args.map(typeOf)) ?? dynamic,
    call: merge,
  },
  {
    name: 'zipmap',
    doc: 'An object or map of the keys of one list and the values of another.',
    parameters: [{ name: 'keys', type: list(string) }, structure('values')],
    returns: dynamic,
    call: zipMap,
  },
  {
    name: 'transpose',
    doc: 'A map of lists turned round: every string in the lists becomes a key, with the list of keys where it was.',
    parameters: [{ name: 'values', type: map(list(string)) }],
    returns: map(list(string)),
    call: transpose,
  },
]

function lookup(args: readonly Value[]): Value {
  const mapping = mappingAt(args, 0)
  const key = stringAt(args, 1)
  const found = mapping.entries.get(key)
  if (found !== undefined) return found
  const fallback = args[2]
  if (fallback === undefined) {
    const help = didYouMean(key, mapping.entries.keys())
    throw new ArgumentError(
      1,
      `there is no element with the key ${JSON.stringify(key)}, and no default`,
      help,
    )
  }
  if (mapping.element === undefined) return fallback
  try {
    return convert(fallback, mapping.element)
  } catch {
    const wanted = describeType(mapping.element)
    throw new ArgumentError(
      2,
      `${wanted} is needed, as the other elements are, but this is ${describeType(typeOf(fallback))}`,
    )
  }
}

function merge(args: readonly Value[]): Value {
  const entries = new Map<string, Value>()
  const present = args.filter((arg) => arg.kind !== 'null')
  for (const [i, arg] of args.entries()) {
    if (arg.kind === 'null') continue
    for (const [key, entry] of mappingAt(args, i).entries) entries.set(key, entry)
  }
  const type = commonMap(present.map(typeOf))
  return type?.kind === 'map' ? mapValue(type.element, entries) : objectValue(entries)
}

/** Maps with one element type make a map; anything else makes an object. */
function commonMap(types: readonly Type[]): Type | undefined {
  const first = types[0]
  return first?.kind === 'map' && types.every((type) => typeEquals(type, first)) ? first : undefined
}

function zipMap(args: readonly Value[]): Value {
  const keys = keysAt(args, 0)
  const { element, items } = orderedAt(args, 1)
  if (keys.length !== items.length) {
    throw functionFailure(
      `There must be as many keys as values, but there are ${keys.length} and ${items.length}.`,
    )
  }
  const entries = new Map(keys.map((key, i) => [key, items[i] as Value]))
  return element === undefined ? objectValue(entries) : mapValue(element, entries)
}

function transpose(args: readonly Value[]): Value {
  const lists = new Map<string, Value[]>()
  for (const [key, values] of mappingAt(args, 0).entries) {
    for (const value of keysAt([values], 0)) {
      const keys = lists.get(value)
      if (keys === undefined) lists.set(value, [stringValue(key)])
      else keys.push(stringValue(key))
    }
  }
  return mapValue(
    list(string),
    Array.from(lists, ([key, keys]) => [key, listValue(string, keys)] as const),
  )
}

/** Strings that become keys, which are shown in plans and addresses: secrets are refused. */
function keysAt(args: readonly Value[], index: number): string[] {
  return sequenceAt(args, index).items.map((item, i) => {
    if (item.kind !== 'string') throw new ArgumentError(index, `element ${i} is null`)
    if (!hasSensitive(item)) return item.value
    throw new ArgumentError(
      index,
      `element ${i} is sensitive, and would become a key, which is shown in plans and addresses`,
      'Use another key, or nonsensitive() if this is no secret.',
    )
  })
}
