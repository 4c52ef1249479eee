import { bool, list, map, number, object, set, string, type Type, tuple } from './type.js'
import { unify } from './unify.js'

/**
 * The type that a value of type `from` has once it is converted to `to`, or undefined if no value of `from` can be. A result
 * does not promise that each value converts: `"x"` is a string, and strings convert to numbers, but not this one.
 */
export function convertedType(from: Type, to: Type): Type | undefined {
  if (to.kind === 'dynamic') return from
  if (from.kind === 'dynamic') return withoutOptional(to)
  switch (to.kind) {
    case 'string':
      return from.kind === 'string' || from.kind === 'number' || from.kind === 'bool' ? string : undefined
    case 'number':
      return from.kind === 'number' || from.kind === 'string' ? number : undefined
    case 'bool':
      return from.kind === 'bool' || from.kind === 'string' ? bool : undefined
    case 'list':
    case 'set': {
      const element = sequenceElement(from, to.element)
      if (element === undefined) return undefined
      return to.kind === 'list' ? list(element) : set(element)
    }
    case 'map': {
      if (from.kind !== 'map' && from.kind !== 'object') return undefined
      const elements = from.kind === 'map' ? [from.element] : [...from.attributes.values()]
      const element = commonElement(elements, to.element)
      return element === undefined ? undefined : map(element)
    }
    case 'tuple': {
      if (from.kind !== 'tuple' || from.elements.length !== to.elements.length) return undefined
      const elements = to.elements.map((element, i) => convertedType(from.elements[i] as Type, element))
      return elements.includes(undefined) ? undefined : tuple(elements as Type[])
    }
    case 'object': {
      if (from.kind !== 'object' && from.kind !== 'map') return undefined
      const attributes: [string, Type][] = []
      for (const [name, wanted] of to.attributes) {
        const present = from.kind === 'map' ? from.element : from.attributes.get(name)
        if (present === undefined && !to.optional.has(name)) return undefined
        const type = present === undefined ? withoutOptional(wanted) : convertedType(present, wanted)
        if (type === undefined) return undefined
        attributes.push([name, type])
      }
      return object(attributes)
    }
  }
}

function sequenceElement(from: Type, wanted: Type): Type | undefined {
  if (from.kind === 'list' || from.kind === 'set') return convertedType(from.element, wanted)
  return from.kind === 'tuple' ? commonElement(from.elements, wanted) : undefined
}

/** The element type of a collection of these, each converted to what is wanted. */
function commonElement(types: readonly Type[], wanted: Type): Type | undefined {
  if (types.length === 0) return withoutOptional(wanted)
  const converted: Type[] = []
  for (const type of types) {
    const each = convertedType(type, wanted)
    if (each === undefined) return undefined
    converted.push(each)
  }
  return unify(converted)
}

/** The type of values that conform to the type: `optional()` says what may be left out, and nothing is left out any more. */
export function withoutOptional(type: Type): Type {
  switch (type.kind) {
    case 'list':
      return list(withoutOptional(type.element))
    case 'set':
      return set(withoutOptional(type.element))
    case 'map':
      return map(withoutOptional(type.element))
    case 'tuple':
      return tuple(type.elements.map(withoutOptional))
    case 'object':
      return object(
        [...type.attributes].map(([name, attribute]) => [name, withoutOptional(attribute)] as const),
      )
    default:
      return type
  }
}
