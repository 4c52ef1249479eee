import { type ArnKind, arnKinds } from './aws.js'
import type { Json } from './json.js'
import type { Attribute, Schema } from './schema.js'
import { count, flag, given, items, json, type Node, node, text, texts, wrong } from './schema-keyword.js'
import { parseRules, ruleKeywords } from './schema-rules.js'
import { elementOf, isOfType, scalarKeywords, schemaType, shapeKeywords } from './schema-type.js'

const fileKeywords = new Set([
  ...ruleKeywords,
  '$schema',
  'title',
  'description',
  'type',
  'properties',
  'required',
  'additionalProperties',
  'x-version',
  'allOf',
])

const attributeKeywords = new Set([
  ...shapeKeywords,
  ...scalarKeywords,
  'default',
  'readOnly',
  'writeOnly',
  'minItems',
  'maxItems',
  'x-immutable',
  'x-computed',
  'x-volatile',
  'x-local',
  'x-sensitive',
  'x-key',
  'x-ignore-case',
  'x-json',
  'x-policy',
  'x-duration',
  'x-ref',
  'x-access-key',
  'x-machine',
  'x-widens',
  'x-follows',
  'x-on-the-way',
])

/**
 * Reads the schema of a type from its file, already parsed as JSON. Strict: an unknown keyword, a rule that names no
 * attribute or a default of the wrong type throws an `Error` that names the place.
 */
export function parseSchema(file: unknown, type: string, kind: Schema['kind']): Schema {
  const root = node(file, type, fileKeywords)
  if (root.fields.get('$schema') !== 'https://json-schema.org/draft/2020-12/schema')
    throw wrong(type, '"$schema" must name JSON Schema 2020-12')
  if (root.fields.get('type') !== 'object' || root.fields.get('additionalProperties') !== false)
    throw wrong(type, 'must be an object schema with "additionalProperties": false')
  const title = text(root, 'title')
  if (title !== undefined && title !== type) throw wrong(`${type}.title`, `must be the type, not "${title}"`)
  const required = new Set(texts(root, 'required'))
  const properties = node(root.fields.get('properties'), `${type}.properties`)
  const attributes = new Map<string, Attribute>()
  for (const [name, value] of properties.fields) {
    const at = `${properties.at}.${name}`
    if (!/^[a-z][a-z0-9_]*$/.test(name)) throw wrong(at, 'attribute names are snake_case')
    attributes.set(name, parseAttribute(name, node(value, at, attributeKeywords), required.has(name)))
  }
  const schema: Schema = {
    type,
    kind,
    version: count(root, 'x-version') ?? 1,
    description: described(root),
    attributes,
    rules: parseRules(root),
  }
  checkNames(schema, required)
  return schema
}

function described(from: Node): string {
  const description = text(from, 'description')
  if (description === undefined)
    throw wrong(from.at, 'needs a description: the documentation is made from it')
  return description
}

function parseAttribute(name: string, from: Node, required: boolean): Attribute {
  const type = schemaType(from)
  const scalars = elementOf(from) ?? from
  const attribute: Attribute = {
    name,
    type,
    description: described(from),
    required,
    readOnly: flag(from, 'readOnly'),
    writeOnly: flag(from, 'writeOnly'),
    immutable: flag(from, 'x-immutable'),
    computed: flag(from, 'x-computed'),
    volatile: flag(from, 'x-volatile'),
    local: flag(from, 'x-local'),
    sensitive: flag(from, 'x-sensitive'),
    key: flag(from, 'x-key'),
    ignoresCase: flag(from, 'x-ignore-case'),
    json: flag(from, 'x-json'),
    duration: flag(from, 'x-duration'),
    arn: scalars.fields.has('x-arn'),
    bucket: flag(scalars, 'x-bucket'),
    bucketUri: flag(scalars, 'x-bucket-uri'),
    follows: texts(from, 'x-follows'),
    ...given('default', json(from, 'default')),
    ...parseLimits(from, scalars),
    ...given('arnOf', parseArnKind(scalars)),
    ...given('policy', parsePolicy(from)),
    ...given('ref', parseRef(from)),
    ...(flag(from, 'x-access-key') ? { accessKey: true as const } : {}),
    ...given('machine', text(from, 'x-machine')),
    ...(flag(from, 'x-widens') ? { widens: true as const } : {}),
    ...(flag(from, 'x-on-the-way') ? { onTheWay: true as const } : {}),
  }
  checkFlags(attribute, from.at)
  return attribute
}

