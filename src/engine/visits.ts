import type { Address } from '../core/address.js'
import type { Configuration, ResourceBlock } from '../core/configuration.js'
import type { BlockOrder } from './block-order.js'
import { walkData } from './data-walk.js'
import { findByKey } from './find-by-key.js'
import { refuseLacking } from './lacking.js'
import { decideBlock, keepRows, type Looked, lookAtRows } from './resource-walk.js'
import type { WalkContext } from './walk-context.js'

export interface Visits {
  visit(block: Address): Promise<void>
}

/**
 * Walks blocks in dependency order, each once, as many at a time as are ready. A resource block is walked in two halves,
 * because a create may turn out to be a move: before the first create of a type is decided, all its blocks say which
 * addresses they still declare, and what they give up.
 */
export function createVisits(context: WalkContext): Visits {
  const { configuration } = context.input
  const firsts = new Map<Address, Promise<Looked | undefined>>()
  const visits = new Map<Address, Promise<void>>()
  const companions = barriers(configuration, context.order)
  const together = new Map<string, Promise<readonly Looked[]>>()
  const searches = new Map<string, Promise<void>>()

  async function dependencies(block: ResourceBlock): Promise<void> {
    const needed = context.order.get(block.address)
    if (needed !== undefined && needed.size > 0) await Promise.all([...needed].map(visit))
  }

  function first(block: ResourceBlock): Promise<Looked | undefined> {
    let looked = firsts.get(block.address)
    if (looked === undefined) {
      looked = dependencies(block).then(() => lookAtRows(context, block))
      firsts.set(block.address, looked)
    }
    return looked
  }

  function foundTogether(type: string, all: readonly Looked[]): Promise<void> {
    let search = searches.get(type)
    if (search === undefined) {
      search = findByKey(context, all)
      searches.set(type, search)
    }
    return search
  }

  function allOfType(type: string): Promise<readonly Looked[]> {
    let all = together.get(type)
    if (all === undefined) {
      const blocks = (companions.get(type) ?? []).filter((block) => context.selection.block(block.address))
      all = Promise.all(blocks.map(first)).then((looked) => looked.filter((one) => one !== undefined))
      together.set(type, all)
    }
    return all
  }

  async function walkBlock(block: ResourceBlock): Promise<void> {
    if (!context.selection.block(block.address)) return
    if (block.mode === 'data') {
      await dependencies(block)
      return walkData(context, block)
    }
    const looked = await first(block)
    if (looked === undefined) return
    if (context.input.options.mode === 'refresh-only') return keepRows(looked)
    const all = await allOfType(block.type)
    await (all.includes(looked) ? foundTogether(block.type, all) : findByKey(context, [looked]))
    decideBlock(context, looked)
    await refuseLacking(context, looked)
  }

  function visit(address: Address): Promise<void> {
    let visited = visits.get(address)
    if (visited === undefined) {
      const block = configuration.resources.get(address)
      visited = block === undefined ? Promise.resolve() : walkBlock(block)
      visits.set(address, visited)
    }
    return visited
  }
  return { visit }
}

/**
 * By type, the blocks whose first half every block of the type waits for: those that depend on no other block of the type.
 * A type that depends on itself through other types has none, since waiting could then go round in a circle.
 */
function barriers(
  configuration: Configuration,
  order: BlockOrder,
): ReadonlyMap<string, readonly ResourceBlock[]> {
  const typeName = (block: ResourceBlock) => (block.mode === 'data' ? `data.${block.type}` : block.type)
  const reaches = new Map<string, Set<string>>()
  const direct = new Map<string, ResourceBlock[]>()
  for (const block of configuration.resources.values()) {
    const type = typeName(block)
    const needs = reaches.get(type) ?? new Set()
    reaches.set(type, needs)
    let onOwnType = false
    for (const address of order.get(block.address) ?? []) {
      const other = configuration.resources.get(address)
      if (other === undefined) continue
      if (typeName(other) === type) onOwnType = true
      else needs.add(typeName(other))
    }
    if (block.mode === 'data' || onOwnType) continue
    const same = direct.get(type)
    if (same === undefined) direct.set(type, [block])
    else same.push(block)
  }
  for (const type of direct.keys()) if (reachesItself(type, reaches)) direct.delete(type)
  return direct
}

function reachesItself(type: string, reaches: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set<string>()
  const left = [...(reaches.get(type) ?? [])]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next === type) return true
    if (seen.has(next)) continue
    seen.add(next)
    left.push(...(reaches.get(next) ?? []))
  }
  return false
}
