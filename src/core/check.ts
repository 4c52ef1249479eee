import { checkArn, checkBucketName } from './aws.js'
import { checkBucketUri } from './bucket-uri.js'
import { type AttributeDiagnostic, checkRules } from './check-rules.js'
import { type Diagnostic, error } from './diagnostic.js'
import { seconds } from './duration.js'
import { isObject, type Json } from './json.js'
import { compareNumbers, formatNumber, isInteger } from './number.js'
import type { Attribute, Schema } from './schema.js'
import type { MappingValue, Value } from './value.js'

export type { AttributeDiagnostic } from './check-rules.js'

/**
 * Checks the attributes of a block, already converted to the types of the schema, as far as they are known: what is
 * required, what a value may be, and the rules between attributes. A null is an absent attribute; an unknown value is taken
 * to be right. Nothing that is sensitive appears in a message. The diagnostics have no place: the caller knows it.
 */
export function checkAttributes(schema: Schema, body: MappingValue): readonly AttributeDiagnostic[] {
  const found: AttributeDiagnostic[] = []
  for (const attribute of schema.attributes.values()) {
    const value = body.entries.get(attribute.name)
    if (attribute.readOnly) continue
    if (value === undefined || value.kind === 'null') {
      if (attribute.required) found.push({ diagnostic: missing(schema, attribute) })
      continue
    }
    for (const diagnostic of checkAttribute(attribute, value))
      found.push({ attribute: attribute.name, diagnostic })
  }
  return [...found, ...checkRules(schema, body)]
}

function missing(schema: Schema, attribute: Attribute): Diagnostic {
  return error('core/missing-attribute', 'Missing attribute', {
    detail: `${schema.type} needs ${attribute.name}.`,
    help: `Add ${attribute.name}: ${attribute.description}`,
  })
}

/** More of the elements of one collection are not told: who generates them makes the same mistake in all. */
const mostElements = 10

/** The first thing that is wrong with the value of one attribute; for a collection, with each of its elements, ten at most. */
export function checkAttribute(attribute: Attribute, value: Value): readonly Diagnostic[] {
  if (value.kind === 'unknown' || value.kind === 'null') return []
  if (!('items' in value || 'entries' in value)) {
    const wrong = checkScalar(attribute, value)
    return wrong === undefined ? [] : [wrong]
  }
  const elements = 'items' in value ? value.items : [...value.entries.values()]
  const count =
    value.kind === 'set' && elements.some((e) => e.kind === 'unknown') ? undefined : elements.length
  if (count !== undefined && count < (attribute.minItems ?? 0))
    return [
      refuse(attribute, 'core/too-few', `needs at least ${counted(attribute.minItems)}, and has ${count}`),
    ]
  if (count !== undefined && count > (attribute.maxItems ?? Number.POSITIVE_INFINITY))
    return [
      refuse(attribute, 'core/too-many', `takes at most ${counted(attribute.maxItems)}, and has ${count}`),
    ]
  if (value.kind === 'object') return []
  const found: Diagnostic[] = []
  for (const element of elements) {
    if (element.kind === 'null')
      found.push(refuse(attribute, 'core/null-element', 'has an element that is null'))
    else found.push(...checkAttribute(attribute, element))
    if (found.length >= mostElements) break
  }
  return found.slice(0, mostElements)
}

function counted(many = 0): string {
  return `${many} element${many === 1 ? '' : 's'}`
}

type Scalar = Extract<Value, { kind: 'string' | 'number' | 'bool' }>

function checkScalar(attribute: Attribute, value: Scalar): Diagnostic | undefined {
  const shown = attribute.sensitive || value.sensitive ? undefined : show(value)
  if (attribute.enum !== undefined && !attribute.enum.some((allowed) => equals(value, allowed)))
    return refuse(
      attribute,
      'core/not-a-choice',
      `cannot be ${shown ?? 'that'}`,
      `It is one of ${attribute.enum.map((allowed) => JSON.stringify(allowed)).join(', ')}.`,
    )
  if (value.kind === 'number') return checkNumber(attribute, value, shown)
  return value.kind === 'string' ? checkText(attribute, value.value, shown) : undefined
}

function checkNumber(
  attribute: Attribute,
  { value }: Extract<Value, { kind: 'number' }>,
  shown: string | undefined,
): Diagnostic | undefined {
  const was = shown === undefined ? '' : `, not ${shown}`
  if (attribute.integer && !isInteger(value))
    return refuse(attribute, 'core/not-whole', `must be a whole number${was}`)
  if (attribute.minimum !== undefined && compareNumbers(value, attribute.minimum) < 0)
    return refuse(attribute, 'core/too-small', `must be at least ${attribute.minimum}${was}`)
  if (attribute.maximum !== undefined && compareNumbers(value, attribute.maximum) > 0)
    return refuse(attribute, 'core/too-large', `must be at most ${attribute.maximum}${was}`)
  return undefined
}