function parseLimits(from: Node, scalars: Node): Partial<Attribute> {
  const pattern = text(scalars, 'pattern')
  const allowed = items(scalars, 'enum') as readonly Json[]
  return {
    ...(allowed.length === 0 ? {} : { enum: allowed }),
    ...(pattern === undefined ? {} : { pattern: new RegExp(pattern, 'u') }),
    ...given('patternMessage', text(scalars, 'x-pattern-message')),
    ...given('minimum', count(scalars, 'minimum')),
    ...given('maximum', count(scalars, 'maximum')),
    ...given('minLength', count(scalars, 'minLength')),
    ...given('maxLength', count(scalars, 'maxLength')),
    ...given('minItems', count(from, 'minItems')),
    ...given('maxItems', count(from, 'maxItems')),
    ...(scalars.fields.get('type') === 'integer' ? { integer: true } : {}),
  }
}

function parsePolicy(from: Node): 'identity' | 'trust' | undefined {
  const policy = text(from, 'x-policy')
  if (policy === undefined || policy === 'identity' || policy === 'trust') return policy
  throw wrong(`${from.at}.x-policy`, 'must be identity or trust')
}

/** `x-arn` is true, or says what the ARN must name. */
function parseArnKind(from: Node): ArnKind | undefined {
  const value = from.fields.get('x-arn')
  if (value === undefined || value === true) return undefined
  const kind = arnKinds.find((known) => known === value)
  if (kind === undefined) throw wrong(`${from.at}.x-arn`, `must be true or one of ${arnKinds.join(', ')}`)
  return kind
}

function parseRef(from: Node): Attribute['ref'] {
  const ref = text(from, 'x-ref')
  if (ref === undefined) return undefined
  const [type, attribute, ...more] = ref.split('.')
  if (!type || !attribute || more.length > 0) throw wrong(`${from.at}.x-ref`, 'must be TYPE.ATTRIBUTE')
  return { type, attribute }
}

function checkFlags(attribute: Attribute, at: string): void {
  const { readOnly } = attribute
  if (
    readOnly &&
    (attribute.required || attribute.writeOnly || attribute.key || attribute.default !== undefined)
  )
    throw wrong(at, 'what the service sets cannot be required, writeOnly, x-key or have a default')
  if (readOnly && (attribute.computed || attribute.immutable))
    throw wrong(at, 'readOnly already says x-computed, and nobody can change it')
  if (attribute.follows.length > 0 && !readOnly) throw wrong(at, 'x-follows needs readOnly')
  if (attribute.volatile && !readOnly) throw wrong(at, 'x-volatile needs readOnly')
  if (attribute.local && (readOnly || attribute.writeOnly)) throw wrong(at, 'x-local stands alone')
  if (attribute.ignoresCase && !attribute.key) throw wrong(at, 'x-ignore-case needs x-key')
  if (attribute.required && attribute.computed) throw wrong(at, 'cannot be required and x-computed')
  if (attribute.patternMessage !== undefined && attribute.pattern === undefined)
    throw wrong(at, 'x-pattern-message needs a pattern')
  const elements = 'element' in attribute.type ? attribute.type.element : attribute.type
  for (const value of attribute.enum ?? []) {
    if (!isOfType(value, elements)) throw wrong(`${at}.enum`, `${JSON.stringify(value)} has another type`)
  }
  if (attribute.default !== undefined && !isOfType(attribute.default, attribute.type))
    throw wrong(`${at}.default`, 'has another type than the attribute')
}

function checkNames(schema: Schema, required: ReadonlySet<string>): void {
  const names = new Set(required)
  for (const attribute of schema.attributes.values()) for (const name of attribute.follows) names.add(name)
  for (const rule of schema.rules) {
    if ('attributes' in rule) for (const name of rule.attributes) names.add(name)
    else {
      for (const name of [rule.attribute, ...rule.required]) names.add(name)
      if (rule.kind === 'when') for (const name of [...rule.anyOf, ...rule.forbidden]) names.add(name)
    }
  }
  for (const name of names) {
    if (!schema.attributes.has(name))
      throw wrong(schema.type, `names an attribute "${name}" that it does not have`)
  }
  if (schema.kind !== 'resource') return
  const id = schema.attributes.get('id')
  if (id === undefined || id.type.kind !== 'string' || !id.readOnly)
    throw wrong(schema.type, 'a resource needs a readOnly attribute "id" of type string')
  if (![...schema.attributes.values()].some((attribute) => attribute.key))
    throw wrong(schema.type, 'a resource needs a natural key: mark its attributes with x-key')
}
