import type { Address, InstanceKey } from '../core/address.js'
import type { ResourceBlock, Scope } from '../core/configuration.js'
import { type Diagnostic, error, Failure } from '../core/diagnostic.js'
import { toSafeInteger } from '../core/number.js'
import type { Schema } from '../core/schema.js'
import { numberValue, stringValue, type Value } from '../core/value.js'
import { createNode, type Expansion, type Node } from './node.js'

/** More instances than this of one block are taken for a mistake. */
const mostInstances = 1_000_000

/**
 * Makes the instances of a block from its `for_each` or `count`. Keys must be known at plan; values may wait for apply.
 * Throws a `Failure` that names what an unknown key waits for.
 */
export function expand(block: ResourceBlock, schema: Schema, scope: Scope): Expansion {
  if (block.forEach !== undefined) {
    const nodes = new Map<InstanceKey, Node>()
    for (const [key, value] of eachEntries(block, block.forEach.evaluate(scope))) {
      nodes.set(key, createNode(block, schema, key, { key: stringValue(key), value, reads: none }, undefined))
    }
    return { block, keyed: 'for_each', nodes }
  }
  if (block.count !== undefined) {
    const nodes = new Map<InstanceKey, Node>()
    const count = countOf(block, block.count.evaluate(scope))
    for (let i = 0; i < count; i++) nodes.set(i, createNode(block, schema, i, undefined, numberValue(i)))
    return { block, keyed: 'count', nodes }
  }
  return {
    block,
    keyed: 'single',
    nodes: new Map([[undefined, createNode(block, schema, undefined, undefined, undefined)]]),
  }
}

const none: ReadonlySet<Address> = new Set()

/** The keys and values of a `for_each`. Throws a `Failure` where the keys are not known or not keys. */
export function eachEntries(block: ResourceBlock, value: Value): Iterable<readonly [string, Value]> {
  switch (value.kind) {
    case 'map':
    case 'object':
      return value.entries
    case 'set':
    case 'list':
    case 'tuple':
      if (value.kind !== 'set') break
      return value.items.map((item) => {
        if (item.kind === 'unknown') throw new Failure(waits(block, 'for_each', item.waits))
        if (item.kind !== 'string') throw wrong(block, 'for_each', 'A set for for_each must hold strings.')
        if (item.sensitive)
          throw wrong(block, 'for_each', 'A key is shown in addresses, so it cannot be a sensitive value.')
        return [item.value, item] as const
      })
    case 'unknown':
      throw new Failure(waits(block, 'for_each', value.waits))
    case 'null':
      throw wrong(block, 'for_each', 'for_each is null here.')
  }
  throw wrong(
    block,
    'for_each',
    `for_each takes a map, an object or a set of strings, not a ${value.kind}.`,
    'For a list use for_each = toset(…).',
  )
}

function countOf(block: ResourceBlock, value: Value): number {
  if (value.kind === 'unknown') throw new Failure(waits(block, 'count', value.waits))
  const count =
    value.kind === 'number'
      ? toSafeInteger(value.value)
      : value.kind === 'string'
        ? Number(value.value)
        : undefined
  if (count === undefined || !Number.isSafeInteger(count) || count < 0 || count > mostInstances) {
    throw wrong(
      block,
      'count',
      `count must be a whole number from 0 to ${mostInstances.toLocaleString('en')}.`,
    )
  }
  return count
}

function wrong(block: ResourceBlock, argument: 'for_each' | 'count', detail: string, help?: string): Failure {
  const expression = argument === 'count' ? block.count : block.forEach
  return new Failure(
    error(`engine/wrong-${argument === 'count' ? 'count' : 'for-each'}`, `Wrong value for ${argument}`, {
      detail,
      address: block.address,
      ...(expression && { span: expression.span }),
      ...(help !== undefined && { help }),
    }),
  )
}

function waits(block: ResourceBlock, argument: 'for_each' | 'count', on: ReadonlySet<string>): Diagnostic {
  const expression = argument === 'count' ? block.count : block.forEach
  const cause = on.size === 0 ? 'something that is known only after apply' : [...on].join(', ')
  return error('engine/key-not-known', `The keys of ${argument} are not known at plan`, {
    detail: `The instances of ${block.address} depend on ${cause}, which is known only after apply.`,
    help: 'Take the keys from configuration (a variable, a local, the keys of another resource) and keep what waits for apply in the values.',
    address: block.address,
    ...(expression && { span: expression.span }),
  })
}
