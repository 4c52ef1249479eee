import { type Address, blockOf } from '../core/address.js'
import { type Diagnostic, error } from '../core/diagnostic.js'
import type { Row } from '../core/state.js'
import { resourceType } from './connections.js'
import type { Node } from './node.js'
import type { WalkContext } from './walk-context.js'

/** Instances that want each other's objects, all round: nothing can be done about it but to rename the addresses. */
export function swappedKeys(context: WalkContext, cycle: readonly [Node, ...Node[]]): Diagnostic {
  const [first] = cycle
  const rings = ringsOf(
    context,
    cycle.map(({ address }) => address),
  )
  const named = cycle.map((node) => `${node.address} declares ${node.desired?.naturalKey}`).join(', ')
  const along = rings.length === 1 ? '' : ' What lives in the objects is renamed along with them.'
  return error('engine/swapped-keys', 'Addresses have swapped their objects', {
    detail: `Each of these addresses declares the object of the next one: ${named}.`,
    help: `If they are only to be renamed, say so: ${rings.flatMap(renames).join(' && ')}.${along} Otherwise undo the swap.`,
    address: first.address,
    span: first.block.span,
  })
}

/** The addresses themselves, and those with the same instance keys whose objects live in theirs: they have to go along. */
function ringsOf(context: WalkContext, ring: readonly Address[]): readonly (readonly Address[])[] {
  const rings = [ring]
  for (const parents of rings) {
    const blocks = new Set<Address>()
    for (const row of context.rows.values())
      if (livesIn(context, row, parents[0] ?? '')) blocks.add(blockOf(row.address))
    for (const block of blocks) {
      if (rings.some(([known]) => known?.startsWith(`${block}[`))) continue
      const children = parents.map((parent) => `${block}${parent.slice(blockOf(parent).length)}`)
      const all = children.every((child, i) => {
        const row = context.rows.at(child)
        return row !== undefined && livesIn(context, row, parents[i] ?? '')
      })
      if (all) rings.push(children)
    }
  }
  return rings
}

/** Whether its natural key refers to the object at the address. */
function livesIn(context: WalkContext, row: Row, parent: Address): boolean {
  if (!row.dependsOn.includes(parent)) return false
  const type = context.rows.at(parent)?.type
  const schema = resourceType(context.input.providers, row.type)?.schema
  return [...(schema?.attributes.values() ?? [])].some((a) => a.key && a.ref?.type === type)
}

function renames(ring: readonly Address[]): readonly string[] {
  const [first = ''] = ring
  const spare = `${blockOf(first)}_swap`
  const moves = ring.map((address, i) => [ring[i + 1] ?? spare, address])
  return [[first, spare], ...moves].map(([from, to]) => `rolecall state mv '${from}' '${to}'`)
}
