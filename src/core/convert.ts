import { convertedType, withoutOptional } from './convertible.js'
import { error, Failure } from './diagnostic.js'
import { compareValues, valueEquals } from './equality.js'
import { hasSensitive, isWhollyKnown, markSensitive, someLeaf, waitsOf } from './leaves.js'
import { formatNumber, parseNumber } from './number.js'
import {
  bool,
  describeType,
  dynamic,
  hasDynamic,
  list,
  map,
  number,
  object,
  set,
  string,
  type Type,
  tuple,
  typeEquals,
} from './type.js'
import { unify } from './unify.js'
import {
  boolValue,
  listValue,
  type MappingValue,
  mapValue,
  nullValue,
  numberValue,
  objectValue,
  type SequenceValue,
  setValueOf,
  stringValue,
  tupleValue,
  unknownValue,
  type Value,
} from './value.js'

export { formatType } from './type.js'
export { unify } from './unify.js'

export function typeOf(value: Value): Type {
  switch (value.kind) {
    case 'string':
      return string
    case 'number':
      return number
    case 'bool':
      return bool
    case 'null':
    case 'unknown':
      return value.type
    case 'list':
      return list(value.element ?? dynamic)
    case 'set':
      return set(value.element ?? dynamic)
    case 'map':
      return map(value.element ?? dynamic)
    case 'tuple':
      return tuple(value.items.map(typeOf))
    case 'object': {
      const attributes: [string, Type][] = []
      for (const [name, entry] of value.entries) attributes.push([name, typeOf(entry)])
      return object(attributes)
    }
  }
}

/**
 * The value as a value of the type, by the rules of HCL: text forms of numbers and bools and back, tuples to lists and sets,
 * objects to maps and maps to objects, common element types where the type says `any`; attributes that may be left out become
 * null, attributes that the type does not name are dropped. Throws a `Failure` (`lang/wrong-type`) without a place, whose
 * detail says which part does not fit.
 */
export function convert(value: Value, type: Type): Value {
  return convertAt(value, type, '')
}

/** A set of the values: sorted, each once. Whether two are the same is not known for parts known after apply, so then nothing is. */
export function makeSet(element: Type, values: readonly Value[]): Value {
  if (!values.every(isWhollyKnown)) {
    return unknownValue(set(element), waitsOf(...values), values.some(hasSensitive))
  }
  const distinct: Value[] = []
  for (const value of [...values].sort(compareValues)) {
    const last = distinct.at(-1)
    if (last === undefined || !valueEquals(last, value)) distinct.push(value)
    else if (hasSensitive(value) && !hasSensitive(last)) distinct[distinct.length - 1] = markSensitive(value)
  }
  return setValueOf(element, distinct)
}

function convertAt(value: Value, type: Type, path: string): Value {
  if (type.kind === 'dynamic') return value
  if (value.kind === 'null' || value.kind === 'unknown') {
    if (value.type === type) return value
    const converted = convertedType(value.type, type)
    if (converted === undefined) throw mismatch(value, type, path)
    return value.kind === 'null'
      ? nullValue(converted, value.sensitive)
      : unknownValue(converted, value.waits, value.sensitive)
  }
  switch (type.kind) {
    case 'string':
      if (value.kind === 'string') return value
      if (value.kind === 'number') return stringValue(formatNumber(value.value), value.sensitive)
      if (value.kind === 'bool') return stringValue(String(value.value), value.sensitive)
      throw mismatch(value, type, path)
    case 'number':
      return toNumber(value, path)
    case 'bool':
      return toBool(value, path)
    case 'list':
    case 'set':
      if ('items' in value) return toSequence(value, type.kind, type.element, path)
      throw mismatch(value, type, path)
    case 'map':
      if ('entries' in value) return toMap(value, type.element, path)
      throw mismatch(value, type, path)
    case 'tuple':
      if (value.kind !== 'tuple' || value.items.length !== type.elements.length) {
        throw mismatch(value, type, path)
      }
      return tupleValue(
        value.items.map((item, i) => convertAt(item, type.elements[i] as Type, `${path}[${i}]`)),
      )
    case 'object':
      if ('entries' in value) return toObject(value, type, path)
      throw mismatch(value, type, path)
  }
}

function toNumber(value: Value, path: string): Value {
  if (value.kind === 'number') return value
  if (value.kind !== 'string') throw mismatch(value, number, path)
  try {
    return numberValue(parseNumber(value.value), value.sensitive)
  } catch (cause) {
    if (value.sensitive) {
      throw wrongType(path, 'a number is needed, but this sensitive string does not hold one')
    }
    if (!(cause instanceof Failure) || cause.diagnostics[0]?.code !== 'lang/not-a-number') throw cause
    throw wrongType(path, `a number is needed, and ${cause.diagnostics[0].detail?.replace(/\.$/, '')}`)
  }
}

