import type { Address } from '../core/address.js'
import { error } from '../core/diagnostic.js'
import type { Change } from '../core/plan.js'
import type { WalkContext } from './walk-context.js'

/**
 * Create-before-destroy spreads to the dependencies of the block that asks for it, as far as they are replaced too: otherwise
 * their old objects would have to go before the new dependent is made. A replaced object whose natural key stays cannot be
 * made a second time; that is an error that names the block which asked.
 */
export function spreadCreateBeforeDestroy(
  context: WalkContext,
  changes: readonly Change[],
): readonly Change[] {
  const replaced = new Map<Address, Change>()
  for (const change of changes) if (change.action === 'replace') replaced.set(change.address, change)
  if (replaced.size === 0) return changes
  const causes = new Map<Address, Address>()
  const left = [...replaced.values()]
    .filter((change) => change.createBeforeDestroy)
    .map((change) => change.address)
  for (const address of left) causes.set(address, address)
  for (let address = left.pop(); address !== undefined; address = left.pop()) {
    for (const on of replaced.get(address)?.dependsOn ?? []) {
      if (!replaced.has(on) || causes.has(on)) continue
      causes.set(on, causes.get(address) ?? address)
      left.push(on)
    }
  }
  for (const [address, cause] of causes) refuseSameKey(context, address, cause)
  return changes.map((change) => {
    if (change.action !== 'replace' || !causes.has(change.address) || change.createBeforeDestroy)
      return change
    const spread = { ...change, createBeforeDestroy: true }
    const node = context.nodes.get(change.address)
    if (node !== undefined) node.change = spread
    return spread
  })
}

function refuseSameKey(context: WalkContext, address: Address, cause: Address): void {
  const node = context.nodes.get(address)
  // A pending key is checked at apply, before the create.
  if (node?.desired?.naturalKey === undefined || node.desired.naturalKey !== node.row?.naturalKey) return
  const asked = address === cause ? '' : ` (asked for by ${cause}, which depends on it)`
  context.diagnostics.push(
    error('engine/same-key', 'The new object cannot be made before the old one is gone', {
      detail: `${address} is to be replaced with create_before_destroy${asked}, but its natural key, ${node.desired.naturalKey}, stays the same, and the service allows one object with it.`,
      help: 'Take create_before_destroy out, or give the new object another key.',
      address,
      span: node.block.span,
    }),
  )
}
