import { convert, typeOf, unify } from '../../core/convert.js'
import { equality } from '../../core/equality.js'
import { identityOf } from '../../core/identity.js'
import { hasSensitive, isWhollyKnown, waitsOf } from '../../core/leaves.js'
import {
  bool,
  compareCodePoints,
  describeType,
  dynamic,
  list,
  number,
  string,
  type Type,
} from '../../core/type.js'
import {
  boolValue,
  listValue,
  nullValue,
  numberValue,
  tupleValue,
  unknownValue,
  type Value,
} from '../../core/value.js'
import { elementOf } from '../expression/access.js'
import {
  anything,
  integerAt,
  numeric,
  orderedAt,
  sequenceAt,
  structure,
  structureOf,
  texts,
} from './argument.js'
import { ArgumentError, functionFailure, type LanguageFunction, type Parameter } from './function.js'
import { countGraphemes } from './grapheme.js'

/** Functions on lists and tuples; those on maps and on sets have their own files. */
export const sequenceFunctions: readonly LanguageFunction[] = [
  {
    name: 'length',
    doc: 'How many elements a collection has, or characters a string.',
    parameters: [{ name: 'value', type: dynamic, unknown: 'parts', marks: 'own' }],
    returns: number,
    call([value]) {
      if (value === undefined) throw new Error('length has one parameter')
      if ('items' in value) return numberValue(value.items.length)
      if ('entries' in value) return numberValue(value.entries.size)
      if (value.kind === 'string') return numberValue(countGraphemes(value.value), value.sensitive)
      throw new ArgumentError(
        0,
        `a collection or a string is needed, but this is ${describeType(typeOf(value))}`,
      )
    },
  },
  {
    name: 'concat',
    doc: 'The elements of all the lists or tuples, one after the other.',
    parameters: [],
    rest: structure('seqs'),
    returns: dynamic,
    call: concat,
  },
  {
    name: 'contains',
    doc: 'Is the value an element of the list, set or tuple?',
    parameters: [
      { name: 'list', type: dynamic, unknown: 'parts' },
      { ...anything('value'), unknown: 'parts' },
    ],
    returns: bool,
    call: contains,
  },
  {
    name: 'element',
    doc: 'The element at an index; after the last comes the first again, before the first the last.',
    parameters: [structure('list'), numeric('index')],
    returns: (args) => elementOf(typeOf(args[0] as Value)),
    call(args) {
      const { items } = orderedAt(args, 0)
      if (items.length === 0) throw new ArgumentError(0, 'it has no elements')
      const index = integerAt(args, 1) % items.length
      return items[index < 0 ? index + items.length : index] as Value
    },
  },
  {
    name: 'index',
    doc: 'The index of the first element that equals the value.',
    parameters: [anything('list'), anything('value')],
    returns: number,
    call(args) {
      const position = orderedAt(args, 0).items.findIndex((item) => equality(item, args[1] as Value) === true)
      if (position < 0)
        throw functionFailure('The list does not have this element.', 'Test for it with contains().')
      return numberValue(position)
    },
  },
  {
    name: 'slice',
    doc: 'The elements from an index to before another.',
    parameters: [structure('list'), numeric('start_index'), numeric('end_index')],
    returns: (args) => (args[0]?.kind === 'list' ? typeOf(args[0]) : dynamic),
    call: slice,
  },
  {
    name: 'reverse',
    doc: 'The elements in reverse order.',
    parameters: [structure('list')],
    returns: (args) => listLike(args[0]),
    call(args) {
      const { kind, element, items } = sequenceAt(args, 0)
      const reversed = items.toReversed()
      return kind === 'tuple' ? tupleValue(reversed) : listValue(element ?? dynamic, reversed)
    },
  },
  {
    name: 'sort',
    doc: 'The strings in the order of their characters.',
    parameters: [{ ...texts('list'), unknown: 'parts' }],
    returns: list(string),
    call(args) {
      const items = sequenceAt(args, 0).items
      if (!items.every(isWhollyKnown)) {
        return listValue(
          string,
          items.map(() => unknownValue(string, waitsOf(...args))),
        )
      }
      for (const [i, item] of items.entries()) {
        if (item.kind === 'null') throw new ArgumentError(0, `element ${i} is null`)
      }
      return listValue(string, [...items].sort(byText))
    },
  },
  {
    name: 'distinct',
    doc: 'The elements of a list, each only where it stands first.',
    parameters: [{ name: 'list', type: list(dynamic) }],
    returns: (args) => typeOf(args[0] as Value),
    call(args) {
      const { element, items } = sequenceAt(args, 0)
      return listValue(element ?? dynamic, firstOfEach(items))
    },
  },
  {
    name: 'compact',
    doc: 'The strings of a list without empty ones and nulls.',
    parameters: [texts('list')],
    returns: list(string),
    call: (args) =>
      listValue(
        string,
        sequenceAt(args, 0).items.filter((item) => item.kind === 'string' && item.value !== ''),
      ),
  },
  {
    name: 'chunklist',
    doc: 'The elements in lists of a given size, the last of which may be shorter.',
    parameters: [structureOf('list', list(dynamic)), numeric('size')],
    returns: (args) => list(typeOf(args[0] as Value)),
    call(args) {
      const { element = dynamic, items } = sequenceAt(args, 0)
      const size = integerAt(args, 1)
      if (size < 0) throw new ArgumentError(1, 'the size must not be negative')
      const chunks: Value[] = []
      const step = size === 0 ? items.length : size
      for (let i = 0; i < items.length; i += step) chunks.push(listValue(element, items.slice(i, i + step)))
      return listValue(list(element), chunks)
    },
  },
  {
    name: 'flatten',
    doc: 'The elements of a list, with those of the lists in it, however deep, in their place.',
    parameters: [structure('list')],
    returns: dynamic,
    call: flatten,
  },
  {
    name: 'one',
    doc: 'The only element of a list, set or tuple; null if it has none.',
    parameters: [structure('list')],
    returns: (args) => elementOf(typeOf(args[0] as Value)),
    call(args) {
      const { element, items } = sequenceAt(args, 0)
      if (items.length > 1)
        throw new ArgumentError(0, `it has ${items.length} elements, but at most one is allowed`)
      return items[0] ?? nullValue(element ?? dynamic)
    },
  },
  {
    name: 'matchkeys',
    doc: 'The values whose keys, at the same index of another list, are among those sought.',
    parameters: [anyList('values'), anyList('keys'), anyList('searchset')],
    returns: (args) => typeOf(args[0] as Value),
    call(args) {
      const values = sequenceAt(args, 0)
      const keys = sequenceAt(args, 1).items
      const sought = sequenceAt(args, 2).items
      if (values.items.length !== keys.length) throw functionFailure('There must be as many keys as values.')
      const common = unify([...keys, ...sought].map(typeOf))
      if (common === undefined) return listValue(values.element ?? dynamic, [])
      const wanted = new Set(sought.map((each) => identityOf(convert(each, common))))
      const found = values.items.filter((_, i) => wanted.has(identityOf(convert(keys[i] as Value, common))))
      return listValue(values.element ?? dynamic, found)
    },
  },
  truthOf('alltrue', 'Is every element true?', (all, value) => all && value, true),
  truthOf('anytrue', 'Is any element true?', (any, value) => any || value, false),
]