function toBool(value: Value, path: string): Value {
  if (value.kind === 'bool') return value
  if (value.kind !== 'string') throw mismatch(value, bool, path)
  if (value.value === 'true' || value.value === '1') return boolValue(true, value.sensitive)
  if (value.value === 'false' || value.value === '0') return boolValue(false, value.sensitive)
  const lower = value.value.toLowerCase()
  const help = lower === 'true' || lower === 'false' ? `Write it in lower case: ${lower}.` : undefined
  throw wrongType(path, 'a bool is needed; of strings only "true" and "false" stand for one', help)
}

function toSequence(value: SequenceValue, kind: 'list' | 'set', element: Type, path: string): Value {
  if (value.kind === kind && value.element !== undefined && typeEquals(value.element, element)) return value
  const declared = declaredElement(value, element)
  const items = value.items.map((item, i) => convertAt(item, element, `${path}[${i}]`))
  // An empty list of the wrong type is refused as well: it would fail on the day that it is not empty.
  if (declared === 'none') throw mismatch(value, kind === 'list' ? list(element) : set(element), path)
  if (!hasDynamic(element)) {
    return kind === 'list'
      ? listValue(withoutOptional(element), items)
      : makeSet(withoutOptional(element), items)
  }
  const common = declared ?? commonType(items, path)
  if (common.kind === 'dynamic' && items.some(isOpen)) {
    return unknownValue(kind === 'list' ? list(common) : set(common), waitsOf(value), hasSensitive(value))
  }
  const unified = items.map((item) => convertAt(item, common, path))
  return kind === 'list' ? listValue(common, unified) : makeSet(common, unified)
}

function toMap(value: MappingValue, element: Type, path: string): Value {
  if (value.kind === 'map' && value.element !== undefined && typeEquals(value.element, element)) return value
  const entries = new Map<string, Value>()
  const declared = declaredElement(value, element)
  for (const [key, entry] of value.entries) entries.set(key, convertAt(entry, element, step(path, key)))
  if (declared === 'none') throw mismatch(value, map(element), path)
  if (!hasDynamic(element)) return mapValue(withoutOptional(element), entries)
  const all = [...entries.values()]
  const common = declared ?? commonType(all, path)
  if (common.kind === 'dynamic' && all.some(isOpen)) {
    return unknownValue(map(common), waitsOf(value), hasSensitive(value))
  }
  for (const [key, entry] of entries) entries.set(key, convertAt(entry, common, path))
  return mapValue(common, entries)
}

/** What the element type of a collection becomes; undefined for structures, which have none. */
function declaredElement(value: SequenceValue | MappingValue, element: Type): Type | 'none' | undefined {
  return value.element === undefined ? undefined : (convertedType(value.element, element) ?? 'none')
}

function toObject(value: MappingValue, type: Type & { readonly kind: 'object' }, path: string): Value {
  const entries = new Map<string, Value>()
  for (const [name, wanted] of type.attributes) {
    const entry = value.entries.get(name)
    if (entry !== undefined) entries.set(name, convertAt(entry, wanted, step(path, name)))
    else if (type.optional.has(name)) entries.set(name, nullValue(withoutOptional(wanted)))
    else throw wrongType(path, `the attribute ${JSON.stringify(name)} is required`)
  }
  return objectValue(entries)
}

/** The element type for items of several types; one that is open (known after apply, of any type) leaves all open. */
function commonType(items: readonly Value[], path: string): Type {
  if (items.some(isOpen)) return dynamic
  const common = unify(items.map(typeOf))
  if (common !== undefined) return common
  const kinds = [...new Set(items.map((item) => describeType(typeOf(item))))]
  throw wrongType(path, `all elements must have one type, but there are ${kinds.join(', ')}`)
}

function isOpen(value: Value): boolean {
  return !isWhollyKnown(value) && someLeaf(value, (leaf) => leaf.kind === 'unknown' && hasDynamic(leaf.type))
}

function step(path: string, key: string): string {
  return /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u.test(key)
    ? `${path}.${key}`
    : `${path}[${JSON.stringify(key)}]`
}

function mismatch(value: Value, type: Type, path: string): Failure {
  if (type.kind === 'tuple' && value.kind === 'tuple') {
    const wanted = type.elements.length
    return wrongType(path, `a tuple of ${wanted} is needed, but this one has ${value.items.length}`)
  }
  return wrongType(path, `${describeType(type)} is needed, but this is ${describeType(typeOf(value))}`)
}

function wrongType(path: string, what: string, help?: string): Failure {
  const where = path === '' ? '' : `At ${path.replace(/^\./, '')}: `
  const text = where === '' ? what.charAt(0).toUpperCase() + what.slice(1) : what
  return new Failure(
    error('lang/wrong-type', 'Wrong type', {
      detail: `${where}${text}.`,
      ...(help === undefined ? {} : { help }),
    }),
  )
}