function checkText(attribute: Attribute, text: string, shown: string | undefined): Diagnostic | undefined {
  const was = shown === undefined ? '' : `, not ${shown}`
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = attribute
  // There are no fewer code units than characters, and counting those takes its time.
  const counts = minLength > 1 || text.length > maxLength
  const length = counts ? [...text].length : text.length
  if (length < minLength)
    return refuse(
      attribute,
      'core/too-short',
      length === 0 ? 'must not be empty' : `must have at least ${attribute.minLength} characters`,
      length === 0 ? 'Leave it out, or set it to null, if there is none.' : undefined,
    )
  if (length > maxLength)
    return refuse(attribute, 'core/too-long', `must have at most ${attribute.maxLength} characters`)
  const objection =
    (attribute.arn ? checkArn(text, attribute.arnOf) : undefined) ??
    (attribute.bucket ? checkBucketName(text) : undefined) ??
    (attribute.bucketUri ? checkBucketUri(text) : undefined)
  if (objection !== undefined) {
    const code = attribute.arn
      ? 'core/not-an-arn'
      : attribute.bucketUri
        ? 'core/not-a-bucket-uri'
        : 'core/not-a-bucket'
    // What is wrong with a secret, and what to write instead, would give parts of it away.
    if (shown === undefined) return refuse(attribute, code, 'does not have the form that it must have')
    return refuse(attribute, code, `is ${shown}, which ${objection.problem}`, objection.help)
  }
  if (attribute.pattern !== undefined && !attribute.pattern.test(text))
    return refuse(
      attribute,
      'core/not-matching',
      `${attribute.patternMessage ?? `must match ${attribute.pattern.source}`}${was}`,
    )
  if (attribute.duration) return checkDuration(attribute, text, was)
  return attribute.json ? checkDocument(attribute, text, shown) : undefined
}

/** `minimum` and `maximum` of a duration are seconds. */
function checkDuration(attribute: Attribute, text: string, was: string): Diagnostic | undefined {
  const length = seconds(text)
  if (length === undefined)
    return refuse(
      attribute,
      'core/not-a-duration',
      `must be a duration${was}`,
      'Write a number and a unit, such as "30m", "12h" or "1h30m", or seconds alone: "3600".',
    )
  if (!Number.isInteger(length))
    return refuse(attribute, 'core/not-whole', `must be a whole number of seconds${was}`)
  const { minimum = 0, maximum = longestDuration } = attribute
  if (length < minimum) return refuse(attribute, 'core/too-small', `must be at least ${minimum} s${was}`)
  if (length > maximum) return refuse(attribute, 'core/too-large', `must be at most ${maximum} s${was}`)
  return undefined
}

/** Seconds: what 63 bits of nanoseconds hold, in which services count. */
const longestDuration = 9_223_372_036

function checkDocument(
  attribute: Attribute,
  text: string,
  shown: string | undefined,
): Diagnostic | undefined {
  try {
    const document: Json = JSON.parse(text)
    if (attribute.policy === undefined || isObject(document)) return undefined
    return refuse(
      attribute,
      'core/not-a-policy',
      'must be a policy document, which is a JSON object',
      `Write it like ${attribute.name} = jsonencode({ Version = "2012-10-17", Statement = [{ … }] }).`,
    )
  } catch (cause) {
    // The parser quotes what it could not read.
    const why = shown === undefined || !(cause instanceof Error) ? '' : ` (${cause.message.slice(0, 120)})`
    return refuse(
      attribute,
      'core/not-json',
      `must be a JSON document${why}`,
      'Write it with jsonencode({ … }), which cannot go wrong.',
    )
  }
}

const summaries: Readonly<Record<string, string>> = {
  'core/not-a-choice': 'Not one of the choices',
  'core/not-whole': 'Not a whole number',
  'core/too-small': 'Number too small',
  'core/too-large': 'Number too large',
  'core/too-short': 'Text too short',
  'core/too-long': 'Text too long',
  'core/too-few': 'Too few elements',
  'core/too-many': 'Too many elements',
  'core/null-element': 'Null element',
  'core/not-an-arn': 'Not a suitable ARN',
  'core/not-a-bucket': 'Not a bucket name',
  'core/not-a-bucket-uri': 'Not an address of a bucket',
  'core/not-matching': 'Value of the wrong form',
  'core/not-a-duration': 'Not a duration',
  'core/not-json': 'Not a JSON document',
  'core/not-a-policy': 'Not a policy document',
}

function refuse(attribute: Attribute, code: string, problem: string, help?: string): Diagnostic {
  return error(code, summaries[code] as string, {
    detail: `${attribute.name} ${problem}.`,
    ...(help === undefined ? {} : { help }),
  })
}

function equals(value: Scalar, json: Json): boolean {
  if (value.kind === 'number') return typeof json === 'number' && compareNumbers(value.value, json) === 0
  return value.value === json
}

function show(value: Scalar): string {
  if (value.kind === 'number') return formatNumber(value.value)
  const text = JSON.stringify(value.value)
  return text.length > 120 ? `${text.slice(0, 117)}…"` : text
}
