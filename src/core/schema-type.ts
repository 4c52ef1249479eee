import { isObject, type Json } from './json.js'
import { flag, type Node, node, text, texts, wrong } from './schema-keyword.js'
import { bool, list, map, number, object, set, string, type Type } from './type.js'

/** What says which type a value has. */
export const shapeKeywords = [
  'type',
  'items',
  'uniqueItems',
  'properties',
  'required',
  'additionalProperties',
  'description',
]

/** What restricts a scalar: of an attribute, or of each element of one that is a list, set or map of scalars. */
export const scalarKeywords = [
  'enum',
  'pattern',
  'x-pattern-message',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'x-arn',
  'x-bucket',
  'x-bucket-uri',
]

const shape = new Set(shapeKeywords)
const element = new Set([...shapeKeywords, ...scalarKeywords])

/**
 * The language's type of a JSON Schema: `array` is a list, with `uniqueItems` a set; an object with `additionalProperties` is
 * a map, with `properties` an object whose attributes are optional unless `required`.
 */
export function schemaType(from: Node): Type {
  const name = text(from, 'type')
  switch (name) {
    case 'string':
      return string
    case 'number':
    case 'integer':
      return number
    case 'boolean':
      return bool
    case 'array': {
      const of = schemaType(inner(from, 'items'))
      return flag(from, 'uniqueItems') ? set(of) : list(of)
    }
    case 'object': {
      const properties = from.fields.get('properties')
      if (properties === undefined) return map(schemaType(inner(from, 'additionalProperties')))
      if (from.fields.get('additionalProperties') !== false)
        throw wrong(from.at, 'an object with "properties" must say "additionalProperties": false')
      return objectType(from, node(properties, `${from.at}.properties`))
    }
    default:
      throw wrong(`${from.at}.type`, `must be string, number, integer, boolean, array or object, not ${name}`)
  }
}

function objectType(from: Node, properties: Node): Type {
  const required = new Set(texts(from, 'required'))
  for (const name of required) {
    if (!properties.fields.has(name)) throw wrong(`${from.at}.required`, `there is no property "${name}"`)
  }
  const attributes = [...properties.fields].map(
    ([name, value]) => [name, schemaType(node(value, `${properties.at}.${name}`, shape))] as const,
  )
  return object(attributes, new Set(attributes.map(([name]) => name).filter((name) => !required.has(name))))
}

/** The schema of the elements of a list, set or map; undefined for anything else. */
export function elementOf(from: Node): Node | undefined {
  const name = from.fields.get('type')
  if (name === 'array') return inner(from, 'items')
  return name === 'object' && from.fields.get('properties') === undefined
    ? inner(from, 'additionalProperties')
    : undefined
}

function inner(from: Node, keyword: string): Node {
  return node(from.fields.get(keyword), `${from.at}.${keyword}`, element)
}

/** Whether a JSON value could be a value of the type: for `default` and `enum`. */
export function isOfType(value: Json, type: Type): boolean {
  switch (type.kind) {
    case 'string':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number'
    case 'bool':
      return typeof value === 'boolean'
    case 'list':
    case 'set':
      return Array.isArray(value) && value.every((v) => isOfType(v, type.element))
    case 'map':
      return isObject(value) && Object.values(value).every((v) => isOfType(v, type.element))
    case 'object':
      return (
        isObject(value) &&
        Object.entries(value).every(([name, v]) => {
          const attribute = type.attributes.get(name)
          return attribute !== undefined && isOfType(v, attribute)
        })
      )
    default:
      return false
  }
}
