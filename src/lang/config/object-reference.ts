import { blockAddress } from '../../core/address.js'
import type { Traversal, TraversalStep } from '../expression/traversal.js'
import type { DeclaredObject } from './names.js'
import { incomplete, type Known, type Problem, problem, unknown } from './reference-problem.js'

/** Checks a reference to a resource or data source: its address if all is well. */
export function checkObjectReference(traversal: Traversal, known: Known): string | Problem {
  const { root, rootSpan, steps } = traversal
  if (root !== 'data') {
    const [name] = steps
    if (name?.kind !== 'attribute') return unknownRoot(traversal, known)
    const address = blockAddress('managed', root, name.name)
    const declared = known.names.objects.get(address)
    if (declared !== undefined) return checkRest(declared, address, steps.slice(1), known) ?? address
    if (!known.types().resources.includes(root) && !objectsOf('managed', root, known).length) {
      return unknownRoot(traversal, known)
    }
    return undeclared('managed', root, name, known)
  }
  const [type, name] = steps
  if (type?.kind !== 'attribute' || name?.kind !== 'attribute') {
    return incomplete(traversal, '"data" is followed by a type and a name: data.TYPE.NAME.')
  }
  const address = blockAddress('data', type.name, name.name)
  const declared = known.names.objects.get(address)
  if (declared !== undefined) return checkRest(declared, address, steps.slice(2), known) ?? address
  if (!known.types().data.includes(type.name) && !objectsOf('data', type.name, known).length) {
    const help = known.suggest(type.name, known.types().data)
    return unknown(type.name, `There is no data source type "${type.name}".`, type.span ?? rootSpan, help)
  }
  return undeclared('data', type.name, name, known)
}

function objectsOf(mode: DeclaredObject['mode'], type: string, { names }: Known): readonly DeclaredObject[] {
  return [...names.objects.values()].filter((one) => one.mode === mode && one.type === type)
}

const nouns = { managed: 'resource', data: 'data source' } as const

function undeclared(
  mode: DeclaredObject['mode'],
  type: string,
  step: Extract<TraversalStep, { kind: 'attribute' }>,
  known: Known,
): Problem {
  const other = mode === 'data' ? 'managed' : 'data'
  const otherAddress = blockAddress(other, type, step.name)
  return unknown(
    step.name,
    `There is no ${nouns[mode]} ${blockAddress(mode, type, step.name)}.`,
    step.span,
    known.names.objects.has(otherAddress)
      ? `There is a ${nouns[other]} of that name: write ${otherAddress}.`
      : declaredInstead(mode, type, step.name, known),
  )
}

/** More are not listed. */
const fewNames = 5

/** What is declared and was probably meant: of the type, by its name; else of another type, by the same name. */
function declaredInstead(mode: DeclaredObject['mode'], type: string, name: string, known: Known): string {
  const addressOf = (one: string) => blockAddress(mode, type, one)
  const names = objectsOf(mode, type, known).map((one) => one.name)
  const near = known.near(name, names)
  if (near !== undefined) return `Did you mean ${addressOf(near)}?`
  const other = [...known.names.objects.values()].find((one) => one.mode === mode && one.name === name)
  if (other !== undefined) return `Did you mean ${blockAddress(mode, other.type, name)}?`
  const [only] = names
  if (only !== undefined && names.length === 1)
    return `Did you mean ${addressOf(only)}? It is the only one declared.`
  if (only !== undefined && names.length <= fewNames) return `There are: ${names.map(addressOf).join(', ')}.`
  return 'Declare it, or correct the name.'
}

/** The first name of the reference is none that can stand there. */
function unknownRoot({ root, rootSpan, steps }: Traversal, known: Known): Problem {
  const roots = ['var', 'local', 'data', 'each', 'count', 'path', ...known.types().resources]
  if (roots.includes(root)) {
    return unknown(
      root,
      `"${root}" is a type: the name of a resource follows.`,
      rootSpan,
      `Write ${root}.NAME.`,
    )
  }
  const alone = steps.length === 0
  const meant = known.names.variables.has(root) ? 'var' : known.names.locals.has(root) ? 'local' : undefined
  return unknown(
    root,
    `There is nothing called "${root}".`,
    rootSpan,
    meant !== undefined
      ? `Write ${meant}.${root}.`
      : known.suggest(
          root,
          roots,
          alone
            ? `If it is text, put it in quotes: ${JSON.stringify(root)}.`
            : 'A reference starts with var, local, data, each, count, path or a resource type.',
        ),
  )
}

/** What follows the address: a key exactly where the block has instances, then an attribute of the schema. */
function checkRest(
  { schema, keyed }: DeclaredObject,
  address: string,
  rest: readonly TraversalStep[],
  known: Known,
): Problem | undefined {
  const [first] = rest
  if (first === undefined || known.doubtful.has(address)) return undefined
  if (keyed !== undefined && first.kind === 'attribute') {
    return problem(
      'lang/missing-key',
      'Which instance is not said',
      first.name,
      `${address} has ${keyed}, so there may be several of it.`,
      first.span,
      `Write ${address}[${keyed === 'count' ? '0' : 'each.key'}].${first.name} for one of them, or a for expression over all of ${address}.`,
    )
  }
  const attribute = keyed === undefined ? first : rest[1]
  const name = attribute && nameOf(attribute)
  if (keyed === undefined && first.kind === 'index' && name === undefined && first.key.kind === 'literal') {
    return problem(
      'lang/unwanted-key',
      'Key without instances',
      address,
      `${address} has neither count nor for_each: there is one of it.`,
      first.span,
      `Write ${address} without the key.`,
    )
  }
  if (attribute === undefined || name === undefined || schema === undefined || schema.attributes.has(name)) {
    return undefined
  }
  const all = [...schema.attributes.keys()]
  return problem(
    'lang/unknown-attribute',
    'Unknown attribute',
    name,
    `${schema.type} has no attribute "${name}".`,
    attribute.span,
    known.suggest(name, all, `It has: ${all.join(', ')}.`),
  )
}

/** The attribute that a step takes, `.email` or `["email"]`, where it is known. */
function nameOf(step: TraversalStep): string | undefined {
  if (step.kind === 'attribute') return step.name
  if (step.kind !== 'index' || step.key.kind !== 'literal') return undefined
  return typeof step.key.value === 'string' ? step.key.value : undefined
}
