import { type Diagnostic, error } from './diagnostic.js'
import { seconds } from './duration.js'
import type { Json } from './json.js'
import { compareNumbers } from './number.js'
import type { Attribute, Rule, Schema } from './schema.js'
import type { MappingValue, Value } from './value.js'

/** A mistake in the values of a block. `attribute` is where to point; absent: the block as a whole. */
export interface AttributeDiagnostic {
  readonly attribute?: string
  readonly diagnostic: Diagnostic
}

/** Whether an attribute is given; undefined: it waits for a value that may turn out to be null. */
type Presence = (attribute: string) => boolean | undefined

/** Checks the rules between attributes as far as the values are known. */
export function checkRules(schema: Schema, body: MappingValue): readonly AttributeDiagnostic[] {
  const given: Presence = (name) => {
    const value = body.entries.get(name)
    if (value === undefined || value.kind === 'null') return false
    if (value.kind === 'unknown') return undefined
    return !isNothing(value, schema.attributes.get(name))
  }
  const found = schema.rules.map((rule) => [rule, checkRule(rule, body, given)] as const)
  const unwanted = new Set(
    found.flatMap(([, mistakes]) => mistakes.filter(isUnwanted).map(({ attribute }) => attribute)),
  )
  // What has to go itself needs nothing beside it.
  return found.flatMap(([rule, mistakes]) =>
    (rule.kind === 'when' || rule.kind === 'requires') && unwanted.has(rule.attribute)
      ? mistakes.filter(isUnwanted)
      : mistakes,
  )
}

const nothing = { kind: 'null' }

/** A collection without elements, and a duration of zero where that is none: modules pass them on for what is not given. */
function isNothing(value: Value, attribute: Attribute | undefined): boolean {
  if (value.kind === 'list' || value.kind === 'set') return value.items.length === 0
  if (value.kind === 'map') return value.entries.size === 0
  if (attribute?.duration !== true || attribute.minimum !== undefined) return false
  return value.kind === 'string' && seconds(value.value) === 0
}

function isUnwanted({ diagnostic }: AttributeDiagnostic): boolean {
  return diagnostic.code === unwantedCode
}

const unwantedCode = 'core/unwanted-attribute'

function checkRule(rule: Rule, body: MappingValue, given: Presence): readonly AttributeDiagnostic[] {
  switch (rule.kind) {
    case 'exactly-one':
    case 'at-most-one':
      return checkAlternatives(rule, given)
    case 'requires':
      if (given(rule.attribute) !== true) return []
      return absent(rule.required, given).map((name) =>
        finding(
          rule.attribute,
          'core/missing-attribute',
          'Missing attribute',
          `${rule.attribute} needs ${name} beside it.`,
          `Add ${name}, or leave ${rule.attribute} out.`,
        ),
      )
    case 'not-longer':
    case 'same-length':
      return checkPair(rule, body)
    case 'when': {
      if (!isEqual(body.entries.get(rule.attribute), rule.equals)) return []
      const cause =
        rule.equals === null
          ? `${rule.attribute} is absent`
          : `${rule.attribute} is ${JSON.stringify(rule.equals)}`
      return [
        ...absent(rule.required, given).map((name) => {
          const empty = (body.entries.get(name) ?? nothing).kind !== 'null'
          return finding(
            empty ? name : rule.equals === null ? undefined : rule.attribute,
            'core/missing-attribute',
            'Missing attribute',
            `${name} is required when ${cause}${empty ? ', and is empty' : ''}.`,
            `Add ${empty ? 'what it is to hold' : name}, or change ${rule.attribute}.`,
          )
        }),
        ...(rule.anyOf.length > 0 && rule.anyOf.every((name) => given(name) === false)
          ? [
              finding(
                rule.attribute,
                'core/missing-attribute',
                'Missing attribute',
                `One of ${rule.anyOf.join(', ')} is required when ${cause}.`,
                `Add one of them, or change ${rule.attribute}.`,
              ),
            ]
          : []),
        ...rule.forbidden
          .filter((name) => given(name) === true)
          .map((name) =>
            finding(
              name,
              unwantedCode,
              'Attribute that does not apply',
              `${name} does not apply when ${cause}.`,
              `Remove ${name}, or change ${rule.attribute}.`,
            ),
          ),
      ]
    }
  }
}

function checkAlternatives(
  rule: Extract<Rule, { kind: 'exactly-one' | 'at-most-one' }>,
  given: Presence,
): readonly AttributeDiagnostic[] {
  const names = rule.attributes.join(', ')
  const present = rule.attributes.filter((name) => given(name) === true)
  if (present.length > 1)
    return [
      finding(
        present[1],
        'core/conflicting-attributes',
        'Attributes that exclude each other',
        rule.message ?? `Only one of ${names} can be given.`,
        `${present.join(' and ')} are given: remove all but one.`,
      ),
    ]
  if (rule.kind === 'at-most-one' || rule.attributes.some((name) => given(name) !== false)) return []
  return [
    finding(
      undefined,
      'core/missing-attribute',
      'Missing attribute',
      rule.message ?? `One of ${names} is required.`,
      `Add one of ${names}.`,
    ),
  ]
}

function checkPair(
  rule: Extract<Rule, { kind: 'not-longer' | 'same-length' }>,
  body: MappingValue,
): readonly AttributeDiagnostic[] {
  const measure = rule.kind === 'not-longer' ? lengthOfTime : elements
  const [first, second] = rule.attributes.map((name) => measure(body.entries.get(name)))
  if (first === undefined || second === undefined) return []
  if (rule.kind === 'not-longer' ? first <= second : first === second) return []
  const [name, other] = rule.attributes
  return [
    finding(
      name,
      'core/conflicting-attributes',
      'Attributes that do not fit',
      rule.message,
      `Change ${name} or ${other}.`,
    ),
  ]
}

/** Undefined: not known, or none, as a duration of zero is. */
function lengthOfTime(value: Value | undefined): number | undefined {
  const length = value?.kind === 'string' ? seconds(value.value) : undefined
  return length === 0 ? undefined : length
}

function elements(value: Value | undefined): number | undefined {
  if (value === undefined || value.kind === 'null') return 0
  return value.kind === 'list' ? value.items.length : undefined
}

function absent(names: readonly string[], given: Presence): readonly string[] {
  return names.filter((name) => given(name) === false)
}

function finding(
  attribute: string | undefined,
  code: string,
  summary: string,
  detail: string,
  help: string,
): AttributeDiagnostic {
  return {
    ...(attribute === undefined ? {} : { attribute }),
    diagnostic: error(code, summary, { detail, help }),
  }
}

function isEqual(value: Value | undefined, json: Json): boolean {
  if (value === undefined || value.kind === 'null') return json === null
  if (value.kind === 'number') return typeof json === 'number' && compareNumbers(value.value, json) === 0
  return (value.kind === 'string' || value.kind === 'bool') && value.value === json
}
