import { type ArnKind, arnKinds } from './aws.js'
import type { Json } from './json.js'
import { count, flag, items, json, type Node, node, text, texts, wrong } from './schema-keyword.js'
import { elementOf, isOfType, scalarKeywords, schemaType, shapeKeywords } from './schema-type.js'
import type { Type } from './type.js'

/**
 * What is known of the fields of one resource type, data source or provider. The only declaration is its JSON file,
 * `schemas/<provider>/<type>.json`, in JSON Schema 2020-12 with our own `x-` keywords; `parseSchema` reads it.
 */
export interface Schema {
  /** `trifacta_person`; for a provider its name. */
  readonly type: string
  readonly kind: 'resource' | 'data' | 'provider'
  readonly version: number
  readonly description: string
  /** In the order of the file. */
  readonly attributes: ReadonlyMap<string, Attribute>
  /** Requirements between attributes (`if`/`then`, `oneOf` of `required`, `not`), checked as far as values are known. */
  readonly rules: readonly Rule[]
}

export interface Attribute {
  readonly name: string
  readonly type: Type
  readonly description: string
  readonly required: boolean
  /** Set by the service; the user cannot set it; stays the same through an update unless it `follows` or is `volatile`. */
  readonly readOnly: boolean
  /** Never read back: compared with what was last applied. */
  readonly writeOnly: boolean
  readonly default?: Json
  /** For a list, set or map, `enum`, `pattern`, the limits, `arn` and `bucket` hold for each element. */
  readonly enum?: readonly Json[]
  readonly pattern?: RegExp
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  /** Only whole numbers. */
  readonly integer?: boolean
  /** How many elements a list or set must and may have. */
  readonly minItems?: number
  readonly maxItems?: number
  /** The last words of the message when `pattern` does not match: "must be …". */
  readonly patternMessage?: string
  /** A change replaces the object. */
  readonly immutable: boolean
  /** The service chooses when absent. */
  readonly computed: boolean
  /** Changes by itself: never compared, never known in advance. */
  readonly volatile: boolean
  /** Meant for Rolecall itself (`on_destroy`, `on_adopt`): never sent, never compared. */
  readonly local: boolean
  /** A secret: only its fingerprint is kept. */
  readonly sensitive: boolean
  /** Part of the natural key. */
  readonly key: boolean
  /** In the natural key, upper and lower case make no difference. */
  readonly ignoresCase: boolean
  /** A JSON document in a string: compared and shown as a document. */
  readonly json: boolean
  readonly policy?: 'identity' | 'trust'
  /** Compared in seconds. */
  readonly duration: boolean
  readonly arn: boolean
  /** What the ARN must name. */
  readonly arnOf?: ArnKind
  readonly bucket: boolean
  /** `s3://bucket` or `s3://bucket/prefix`. */
  readonly bucketUri: boolean
  /** The id of an AWS access key. */
  readonly accessKey?: true
  /** The value with which AWS is reached in the name of the machine that the service runs on. */
  readonly machine?: string
  /** Adds to what an access may do by what stands in AWS: managed policies, groups. */
  readonly widens?: true
  /** Which attribute of which type it names: `trifacta_person.id`. */
  readonly ref?: { readonly type: string; readonly attribute: string }
  /** Becomes unknown in a plan that changes one of these attributes. */
  readonly follows: readonly string[]
}

/**
 * A requirement between attributes; absent means null. `message` is a whole sentence for the user. `when`: if `attribute`
 * equals the value, `required` must be there and `forbidden` must not. `requires`: if `attribute` is there, so must `required`.
 */
export type Rule =
  | {
      readonly kind: 'exactly-one' | 'at-most-one'
      readonly attributes: readonly string[]
      readonly message?: string
    }
  | {
      readonly kind: 'when'
      readonly attribute: string
      readonly equals: Json
      readonly required: readonly string[]
      readonly forbidden: readonly string[]
    }
  | { readonly kind: 'requires'; readonly attribute: string; readonly required: readonly string[] }
  /** The first of two durations is not longer than the second; two lists have as many elements as each other. */
  | {
      readonly kind: 'not-longer' | 'same-length'
      readonly attributes: readonly [string, string]
      readonly message: string
    }

const fileKeywords = new Set([
  '$schema',
  'title',
  'description',
  'type',
  'properties',
  'required',
  'additionalProperties',
  'x-version',
  'allOf',
  'oneOf',
  'not',
  'if',
  'then',
  'dependentRequired',
  'x-not-longer',
  'x-same-length',
  'x-message',
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

function given<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: V })
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

