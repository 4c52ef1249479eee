import { checkAttribute, checkAttributes } from '../../core/check.js'
import { type AttributeDiagnostic, checkRules } from '../../core/check-rules.js'
import type { BodyExpression, Expression, Reference, Scope } from '../../core/configuration.js'
import { convert } from '../../core/convert.js'
import { type Diagnostic, error, Failure, hasErrors, type Span, warning } from '../../core/diagnostic.js'
import { markSensitive } from '../../core/leaves.js'
import { fromPlain } from '../../core/plain.js'
import type { Plain } from '../../core/resource.js'
import type { Attribute, Schema } from '../../core/schema.js'
import { compareCodePoints } from '../../core/type.js'
import { nullValue, objectValue, stringValue, unknownValue, type Value } from '../../core/value.js'
import { toExpression } from '../expression.js'
import type { AttributeNode, Expr } from '../hcl/ast.js'
import { constantOf } from './constant.js'
import { given, type Loading, suggestion } from './loading.js'
import { asTraversal } from './traversal.js'

/** Whose body it is, for messages. */
export interface Owner {
  /** `trifacta_person`, `provider trifacta`. */
  readonly name: string
  readonly address?: string
  /** Where to report what has no place of its own, such as a missing attribute. */
  readonly span: Span
}

/** An attribute that must be evaluated each time. */
interface Dynamic {
  readonly index: number
  readonly attribute: Attribute
  readonly node: AttributeNode
  readonly expression: Expression
}

/** All attributes that can be set, in the order of objects: constants and absent ones have their value already. */
interface Prepared {
  readonly entries: readonly (readonly [string, Value])[]
  readonly dynamic: readonly Dynamic[]
}

/**
 * The arguments of a block as an object that conforms to the schema. What can be known now is evaluated, converted and checked
 * now, and reported; the rest each time it is evaluated. Attributes that the schema calls sensitive are marked.
 */
export function bodyExpression(
  schema: Schema,
  nodes: readonly AttributeNode[],
  owner: Owner,
  loading: Loading,
): BodyExpression {
  const written = writtenAttributes(schema, nodes, owner, loading)
  const { entries, dynamic } = prepare(schema, written, owner, loading)
  const place = (diagnostic: Diagnostic, attribute: string | undefined): Diagnostic => ({
    ...diagnostic,
    span: (attribute === undefined ? undefined : written.get(attribute)?.value.span) ?? owner.span,
    ...given('address', owner.address),
  })
  const known = objectValue(entries)
  for (const { diagnostic, attribute } of staticMistakes(schema, entries, dynamic)) {
    loading.report(place(diagnostic, attribute))
  }

  const ruled = schema.rules.length > 0 && dynamic.some(({ attribute }) => isRuled(schema, attribute.name))
  let references: readonly Reference[] | undefined
  return {
    span: owner.span,
    get references() {
      references ??= dynamic.flatMap(({ expression }): readonly Reference[] => expression.references)
      return references
    },
    declared: new Set(written.keys()),
    attributeSpan: (name) => written.get(name)?.span,
    evaluate(scope) {
      if (dynamic.length === 0) return known
      const found: Diagnostic[] = []
      const all = entries.slice()
      let missing = false
      for (const { index, attribute, expression } of dynamic) {
        const value = evaluateOne(attribute, expression, scope, found)
        if (value.kind === 'null') missing ||= attribute.required
        else {
          const wrong = checkAttribute(attribute, value)
          if (wrong !== undefined) found.push(place(wrong, attribute.name))
        }
        all[index] = [attribute.name, value]
      }
      const body = objectValue(all)
      if (missing) {
        for (const one of checkAttributes(schema, body)) found.push(place(one.diagnostic, one.attribute))
      } else if (ruled) {
        for (const one of checkRules(schema, body)) found.push(place(one.diagnostic, one.attribute))
      }
      if (hasErrors(found)) throw new Failure(found)
      return body
    },
  }
}

/**
 * What is wrong whatever the dynamic attributes turn out to be. Rules ask only which attributes are given, and some are for
 * certain though their values are not known.
 */
function staticMistakes(
  schema: Schema,
  entries: Prepared['entries'],
  dynamic: readonly Dynamic[],
): readonly AttributeDiagnostic[] {
  const found = checkAttributes(schema, objectValue(entries))
  const given = dynamic.filter(
    ({ attribute, node }) => isSurelyGiven(node.value) && isRuled(schema, attribute.name),
  )
  if (given.length === 0) return found
  const standIns = entries.slice()
  for (const { index, attribute } of given) standIns[index] = [attribute.name, stringValue('')]
  const more = checkRules(schema, objectValue(standIns)).filter(
    (one) => !found.some((other) => other.diagnostic.detail === one.diagnostic.detail),
  )
  return [...found, ...more]
}

