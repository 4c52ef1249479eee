import { type Address, quoteKey } from '../core/address.js'
import type { Configuration, FunctionEnvironment, Resolved, Scope, Step } from '../core/configuration.js'
import { error, Failure } from '../core/diagnostic.js'
import { isWhollyKnown } from '../core/equality.js'
import { toSafeInteger } from '../core/number.js'
import { object as objectType } from '../core/type.js'
import { objectValue, stringValue, tupleValue, unknownValue, type Value } from '../core/value.js'
import type { Expansion, Node } from './node.js'

/** Where expressions are evaluated: it knows variables, locals and what has become of each instance so far. */
export interface Evaluation {
  /** A scope that adds to `reads` the address of every instance that an expression reads. */
  scope(reads: Set<Address>, node?: Pick<Node, 'each' | 'index'>): Scope
  /** The same, but nothing is known of any managed instance except its key: what is known all the same depends on keys alone. */
  keysOnly(): Scope
  /** Forgets the values of locals that waited for something. */
  invalidate(): void
}

export interface EvaluationInput {
  readonly configuration: Configuration
  readonly variables: ReadonlyMap<string, Value>
  readonly environment: FunctionEnvironment
  /** The instances of a block, once they are known. */
  expansion(block: Address): Expansion | undefined
}

interface Memo {
  readonly value: Value
  readonly reads: ReadonlySet<Address>
}

export function createEvaluation(input: EvaluationInput): Evaluation {
  const present = createView(input, nodeValue)
  return {
    scope: present.scope,
    keysOnly: () =>
      createView(input, (node) => (node.block.mode === 'data' ? nodeValue(node) : shapeOf(node))).scope(
        new Set(),
      ),
    invalidate: present.invalidate,
  }
}

/** One way of seeing instances, with the locals as they are then. */
function createView(
  input: EvaluationInput,
  valueIn: (node: Node) => Value,
): Pick<Evaluation, 'scope' | 'invalidate'> {
  const locals = new Map<string, Memo>()
  /** Locals that wait for something: the only ones that an apply changes. */
  const waiting = new Set<string>()
  const underWay = new Set<string>()

  function read(node: Node, reads: Set<Address>): Value {
    reads.add(node.address)
    return valueIn(node)
  }

  function collection(expansion: Expansion, reads: Set<Address>): Value {
    if (expansion.keyed === 'count')
      return tupleValue([...expansion.nodes.values()].map((node) => read(node, reads)))
    return objectValue([...expansion.nodes].map(([key, node]) => [String(key), read(node, reads)] as const))
  }

  function local(name: string, reads: Set<Address>): Value | undefined {
    const block = input.configuration.locals.get(name)
    if (block === undefined) return undefined
    let memo = locals.get(name)
    if (memo === undefined) {
      if (underWay.has(name))
        throw new Failure(
          error('engine/cycle', 'A local value refers to itself', { detail: `local.${name}` }),
        )
      underWay.add(name)
      try {
        const own = new Set<Address>()
        memo = { value: block.value.evaluate(scope(own)), reads: own }
      } finally {
        underWay.delete(name)
      }
      locals.set(name, memo)
      if (!isWhollyKnown(memo.value)) waiting.add(name)
    }
    for (const address of memo.reads) reads.add(address)
    return memo.value
  }

  function scope(reads: Set<Address>, node?: Pick<Node, 'each' | 'index'>): Scope {
    return {
      environment: input.environment,
      names: () => rootNames(input.configuration, node),
      resolve(root, steps) {
        const name = steps[0]?.kind === 'attribute' ? steps[0].name : undefined
        switch (root) {
          case 'var':
            return found(name === undefined ? undefined : input.variables.get(name), 1)
          case 'local':
            return found(name === undefined ? undefined : local(name, reads), 1)
          case 'each':
            if (node?.each === undefined) return undefined
            if (name === 'value') for (const address of node.each.reads) reads.add(address)
            return found(name === 'key' ? node.each.key : name === 'value' ? node.each.value : undefined, 1)
          case 'count':
            return found(name === 'index' ? node?.index : undefined, 1)
          case 'path':
            return found(
              name === 'module' || name === 'root' || name === 'cwd' ? stringValue('.') : undefined,
              1,
            )
          case 'data': {
            const second = steps[1]?.kind === 'attribute' ? steps[1].name : undefined
            return instance(`data.${name}.${second}`, steps.slice(2), 2, reads)
          }
          default:
            return instance(`${root}.${name}`, steps.slice(1), 1, reads)
        }
      },
    }
  }

  function instance(
    block: Address,
    rest: readonly Step[],
    used: number,
    reads: Set<Address>,
  ): Resolved | undefined {
    const declared = input.configuration.resources.get(block)
    if (declared === undefined) return undefined
    const expansion = input.expansion(block)
    // Only after an error: the block could not be expanded, and that is reported already.
    if (expansion === undefined) return { value: unknownValue(undefined, new Set([block])), used }
    const step = rest[0]
    if (expansion.keyed === 'single') return { value: read(onlyNode(expansion), reads), used }
    if (step?.kind !== 'index') return { value: collection(expansion, reads), used }
    const key = instanceKey(step.key)
    if (key === undefined) {
      for (const node of expansion.nodes.values()) reads.add(node.address)
      return {
        value: unknownValue(undefined, new Set(step.key.kind === 'unknown' ? step.key.waits : [])),
        used: used + 1,
      }
    }
    const node = expansion.nodes.get(expansion.keyed === 'count' ? Number(key) : String(key))
    if (node === undefined) throw new Failure(noSuchInstance(block, key, expansion))
    return { value: read(node, reads), used: used + 1 }
  }

  return {
    scope,
    invalidate() {
      for (const name of waiting) locals.delete(name)
      waiting.clear()
    },
  }
}

function found(value: Value | undefined, used: number): Resolved | undefined {
  return value === undefined ? undefined : { value, used }
}

function onlyNode(expansion: Expansion): Node {
  return expansion.nodes.get(undefined) as Node
}

/** What a reference to the instance gives; of an instance that could not be planned, an unknown of its shape. */
export function nodeValue(node: Node): Value {
  return node.value === undefined ? shapeOf(node) : node.value()
}

function shapeOf(node: Node): Value {
  const attributes = [...node.schema.attributes.values()].map((a) => [a.name, a.type] as const)
  return unknownValue(objectType(attributes), new Set([node.address]))
}

function instanceKey(key: Value): string | number | undefined {
  if (key.kind === 'string') return key.value
  return key.kind === 'number' ? toSafeInteger(key.value) : undefined
}

function noSuchInstance(block: Address, key: string | number, expansion: Expansion) {
  const keys = [...expansion.nodes.keys()].map((k) =>
    typeof k === 'number' ? String(k) : quoteKey(String(k)),
  )
  const shown = keys.slice(0, 8).join(', ') + (keys.length > 8 ? `, … (${keys.length} in all)` : '')
  return error('engine/no-instance', 'No such instance', {
    detail: `${block} has no instance ${typeof key === 'number' ? key : quoteKey(key)}.`,
    help: keys.length === 0 ? `${block} has no instances at all.` : `Its instances are: ${shown}.`,
  })
}

function* rootNames(
  configuration: Configuration,
  node: Pick<Node, 'each' | 'index'> | undefined,
): Iterable<string> {
  for (const name of configuration.variables.keys()) yield `var.${name}`
  for (const name of configuration.locals.keys()) yield `local.${name}`
  yield* configuration.resources.keys()
  if (node?.each !== undefined) yield* ['each.key', 'each.value']
  if (node?.index !== undefined) yield 'count.index'
}
