import type { BodyExpression, Expression, ResourceBlock } from '../../core/configuration.js'
import { error } from '../../core/diagnostic.js'
import { asTraversal } from '../expression/traversal.js'
import { toExpression } from '../expression.js'
import { configurationGrammar } from '../grammar.js'
import type { AttributeNode, BlockNode } from '../hcl/ast.js'
import { argument } from './argument.js'
import { bodyExpression } from './body.js'
import { dependsOn } from './depends-on.js'
import { lifecycleOf } from './lifecycle.js'
import { given, type Loading, suggestion } from './loading.js'
import type { DeclaredObject, Names } from './names.js'
import { providerOfType } from './schema-source.js'
import type { Use } from './uses.js'
import { isSecretName } from './written.js'

const meta = configurationGrammar.blocks.get('resource')?.attributes ?? new Map()

/** Reads a `resource` or `data` block. Undefined when its type is not known, which is reported. */
export function readObject(
  address: string,
  declared: DeclaredObject,
  names: Names,
  uses: Use[],
  loading: Loading,
): ResourceBlock | undefined {
  const { node: block, schema, mode, type, name, span } = declared
  const { body } = block
  const forEach = argument(body, 'for_each')
  const count = argument(body, 'count')
  const attributes = body.attributes.filter((attribute) => !meta.has(attribute.name))
  if (forEach !== undefined && count !== undefined) {
    loading.report(
      error('lang/count-and-for-each', 'Both count and for_each', {
        detail: `${address} has count and for_each; only one of them can say how many there are.`,
        help: 'Remove one of the two.',
        span: count.nameSpan,
        address,
      }),
    )
  }
  const doubtful = hasDoubtfulKeys(block, loading)
  if (doubtful) loading.doubtful.add(address)
  const place = doubtful ? 'doubtful-keys' : (declared.keyed ?? 'plain-block')
  for (const keys of [forEach, count]) {
    if (keys !== undefined) uses.push({ expr: keys.value, from: address, place: 'key' })
  }
  for (const attribute of attributes) {
    if (attribute.value.kind === 'literal') continue
    const secret = isSecretName(attribute.name, schema, loading)
    uses.push({ expr: attribute.value, from: address, place, secret })
  }
  const provider = providerName(declared, names, loading)
  const dependencies = dependsOn(body, address, uses, loading)
  const lifecycle = lifecycleOf(block, schema, loading)
  if (schema === undefined) {
    loading.unread(block.span)
    reportType(declared, loading)
    return undefined
  }
  const whole: BodyExpression = bodyExpression(
    schema,
    attributes,
    { name: type, address, span, whole: block.span },
    loading,
  )
  return {
    mode,
    type,
    name,
    address,
    provider,
    ...given('forEach', expressionOf(forEach)),
    ...given('count', expressionOf(count)),
    body: whole,
    dependsOn: dependencies,
    lifecycle,
    span,
  }
}

/** Can it not be told which instances there are, from the text alone? */
function hasDoubtfulKeys({ body, span }: BlockNode, { gaps }: Loading): boolean {
  const written = ['for_each', 'count'].map((name) => ({ name, node: argument(body, name) }))
  if (written.every(({ node }) => node !== undefined)) return true
  const known = written.some(({ node }) => node !== undefined)
  return written.some(({ name, node }) =>
    node === undefined ? !known && gaps.mayHold(span, name) : gaps.blur(node, span),
  )
}

function expressionOf(node: AttributeNode | undefined): Expression | undefined {
  return node === undefined ? undefined : toExpression(node.value)
}

/** The local name of the provider: by the type, or as `provider = trifacta.eu` says. */
function providerName({ node, type }: DeclaredObject, names: Names, loading: Loading): string {
  const usual = providerOfType(type)
  const attribute = argument(node.body, 'provider')
  if (attribute === undefined || attribute.value.kind === 'broken') return usual
  const span = attribute.value.span
  const traversal = asTraversal(attribute.value)
  const alias = traversal?.steps[0]
  if (
    traversal === undefined ||
    traversal.steps.length > 1 ||
    (alias !== undefined && alias.kind !== 'attribute')
  ) {
    loading.report(
      error('lang/invalid-provider', 'Not a provider', {
        detail: 'The attribute "provider" takes the name of a provider block.',
        help: `Write provider = ${usual}.eu, for example, without quotes, for the block provider "${usual}" with alias = "eu".`,
        span,
      }),
    )
    return usual
  }
  if (traversal.root !== usual) {
    loading.report(
      error('lang/wrong-provider', 'Provider that does not have this type', {
        detail: `${type} belongs to the provider ${usual}, not to ${traversal.root}.`,
        help: `Write provider = ${usual}, or ${usual}.ALIAS; or leave it out.`,
        span,
      }),
    )
    return usual
  }
  if (alias === undefined) return usual
  const name = `${usual}.${alias.name}`
  if (names.providers.has(name)) return name
  const aliases = [...names.providers.keys()].filter((other) => other.startsWith(`${usual}.`))
  loading.report(
    error('lang/unknown-provider', 'Unknown provider', {
      detail: `There is no block provider "${usual}" with alias = "${alias.name}".`,
      ...given('help', suggestion(name, aliases, 'Add the block, or leave "provider" out.')),
      span,
    }),
  )
  return usual
}

function reportType({ mode, type, node }: DeclaredObject, loading: Loading): void {
  const known = loading.schemas.types()
  const other = mode === 'data' ? loading.schemas.resource(type) : loading.schemas.data(type)
  const provider = providerOfType(type)
  const candidates = mode === 'data' ? known.data : known.resources
  const ofProvider = candidates.filter((candidate) => providerOfType(candidate) === provider)
  const what = mode === 'data' ? 'data source' : 'resource type'
  const all =
    ofProvider.length > 0
      ? `The provider ${provider} has: ${ofProvider.join(', ')}.`
      : `The providers are: ${known.providers.join(', ')}.`
  loading.report(
    error('lang/unknown-type', `Unknown ${what}`, {
      detail: `There is no ${what} "${type}".`,
      help:
        other === undefined
          ? (suggestion(type, candidates, all) as string)
          : `There is a ${mode === 'data' ? 'resource' : 'data source'} of that name: write ${mode === 'data' ? 'resource' : 'data'} "${type}" ….`,
      span: node.labels[0]?.span ?? node.typeSpan,
    }),
  )
}
