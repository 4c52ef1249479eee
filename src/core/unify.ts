import { dynamic, list, map, object, set, string, type Type, tuple, typeEquals } from './type.js'

/**
 * The one type that values of all these types convert to: what the elements of a list get, and the two branches of a
 * conditional. `dynamic` (a null literal's type) fits in anywhere. Undefined: there is none.
 */
export function unify(types: readonly Type[]): Type | undefined {
  const known = types.filter((type) => type.kind !== 'dynamic')
  const first = known[0]
  if (first === undefined) return dynamic
  if (known.every((type) => typeEquals(type, first))) return first
  return unifyPrimitives(known) ?? unifyTuples(known) ?? unifyObjects(known) ?? unifyCollections(known)
}

/** Numbers and bools both have a text form, but are not mixed without a string that asks for it. */
function unifyPrimitives(types: readonly Type[]): Type | undefined {
  const primitive = types.every(({ kind }) => kind === 'string' || kind === 'number' || kind === 'bool')
  return primitive && types.some(({ kind }) => kind === 'string') ? string : undefined
}

/** Tuples of one length stay tuples; of different lengths they become lists. */
function unifyTuples(types: readonly Type[]): Type | undefined {
  const elements: (readonly Type[])[] = []
  for (const type of types) {
    if (type.kind !== 'tuple') return undefined
    elements.push(type.elements)
  }
  const length = elements[0]?.length ?? 0
  if (elements.some((each) => each.length !== length)) return wrapped(list, unify(elements.flat()))
  const unified: Type[] = []
  for (let i = 0; i < length; i++) {
    const element = unify(elements.map((each) => each[i] as Type))
    if (element === undefined) return undefined
    unified.push(element)
  }
  return tuple(unified)
}

/** Objects with the same attributes stay objects; others become maps. */
function unifyObjects(types: readonly Type[]): Type | undefined {
  const attributes: ReadonlyMap<string, Type>[] = []
  for (const type of types) {
    if (type.kind !== 'object') return undefined
    attributes.push(type.attributes)
  }
  const first = attributes[0] ?? new Map<string, Type>()
  if (
    attributes.some((each) => each.size !== first.size || [...each.keys()].some((name) => !first.has(name)))
  ) {
    return wrapped(map, unify(attributes.flatMap((each) => [...each.values()])))
  }
  const unified: [string, Type][] = []
  for (const name of first.keys()) {
    const type = unify(attributes.map((each) => each.get(name) as Type))
    if (type === undefined) return undefined
    unified.push([name, type])
  }
  return object(unified)
}

/** A collection beside structures or other collections: lists before sets, because what has an order keeps it. */
function unifyCollections(types: readonly Type[]): Type | undefined {
  const elements: Type[] = []
  let sequences = 0
  let mappings = 0
  for (const type of types) {
    switch (type.kind) {
      case 'list':
      case 'set':
        elements.push(type.element)
        sequences++
        break
      case 'tuple':
        elements.push(...type.elements)
        sequences++
        break
      case 'map':
        elements.push(type.element)
        mappings++
        break
      case 'object':
        elements.push(...type.attributes.values())
        mappings++
        break
      default:
        return undefined
    }
  }
  if (sequences > 0 && mappings > 0) return undefined
  const element = unify(elements)
  if (mappings > 0) return wrapped(map, element)
  return wrapped(types.some((type) => type.kind === 'list') ? list : set, element)
}

function wrapped(make: (element: Type) => Type, element: Type | undefined): Type | undefined {
  return element === undefined ? undefined : make(element)
}
