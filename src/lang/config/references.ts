import type { Diagnostic, Span } from '../../core/diagnostic.js'
import { nearest } from '../../core/nearest.js'
import { type Traversal, traversalsOf } from '../expression/traversal.js'
import { referenceRoots } from './hide-secret.js'
import { type Loading, suggestion } from './loading.js'
import { isMisshapen, type Names } from './names.js'
import { checkObjectReference } from './object-reference.js'
import { incomplete, type Known, type Problem, unfit, unknown } from './reference-problem.js'
import type { Place, Use } from './uses.js'

/** Who refers to whom, and where first: `trifacta_person.jane`, `local.x`, `var.x`, `provider.trifacta`, `output.x`. */
export type Edges = Map<string, Map<string, Span>>

const mostSuggestions = 100

/**
 * Checks every reference against what is declared. One to a name that may have been declared in a part of a file that could not
 * be read is not called unknown.
 */
export function checkReferences(uses: readonly Use[], names: Names, loading: Loading): Edges {
  const edges: Edges = new Map()
  let suggestions = 0
  const known: Known = {
    names,
    doubtful: loading.doubtful,
    types: () => loading.schemas.types(),
    near: (name, candidates) => (++suggestions > mostSuggestions ? undefined : nearest(name, candidates)),
    suggest: (name, candidates, otherwise) =>
      ++suggestions > mostSuggestions ? otherwise : suggestion(name, candidates, otherwise),
  }
  const isLost = (root: string, name: string) =>
    loading.gaps.mayDeclare(root, name) || isMisshapen(names, root, name)
  for (const use of uses) {
    let withheld = false
    for (const traversal of traversalsOf(use.expr)) {
      const subject = check(traversal, use.place, known)
      if (typeof subject === 'string') {
        // A validation looks at its own variable: no dependency.
        if (use.place !== 'validation') addEdge(edges, use.from, subject, traversal.span)
      } else if (subject !== undefined && !isLost(traversal.root, subject.name)) {
        if (use.secret !== true || !mayBeSecret(subject, traversal)) loading.report(subject.diagnostic)
        else if (!withheld) {
          loading.report(withoutName(subject, use.expr.span, loading))
          withheld = true
        }
      }
    }
  }
  return edges
}

/** What does not begin as a reference does is, in the place of a secret, most likely the secret without its quotes. */
function mayBeSecret({ diagnostic }: Problem, { root }: Traversal): boolean {
  return diagnostic.code === 'lang/unknown-reference' && !referenceRoots.has(root)
}

/** About the whole of it: the places of its parts would tell how long they are. */
function withoutName({ diagnostic }: Problem, span: Span, loading: Loading): Diagnostic {
  loading.hide(span)
  return {
    ...diagnostic,
    detail: 'What stands here is nothing that is declared. It is not shown, because it may be a secret.',
    help: 'If it is the secret itself, it lacks quotes; better take it from the environment, env("NAME"), and replace it, since it has been seen.',
    span,
  }
}

export function addEdge(edges: Edges, from: string, to: string, span: Span): void {
  let targets = edges.get(from)
  if (targets === undefined) {
    targets = new Map()
    edges.set(from, targets)
  }
  if (!targets.has(to)) targets.set(to, span)
}

/** The subject that the reference is to; or what is wrong with it; undefined for one that depends on no declaration. */
function check(traversal: Traversal, place: Place, known: Known): string | Problem | undefined {
  const { root } = traversal
  if (place === 'validation' && root !== 'var' && root !== 'path') {
    return unfit(
      traversal,
      'A validation is evaluated before everything else: it can refer to variables only.',
    )
  }
  switch (root) {
    case 'var':
      return named(traversal, 'variable', known.names.variables, known)
    case 'local':
      return named(traversal, 'local value', known.names.locals, known)
    case 'each':
    case 'count':
      return checkEach(traversal, place, known)
    case 'self':
      return unfit(
        traversal,
        '"self" means something only in blocks that do not exist here.',
        'Write the address of the block.',
      )
    case 'path':
      return oneOf(traversal, ['module', 'root', 'cwd'], known)
    case 'terraform':
      return unfit(traversal, 'There are no workspaces here.', 'Use a variable.')
    case 'module':
      return unfit(traversal, 'Modules are not built yet.', 'Put the files into one folder.')
    default:
      return checkObjectReference(traversal, known)
  }
}

function named(
  traversal: Traversal,
  what: string,
  declared: ReadonlyMap<string, unknown>,
  known: Known,
): string | Problem {
  const { root, steps } = traversal
  const [step] = steps
  if (step?.kind !== 'attribute') {
    return incomplete(traversal, `"${root}" is followed by the name of a ${what}: ${root}.NAME.`)
  }
  if (declared.has(step.name)) return `${root}.${step.name}`
  const declaration = root === 'var' ? `variable "${step.name}" { … }` : `locals { ${step.name} = … }`
  return unknown(
    step.name,
    `There is no ${what} "${step.name}".`,
    step.span,
    known.suggest(step.name, declared.keys(), `Declare it: ${declaration}.`),
  )
}

function checkEach(traversal: Traversal, place: Place, known: Known): Problem | undefined {
  const { root } = traversal
  if (place === 'doubtful-keys') return undefined
  const needed = root === 'each' ? 'for_each' : 'count'
  if (place === 'key')
    return unfit(traversal, `"${root}" means nothing in the expression that the instances come from.`)
  if (place !== needed) {
    const instead = place === 'for_each' ? 'each.key and each.value' : 'count.index'
    return unfit(
      traversal,
      `"${root}" means something only in a resource or data block with ${needed}.`,
      place === 'for_each' || place === 'count' ? `This block has ${place}: use ${instead}.` : undefined,
    )
  }
  return oneOf(traversal, root === 'each' ? ['key', 'value'] : ['index'], known)
}

function oneOf(
  { root, steps, span }: Traversal,
  members: readonly string[],
  known: Known,
): Problem | undefined {
  const [step] = steps
  const name = step?.kind === 'attribute' ? step.name : undefined
  if (name !== undefined && members.includes(name)) return undefined
  const all = `There is ${members.map((member) => `${root}.${member}`).join(', ')}.`
  return unknown(
    name ?? root,
    name === undefined ? `A member of "${root}" follows.` : `"${root}" has no member "${name}".`,
    step?.span ?? span,
    name === undefined ? all : known.suggest(name, members, all),
  )
}
