import { checkAttribute, checkAttributes } from '../../core/check.js'
import { type AttributeDiagnostic, checkRules } from '../../core/check-rules.js'
import type { BodyExpression, Expression, Reference, Scope } from '../../core/configuration.js'
import { type Diagnostic, Failure, hasErrors } from '../../core/diagnostic.js'
import type { Attribute, Schema } from '../../core/schema.js'
import { type MappingValue, objectValue, stringValue, unknownValue, type Value } from '../../core/value.js'
import { asTraversal } from '../expression/traversal.js'
import { toExpression } from '../expression.js'
import type { AttributeNode, Expr } from '../hcl/ast.js'
import { absent, conform, constantAttribute } from './attribute-value.js'
import { concealing } from './conceal.js'
import { given, type Loading } from './loading.js'
import { type Owner, settable, type Written, writtenAttributes } from './written.js'

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
  const { nodes: written, lost } = writtenAttributes(schema, nodes, owner, loading)
  const { entries, dynamic } = prepare(schema, { nodes: written, lost }, owner, loading)
  const place = (diagnostic: Diagnostic, attribute: string | undefined): Diagnostic => ({
    ...diagnostic,
    span: (attribute === undefined ? undefined : written.get(attribute)?.value.span) ?? owner.span,
    ...given('address', owner.address),
  })
  const fixed = dynamic.length === 0 ? objectValue(entries) : undefined
  for (const { diagnostic, attribute } of staticMistakes(
    schema,
    fixed ?? objectValue(entries),
    entries,
    dynamic,
  )) {
    loading.report(place(diagnostic, attribute))
  }

  const ruled = schema.rules.length > 0 && dynamic.some(({ attribute }) => isRuled(schema, attribute.name))
  let references: readonly Reference[] | undefined
  let declared: ReadonlySet<string> | undefined
  return {
    span: owner.span,
    get references() {
      references ??= dynamic.flatMap(({ expression }): readonly Reference[] => expression.references)
      return references
    },
    get declared() {
      declared ??= new Set(written.keys())
      return declared
    },
    attributeSpan: (name) => written.get(name)?.span,
    evaluate(scope) {
      if (fixed !== undefined) return fixed
      const found: Diagnostic[] = []
      const all = entries.slice()
      let missing = false
      for (const { index, attribute, expression } of dynamic) {
        const value = evaluateOne(attribute, expression, scope, found)
        if (value.kind === 'null') missing ||= attribute.required
        else {
          for (const wrong of checkAttribute(attribute, value)) found.push(place(wrong, attribute.name))
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
  known: MappingValue,
  entries: Prepared['entries'],
  dynamic: readonly Dynamic[],
): readonly AttributeDiagnostic[] {
  const found = checkAttributes(schema, known)
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
        (rule.kind === 'when' && (rule.anyOf.includes(name) || rule.forbidden.includes(name))),
  )
}

function prepare(schema: Schema, { nodes, lost }: Written, owner: Owner, loading: Loading): Prepared {
  const entries: [string, Value][] = []
  const dynamic: Dynamic[] = []
  for (const attribute of settable(schema)) {
    const node = nodes.get(attribute.name)
    if (node === undefined && lost.has(attribute.name)) {
      entries.push([attribute.name, unknownValue(attribute.type)])
      continue
    }
    const value = node === undefined ? absent(attribute) : constantAttribute(attribute, node, owner, loading)
    if (value === undefined && node !== undefined) {
      const expression = toExpression(node.value)
      dynamic.push({
        index: entries.length,
        attribute,
        node,
        expression: attribute.sensitive ? concealing(expression, attribute.name) : expression,
      })
    }
    // Until it is evaluated, nothing is known of it but its type.
    entries.push([attribute.name, value ?? unknownValue(attribute.type)])
  }
  return { entries, dynamic }
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