function concat(args: readonly Value[]): Value {
  if (args.length === 0) throw functionFailure('At least one list is needed.')
  const items = args.flatMap((_, i) => orderedAt(args, i).items)
  if (!args.every((arg) => arg.kind === 'list')) return tupleValue(items)
  const element = unify(args.map((arg) => (arg.kind === 'list' && arg.element) || dynamic))
  if (element === undefined) return tupleValue(items)
  return listValue(
    element,
    items.map((item) => convert(item, element)),
  )
}

function contains(args: readonly Value[]): Value {
  let certain = true
  for (const item of sequenceAt(args, 0).items) {
    const equal = equality(item, args[1] as Value)
    if (equal === true) return boolValue(true)
    if (equal === undefined) certain = false
  }
  return certain ? boolValue(false) : unknownValue(bool, waitsOf(...args))
}

function slice(args: readonly Value[]): Value {
  const { kind, element, items } = orderedAt(args, 0)
  const start = integerAt(args, 1)
  const end = integerAt(args, 2)
  if (start < 0 || start > items.length) throw new ArgumentError(1, `the list has ${items.length} elements`)
  if (end > items.length) throw new ArgumentError(2, `the list has only ${items.length} elements`)
  if (end < start) throw new ArgumentError(2, 'the end must not be before the start')
  const part = items.slice(start, end)
  return kind === 'tuple' ? tupleValue(part) : listValue(element ?? dynamic, part)
}

function byText(a: Value, b: Value): number {
  return a.kind === 'string' && b.kind === 'string' ? compareCodePoints(a.value, b.value) : 0
}

function firstOfEach(items: readonly Value[]): readonly Value[] {
  const first = new Map<string, Value>()
  for (const item of items) {
    const identity = identityOf(item)
    if (!first.has(identity)) first.set(identity, item)
  }
  return [...first.values()]
}

function flatten(args: readonly Value[]): Value {
  const items: Value[] = []
  const collect = (value: Value): boolean => {
    if (value.kind === 'unknown' && !isLeafType(value.type)) return false
    if (!('items' in value)) {
      items.push(value)
      return true
    }
    return value.items.every(collect)
  }
  return collect(sequenceAt(args, 0))
    ? tupleValue(items)
    : unknownValue(dynamic, waitsOf(...args), args.some(hasSensitive))
}

function isLeafType(type: Type): boolean {
  return ['string', 'number', 'bool', 'map', 'object'].includes(type.kind)
}

function truthOf(
  name: string,
  doc: string,
  combine: (result: boolean, value: boolean) => boolean,
  start: boolean,
): LanguageFunction {
  return {
    name,
    doc,
    parameters: [{ name: 'list', type: list(bool), unknown: 'parts' }],
    returns: bool,
    call(args) {
      let result = start
      let open = false
      for (const item of sequenceAt(args, 0).items) {
        if (item.kind === 'unknown') open = true
        else result = combine(result, item.kind === 'bool' && item.value)
      }
      // One that is known may decide it whatever the others turn out to be.
      return open && result === start ? unknownValue(bool, waitsOf(...args)) : boolValue(result)
    },
  }
}

/** A list of anything, whose elements have one type. */
function anyList(name: string): Parameter {
  return { name, type: list(dynamic) }
}

function listLike(value: Value | undefined): Type {
  if (value?.kind !== 'unknown') return dynamic
  return value.type.kind === 'set' ? list(value.type.element) : value.type
}
