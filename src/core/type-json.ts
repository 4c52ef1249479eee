import { malformed } from './codec.js'
import { deepestNesting } from './extent.js'
import { isList, isObject, type Json } from './json.js'
import { bool, dynamic, list, map, number, object, set, string, type Type, tuple } from './type.js'

/**
 * A type as JSON, in the form that Terraform's users know from `output -json`: `"string"`, `["list", "string"]`,
 * `["object", {"a": "string"}, ["a"]]` with the optional attributes last.
 */
export function typeToJson(type: Type): Json {
  switch (type.kind) {
    case 'string':
    case 'number':
    case 'bool':
    case 'dynamic':
      return type.kind
    case 'list':
    case 'set':
    case 'map':
      return [type.kind, typeToJson(type.element)]
    case 'tuple':
      return [type.kind, type.elements.map(typeToJson)]
    case 'object': {
      const attributes = Object.fromEntries([...type.attributes].map(([name, t]) => [name, typeToJson(t)]))
      const optional = [...type.optional]
      return optional.length === 0 ? [type.kind, attributes] : [type.kind, attributes, optional]
    }
  }
}

/** The type that `typeToJson` wrote; a `Failure` that names the place for anything else. */
export function typeFromJson(json: Json, at = 'type', depth = 0): Type {
  if (depth > deepestNesting) malformed(at, `a type of at most ${deepestNesting} levels`)
  switch (json) {
    case 'string':
      return string
    case 'number':
      return number
    case 'bool':
      return bool
    case 'dynamic':
      return dynamic
  }
  if (!isList(json)) malformed(at, 'a type')
  const [kind, inner, last] = json
  if (inner !== undefined && json.length === 2) {
    if (kind === 'list') return list(typeFromJson(inner, `${at}[1]`, depth + 1))
    if (kind === 'set') return set(typeFromJson(inner, `${at}[1]`, depth + 1))
    if (kind === 'map') return map(typeFromJson(inner, `${at}[1]`, depth + 1))
    if (kind === 'tuple' && isList(inner))
      return tuple(inner.map((each, i) => typeFromJson(each, `${at}[1][${i}]`, depth + 1)))
  }
  if (kind !== 'object' || !isObject(inner) || json.length > 3) malformed(at, 'a type')
  const optional = last ?? []
  if (!isList(optional)) malformed(`${at}[2]`, 'a list of attribute names')
  const names = optional.map((name) =>
    typeof name === 'string' && Object.hasOwn(inner, name)
      ? name
      : malformed(`${at}[2]`, 'a list of attribute names'),
  )
  const attributes = Object.entries(inner).map(
    ([name, t]) => [name, typeFromJson(t, `${at}[1].${name}`, depth + 1)] as const,
  )
  return object(attributes, new Set(names))
}
