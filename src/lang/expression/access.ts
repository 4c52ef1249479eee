import type { Step } from '../../core/configuration.js'
import { convert, typeOf } from '../../core/convert.js'
import { error, Failure } from '../../core/diagnostic.js'
import { hasSensitive, markSensitive, waitsOf } from '../../core/leaves.js'
import { didYouMean } from '../../core/nearest.js'
import { formatNumber, isInteger, toSafeInteger } from '../../core/number.js'
import { describeType, dynamic, number, string, type Type } from '../../core/type.js'
import { unify } from '../../core/unify.js'
import { type MappingValue, type SequenceValue, unknownValue, type Value } from '../../core/value.js'

/** One step into a value. Throws a `Failure` without a place. */
export function take(value: Value, step: Step): Value {
  return step.kind === 'attribute' ? takeAttribute(value, step.name) : takeIndex(value, step.key)
}

export function takeAttribute(value: Value, name: string): Value {
  switch (value.kind) {
    case 'object':
    case 'map':
      return value.entries.get(name) ?? missing(value, name)
    case 'unknown':
      return unknownValue(attributeType(value.type, name), value.waits, value.sensitive)
    case 'null':
      throw refuse(
        'lang/null-value',
        'Attribute of null',
        `This value is null, so it has no attribute ${quoted(name)}.`,
        {
          help: 'Where null is expected, test for it first, or use try().',
        },
      )
    default:
      throw noAttributes(typeOf(value), name)
  }
}

export function takeIndex(value: Value, key: Value): Value {
  if (value.kind === 'null') {
    throw refuse('lang/null-value', 'Index of null', 'This value is null, so it has no elements.', {
      help: 'Where null is expected, test for it first, or use try().',
    })
  }
  if (key.kind === 'null') throw invalidIndex('The key is null.')
  const result = indexed(value, key)
  return 'sensitive' in key && key.sensitive ? markSensitive(result) : result
}

/** The type of a large value is only asked for where it is needed: an index must not cost a look at all elements. */
function indexed(value: Exclude<Value, { kind: 'null' }>, key: Value): Value {
  const kind = value.kind === 'unknown' ? value.type.kind : value.kind
  switch (kind) {
    case 'list':
    case 'tuple': {
      const position = convertKey(key, number)
      if (position.kind === 'unknown') return someElement(value, position)
      if (position.kind !== 'number') throw new Error('a number is a number')
      if (value.kind === 'unknown') return unknownValue(elementOf(value.type), value.waits, value.sensitive)
      return takeItem(value as SequenceValue, position)
    }
    case 'map':
    case 'object': {
      const name = convertKey(key, string)
      if (name.kind === 'unknown') return someElement(value, name)
      if (name.kind !== 'string') throw new Error('a string is a string')
      if (value.kind === 'unknown') {
        return unknownValue(attributeType(value.type, name.value), value.waits, value.sensitive)
      }
      const mapping = value as MappingValue
      return mapping.entries.get(name.value) ?? missing(mapping, name.value, name.sensitive)
    }
    case 'dynamic':
      return value.kind === 'unknown' ? value : unknownValue()
    case 'set':
      throw invalidIndex('The elements of a set have no index.', {
        help: 'Turn it into a list with tolist(), which has them in sorted order, or use one() for the only element.',
      })
    default:
      throw invalidIndex(`This is ${describeType(typeOf(value))}, which has no elements.`)
  }
}

/** Which element is not known yet. */
function someElement(value: Value, key: Value): Value {
  return unknownValue(elementOf(typeOf(value)), waitsOf(key, value), hasSensitive(value))
}

/** A negative or fractional index, or one past the end, is never meant. */
function takeItem(value: SequenceValue, position: Value & { readonly kind: 'number' }): Value {
  const index = toSafeInteger(position.value)
  const item = index === undefined ? undefined : value.items[index]
  if (item !== undefined) return item
  const count = value.items.length
  const size =
    count === 0
      ? 'is empty'
      : count === 1
        ? 'has one element, with index 0'
        : `has ${count} elements, with indexes 0 to ${count - 1}`
  const shown = position.sensitive ? 'The index (sensitive)' : `Index ${formatNumber(position.value)}`
  if (!isInteger(position.value)) throw invalidIndex(`${shown} is not a whole number.`)
  throw invalidIndex(`${shown} is outside this ${value.kind}, which ${size}.`)
}

function convertKey(key: Value, type: Type): Value {
  try {
    return convert(key, type)
  } catch (cause) {
    const kind = describeType(typeOf(key))
    throw invalidIndex(
      `${describeType(type)} is needed as the key, but this is ${kind}.`.replace(/^a/, 'A'),
      {},
      cause,
    )
  }
}

/** The type of whatever element: what the elements have in common, or unknown. */
export function elementOf(type: Type): Type {
  switch (type.kind) {
    case 'list':
    case 'set':
    case 'map':
      return type.element
    case 'tuple':
      return unify(type.elements) ?? dynamic
    case 'object':
      return unify([...type.attributes.values()]) ?? dynamic
    default:
      return dynamic
  }
}

function attributeType(type: Type, name: string): Type {
  switch (type.kind) {
    case 'dynamic':
      return dynamic
    case 'map':
      return type.element
    case 'object': {
      const attribute = type.attributes.get(name)
      if (attribute === undefined) throw noSuchAttribute(type.attributes.keys(), name)
      return attribute
    }
    default:
      throw noAttributes(type, name)
  }
}

function missing(value: MappingValue, name: string, secret = false): never {
  if (value.kind === 'object' && !secret) throw noSuchAttribute(value.entries.keys(), name)
  const help = secret ? undefined : didYouMean(name, value.entries.keys())
  throw invalidIndex(
    secret
      ? `This ${value.kind} has no element with the (sensitive) key.`
      : `This map has no element with the key ${quoted(name)}.`,
    help === undefined ? {} : { help },
  )
}

function noSuchAttribute(names: Iterable<string>, name: string): Failure {
  const all = [...names]
  const listed = all.length > 12 ? `${all.slice(0, 12).join(', ')}, …` : all.join(', ')
  const help = didYouMean(name, all) ?? (all.length === 0 ? 'It has no attributes.' : `It has ${listed}.`)
  const detail = `This object has no attribute ${quoted(name)}.`
  return refuse('lang/unknown-attribute', 'Unknown attribute', detail, { help })
}

function noAttributes(type: Type, name: string): Failure {
  const sequence = type.kind === 'list' || type.kind === 'set' || type.kind === 'tuple'
  const help =
    type.kind === 'set'
      ? `To get it from every element, write [*].${name}.`
      : `To get it from one element, write [0].${name}; from every element, [*].${name}.`
  const detail = `This is ${describeType(type)}, which has no attributes, so there is no ${quoted(name)}.`
  return refuse('lang/unknown-attribute', 'Unknown attribute', detail, sequence ? { help } : {})
}

function invalidIndex(detail: string, more: { readonly help?: string } = {}, cause?: unknown): Failure {
  return refuse('lang/invalid-index', 'Invalid index', detail, more, cause)
}

function refuse(
  code: string,
  summary: string,
  detail: string,
  more: { readonly help?: string },
  cause?: unknown,
): Failure {
  return new Failure(error(code, summary, { detail, ...more }), cause === undefined ? {} : { cause })
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 77)}…` : name)
}
