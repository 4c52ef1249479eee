import type { Json } from './json.js'
import type { Rule } from './schema.js'
import { given, items, json, type Node, node, text, texts, wrong } from './schema-keyword.js'

/** With which a schema says what holds between attributes. */
export const ruleKeywords = new Set([
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
export function parseRules(root: Node): readonly Rule[] {
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
  const alternatives = alternativesIn(from, 'oneOf')
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

/** `[{ required: ["a"] }, { required: ["b"] }]`: the attributes one of which is wanted. */
function alternativesIn(from: Node, keyword: 'oneOf' | 'anyOf'): readonly string[] {
  return items(from, keyword).map((value, index) => {
    const alternative = node(value, `${from.at}.${keyword}.${index}`, new Set(['required']))
    const [name, ...more] = texts(alternative, 'required')
    if (name === undefined || more.length > 0)
      throw wrong(alternative.at, 'must require exactly one attribute')
    return name
  })
}

/**
 * `if: { properties: { a: { const: 1 } }, required: ["a"] }, then: { required: [...], anyOf: [...], properties: { b: false } }`.
 */
function parseCondition(from: Node): readonly Rule[] {
  const condition = node(from.fields.get('if'), `${from.at}.if`, new Set(['properties', 'required']))
  const consequence = node(
    from.fields.get('then'),
    `${from.at}.then`,
    new Set(['properties', 'required', 'anyOf']),
  )
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
  const anyOf = alternativesIn(consequence, 'anyOf')
  const forbidden = [...(refused?.fields.keys() ?? [])]
  return equals.map((value) => ({ kind: 'when', attribute, equals: value, required, anyOf, forbidden }))
}
