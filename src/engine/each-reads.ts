import type { Address, InstanceKey } from '../core/address.js'
import type { Scope } from '../core/configuration.js'
import { Failure } from '../core/diagnostic.js'
import { isWhollyKnown, waitsOf } from '../core/equality.js'
import type { Evaluation } from './evaluation.js'
import { eachEntries } from './expand.js'
import type { Expansion } from './node.js'

/**
 * Notes for each instance which of the instances that `for_each` read its own `each.value` comes from, so that it depends on
 * those alone. To tell, the expression is evaluated once more with nothing known but keys: what its values wait for then is
 * what they come from. Returns what all instances depend on: everything that was read, if the keys come from attributes.
 */
export function noteEachReads(
  expansion: Expansion,
  reads: ReadonlySet<Address>,
  evaluation: Evaluation,
): ReadonlySet<Address> {
  if (reads.size === 0) return reads
  const sources = sourcesByKey(expansion, evaluation.keysOnly())
  if (sources === undefined) return reads
  for (const node of expansion.nodes.values()) {
    const own = sources.get(node.key)
    if (own === undefined) return reads
    if (node.each !== undefined) node.each.reads = own
  }
  return new Set([...reads].filter((address) => address.startsWith('data.')))
}

const none: ReadonlySet<Address> = new Set()

/** By key, what its value comes from; undefined if the keys come from attributes. */
function sourcesByKey(
  { block, nodes }: Expansion,
  scope: Scope,
): ReadonlyMap<InstanceKey, ReadonlySet<Address>> | undefined {
  try {
    if (block.forEach === undefined) {
      const isKnown = block.count !== undefined && isWhollyKnown(block.count.evaluate(scope))
      return isKnown ? new Map([...nodes.keys()].map((key) => [key, none])) : undefined
    }
    const entries = [...eachEntries(block, block.forEach.evaluate(scope))]
    return entries.length === nodes.size
      ? new Map(entries.map(([key, value]) => [key, waitsOf(value)]))
      : undefined
  } catch (cause) {
    if (cause instanceof Failure) return undefined
    throw cause
  }
}
