import type { Address } from '../core/address.js'
import type { Configuration, Reference } from '../core/configuration.js'

/** For every resource and data block, the blocks that its expressions can refer to, also through locals and provider settings. */
export type BlockOrder = ReadonlyMap<Address, ReadonlySet<Address>>

/** Direct dependencies between blocks. Cycles are refused when the configuration is loaded. */
export function blockOrder(configuration: Configuration): BlockOrder {
  const throughLocals = localReach(configuration)
  const order = new Map<Address, ReadonlySet<Address>>()
  for (const block of configuration.resources.values()) {
    const found = new Set<Address>()
    const expressions = [
      block.forEach,
      block.count,
      block.body,
      configuration.providers.get(block.provider)?.body,
    ]
    for (const expression of expressions)
      if (expression !== undefined) throughLocals(expression.references, found)
    throughLocals(block.dependsOn, found)
    found.delete(block.address)
    order.set(block.address, found)
  }
  return order
}

/** The blocks that references reach, following locals. */
export function localReach(
  configuration: Configuration,
): (references: readonly Reference[], into: Set<Address>) => void {
  const locals = new Map<string, ReadonlySet<Address>>()
  function ofLocal(name: string): ReadonlySet<Address> {
    let reach = locals.get(name)
    if (reach === undefined) {
      const found = new Set<Address>()
      locals.set(name, found)
      const local = configuration.locals.get(name)
      if (local !== undefined) reachOf(local.value.references, found)
      reach = found
    }
    return reach
  }
  function reachOf(references: readonly Reference[], into: Set<Address>): void {
    for (const { subject } of references) {
      if (subject.startsWith('local.'))
        for (const address of ofLocal(subject.slice('local.'.length))) into.add(address)
      else if (configuration.resources.has(subject)) into.add(subject)
    }
  }
  return reachOf
}

/** The blocks and everything that they depend on. */
export function closure(order: BlockOrder, from: Iterable<Address>): Set<Address> {
  const all = new Set<Address>()
  const left = [...from]
  for (let address = left.pop(); address !== undefined; address = left.pop()) {
    if (all.has(address)) continue
    all.add(address)
    left.push(...(order.get(address) ?? []))
  }
  return all
}

/** Blocks so that each comes after what it depends on; otherwise in the order of the configuration. */
export function topological(order: BlockOrder): readonly Address[] {
  const done = new Set<Address>()
  const sorted: Address[] = []
  for (const start of order.keys()) {
    const stack: { address: Address; rest: Address[] }[] = [
      { address: start, rest: [...(order.get(start) ?? [])] },
    ]
    if (done.has(start)) continue
    done.add(start)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.shift()
      if (next === undefined) {
        sorted.push(top.address)
        stack.pop()
      } else if (!done.has(next)) {
        done.add(next)
        stack.push({ address: next, rest: [...(order.get(next) ?? [])] })
      }
    }
  }
  return sorted
}