const ruleKeywords = new Set([
  'oneOf',
  'not',
  'if',
  'then',
  'dependentRequired',
  'x-not-longer',
  'x-same-length',
  'x-message',
])

/** `allOf` holds several rules; one of each kind may also stand at the top. */
function parseRules(root: Node): readonly Rule[] {
  const rules = parseRule(root)
  for (const [index, value] of items(root, 'allOf').entries()) {
    const at = `${root.at}.allOf.${index}`
    const found = parseRule(node(value, at, ruleKeywords))
    if (found.length === 0) throw wrong(at, 'holds no rule')
    rules.push(...found)
  }
  return rules
}

function parseRule(from: Node): Rule[] {
  const message = given('message', text(from, 'x-message'))
  const rules: Rule[] = []
  const alternatives = items(from, 'oneOf').map((value, index) => {
    const alternative = node(value, `${from.at}.oneOf.${index}`, new Set(['required']))
    const names = texts(alternative, 'required')
    if (names.length !== 1) throw wrong(alternative.at, 'must require exactly one attribute')
    return names[0] as string
  })
  if (alternatives.length > 0) rules.push({ kind: 'exactly-one', attributes: alternatives, ...message })
  if (from.fields.has('not')) {
    const not = node(from.fields.get('not'), `${from.at}.not`, new Set(['required']))
    rules.push({ kind: 'at-most-one', attributes: texts(not, 'required'), ...message })
  }
  for (const kind of ['not-longer', 'same-length'] as const) {
    const [first, second, ...more] = texts(from, `x-${kind}`)
    if (first === undefined) continue
    if (second === undefined || more.length > 0 || message.message === undefined)
      throw wrong(`${from.at}.x-${kind}`, 'names two attributes, and needs an x-message')
    rules.push({ kind, attributes: [first, second], message: message.message })
  }
  if (from.fields.has('if') || from.fields.has('then')) rules.push(...parseCondition(from))
  if (from.fields.has('dependentRequired')) {
    const dependent = node(from.fields.get('dependentRequired'), `${from.at}.dependentRequired`)
    for (const attribute of dependent.fields.keys()) {
      rules.push({ kind: 'requires', attribute, required: texts(dependent, attribute) })
    }
  }
  return rules
}

/** `if: { properties: { a: { const: 1 } }, required: ["a"] }, then: { required: [...], properties: { b: false } }`. */
function parseCondition(from: Node): readonly Rule[] {
  const condition = node(from.fields.get('if'), `${from.at}.if`, new Set(['properties', 'required']))
  const consequence = node(from.fields.get('then'), `${from.at}.then`, new Set(['properties', 'required']))
  const tested = node(condition.fields.get('properties'), `${condition.at}.properties`)
  const [attribute, ...more] = tested.fields.keys()
  if (attribute === undefined || more.length > 0) throw wrong(tested.at, 'must test exactly one attribute')
  if (texts(condition, 'required').join() !== attribute)
    throw wrong(condition.at, `must require "${attribute}": without that an absent one would match`)
  const test = node(tested.fields.get(attribute), `${tested.at}.${attribute}`, new Set(['const', 'enum']))
  const equals = test.fields.has('const')
    ? [json(test, 'const') ?? null]
    : (items(test, 'enum') as readonly Json[])
  if (equals.length === 0) throw wrong(test.at, 'must have const or enum')
  const refused = consequence.fields.has('properties')
    ? node(consequence.fields.get('properties'), `${consequence.at}.properties`)
    : undefined
  for (const [name, value] of refused?.fields ?? []) {
    if (value !== false) throw wrong(`${refused?.at}.${name}`, 'must be false, which forbids it')
  }
  const required = texts(consequence, 'required')
  const forbidden = [...(refused?.fields.keys() ?? [])]
  return equals.map((value) => ({ kind: 'when', attribute, equals: value, required, forbidden }))
}

function checkNames(schema: Schema, required: ReadonlySet<string>): void {
  const names = new Set(required)
  for (const attribute of schema.attributes.values()) for (const name of attribute.follows) names.add(name)
  for (const rule of schema.rules) {
    if ('attributes' in rule) for (const name of rule.attributes) names.add(name)
    else {
      for (const name of [rule.attribute, ...rule.required]) names.add(name)
      if (rule.kind === 'when') for (const name of rule.forbidden) names.add(name)
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