/** Never null: a text, a collection, or the id of an object. */
function isSurelyGiven(expr: Expr): boolean {
  if (expr.kind === 'template') return expr.parts.length > 1
  if (expr.kind === 'attribute') {
    const traversal = asTraversal(expr)
    return expr.name === 'id' && traversal !== undefined && !notObjects.has(traversal.root)
  }
  return expr.kind === 'tuple' || expr.kind === 'object'
}

const notObjects: ReadonlySet<string> = new Set(['var', 'local', 'each', 'count', 'data', 'path'])

function isRuled(schema: Schema, name: string): boolean {
  return schema.rules.some((rule) =>
    'attributes' in rule
      ? rule.attributes.includes(name)
      : rule.attribute === name ||
        rule.required.includes(name) ||
        (rule.kind === 'when' && rule.forbidden.includes(name)),
  )
}

/** By name; what cannot be set is reported and left out. */
function writtenAttributes(
  schema: Schema,
  nodes: readonly AttributeNode[],
  owner: Owner,
  loading: Loading,
): ReadonlyMap<string, AttributeNode> {
  const written = new Map<string, AttributeNode>()
  for (const node of nodes) {
    const attribute = schema.attributes.get(node.name)
    if (attribute === undefined) {
      const names = [...schema.attributes.values()].filter((one) => !one.readOnly).map((one) => one.name)
      loading.report(
        error('lang/unknown-attribute', 'Unknown attribute', {
          detail: `${owner.name} has no attribute "${node.name}".`,
          ...given('help', suggestion(node.name, names, `It has: ${names.join(', ')}.`)),
          span: node.nameSpan,
          ...given('address', owner.address),
        }),
      )
    } else if (attribute.readOnly) {
      loading.report(
        error('lang/read-only-attribute', 'Attribute set by the service', {
          detail: `"${node.name}" of ${owner.name} is chosen by the service.`,
          help: `Remove it. It can be read elsewhere${owner.address === undefined ? '' : ` as ${owner.address}.${node.name}`}.`,
          span: node.nameSpan,
          ...given('address', owner.address),
        }),
      )
    } else written.set(node.name, node)
  }
  return written
}

function prepare(
  schema: Schema,
  written: ReadonlyMap<string, AttributeNode>,
  owner: Owner,
  loading: Loading,
): Prepared {
  const entries: [string, Value][] = []
  const dynamic: Dynamic[] = []
  for (const attribute of settable(schema)) {
    const node = written.get(attribute.name)
    const value = node === undefined ? absent(attribute) : constantAttribute(attribute, node, owner, loading)
    if (value === undefined && node !== undefined) {
      dynamic.push({ index: entries.length, attribute, node, expression: toExpression(node.value) })
    }
    // Until it is evaluated, nothing is known of it but its type.
    entries.push([attribute.name, value ?? unknownValue(attribute.type)])
  }
  return { entries, dynamic }
}

const settableOf = new WeakMap<Schema, readonly Attribute[]>()

function settable(schema: Schema): readonly Attribute[] {
  let attributes = settableOf.get(schema)
  if (attributes === undefined) {
    attributes = [...schema.attributes.values()]
      .filter((attribute) => !attribute.readOnly)
      .sort((a, b) => compareCodePoints(a.name, b.name))
    settableOf.set(schema, attributes)
  }
  return attributes
}

const absentValues = new WeakMap<Attribute, Value>()

/** Null, or the default of the schema. */
function absent(attribute: Attribute): Value {
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
function constantAttribute(
  attribute: Attribute,
  node: AttributeNode,
  owner: Owner,
  loading: Loading,
): Value | undefined {
  const constant = constantOf(node.value)
  if (constant.kind === 'dynamic') return undefined
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

function evaluateOne(attribute: Attribute, expression: Expression, scope: Scope, found: Diagnostic[]): Value {
  try {
    const value = conform(attribute, expression.evaluate(scope), expression.span, found)
    if (value !== undefined) return value
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem
    for (const diagnostic of problem.diagnostics) found.push({ span: expression.span, ...diagnostic })
  }
  return unknownValue(attribute.type)
}

/** Converts to the attribute's type, with its default for null and its mark; undefined (and reported) if it does not fit. */
function conform(attribute: Attribute, value: Value, span: Span, found: Diagnostic[]): Value | undefined {
  if (value.kind === 'null') return absent(attribute)
  try {
    const converted = convert(value, attribute.type)
    return attribute.sensitive ? markSensitive(converted) : converted
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem
    for (const diagnostic of problem.diagnostics) {
      found.push({
        ...diagnostic,
        detail: `${attribute.name}: ${diagnostic.detail ?? diagnostic.summary}`,
        span,
      })
    }
    return undefined
  }
}
