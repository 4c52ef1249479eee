import { convert } from '../../core/convert.js'
import { type Diagnostic, Failure, type Span, warning } from '../../core/diagnostic.js'
import { markSensitive } from '../../core/leaves.js'
import { fromPlain } from '../../core/plain.js'
import type { Plain } from '../../core/resource.js'
import type { Attribute } from '../../core/schema.js'
import { nullValue, type Value } from '../../core/value.js'
import type { AttributeNode } from '../hcl/ast.js'
import { constantOf } from './constant.js'
import { hideSecret, hideWhole } from './hide-secret.js'
import { given, type Loading } from './loading.js'
import type { Owner } from './written.js'

const absentValues = new WeakMap<Attribute, Value>()

/** Null, or the default of the schema. */
export function absent(attribute: Attribute): Value {
  let value = absentValues.get(attribute)
  if (value === undefined) {
    value =
      attribute.default === undefined
        ? nullValue(attribute.type)
        : fromPlain(attribute.default as Plain, attribute.type)
    absentValues.set(attribute, value)
  }
  return value
}

/** The value of an attribute that depends on nothing; undefined if it depends on something, or is wrong, which is reported. */
export function constantAttribute(
  attribute: Attribute,
  node: AttributeNode,
  owner: Owner,
  loading: Loading,
): Value | undefined {
  const constant = constantOf(node.value)
  if (constant.kind === 'dynamic') {
    if (attribute.sensitive) hideSecret(node.value, loading)
    return undefined
  }
  if (attribute.sensitive) hideWhole(node.value, loading)
  const found: Diagnostic[] = []
  if (constant.kind === 'wrong') found.push(...constant.diagnostics)
  else {
    const value = conform(attribute, constant.value, node.value.span, found)
    if (value !== undefined) {
      if (attribute.sensitive && isSecretText(constant.value))
        loading.report(literalSecret(attribute, node, owner))
      return value
    }
  }
  for (const diagnostic of found) loading.report({ ...diagnostic, ...given('address', owner.address) })
  return undefined
}

function isSecretText(value: Value): boolean {
  return value.kind !== 'null' && value.kind !== 'unknown' && !(value.kind === 'string' && value.value === '')
}

function literalSecret(attribute: Attribute, node: AttributeNode, owner: Owner): Diagnostic {
  return warning('lang/literal-secret', 'Secret in the configuration', {
    detail: `"${attribute.name}" of ${owner.name} is a secret, and it stands here for everyone who can read the file.`,
    help: `Take it from the environment, ${attribute.name} = env("NAME"), from a file, secretfile("path"), or from a sensitive variable; and replace the secret, since it has been seen.`,
    span: node.value.span,
    ...given('address', owner.address),
  })
}

/** Converts to the attribute's type, with its default for null and its mark; undefined (and reported) if it does not fit. */
export function conform(
  attribute: Attribute,
  value: Value,
  span: Span,
  found: Diagnostic[],
): Value | undefined {
  if (value.kind === 'null') return absent(attribute)
  try {
    const converted = convert(value, attribute.type)
    return attribute.sensitive ? markSensitive(converted) : converted
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem
    for (const diagnostic of problem.diagnostics) {
      found.push({
        ...diagnostic,
        ...given('help', adviceFor(attribute, value) ?? diagnostic.help),
        detail: `${attribute.name}: ${diagnostic.detail ?? diagnostic.summary}`,
        span,
      })
    }
    return undefined
  }
}

function adviceFor({ name, type, json }: Attribute, value: Value): string | undefined {
  if (type.kind === 'bool' && isYesOrNo(value))
    return 'Write true or false: yes, no, on and off are text, in YAML 1.2 too.'
  // A document in place of its text.
  if (json && ('items' in value || 'entries' in value)) return `Write ${name} = jsonencode(…).`
  if ((type.kind === 'list' || type.kind === 'set') && value.kind === 'string')
    return `Put it in brackets: ${name} = […].`
  return undefined
}

function isYesOrNo(value: Value): boolean {
  return value.kind === 'string' && /^(?:y|n|yes|no|on|off)$/i.test(value.value)
}
