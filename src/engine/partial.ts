import type { Address } from '../core/address.js'
import { type Diagnostic, error, warning } from '../core/diagnostic.js'
import type { Row } from '../core/state.js'
import { evaluateBody } from './evaluate-nodes.js'
import { findByKey } from './find-by-key.js'
import { refuseLacking } from './lacking.js'
import type { Node } from './node.js'
import { decideBlock, lookAtNodes } from './resource-walk.js'
import type { WalkContext } from './walk-context.js'

/** Rows that are to go, of which some stay because a row that is left out of the run was recorded to depend on them. */
export interface Going {
  readonly rows: readonly Row[]
  /** By address of what stays, the address that depends on it. */
  readonly inUse: ReadonlyMap<Address, Address>
}

/** What is left out keeps what it depends on. */
export function keepWhatIsInUse(context: WalkContext, rows: readonly Row[]): Going {
  const { selection, input } = context
  const inUse = new Map<Address, Address>()
  if (!selection.partial && input.blocked.size === 0) return { rows, inUse }
  const going = new Set(rows.map((row) => row.address))
  const left = [...context.rows.values()].filter((row) => {
    const node = context.nodes.get(row.address)
    return !going.has(row.address) && (node === undefined || node.excluded)
  })
  for (let row = left.pop(); row !== undefined; row = left.pop()) {
    for (const on of row.dependsOn) {
      if (!going.delete(on)) continue
      inUse.set(on, row.address)
      const kept = context.rows.at(on)
      if (kept !== undefined) left.push(kept)
    }
  }
  return { rows: rows.filter((row) => !inUse.has(row.address)), inUse }
}

/** A target that cannot be deleted because of something that was not named. */
export function stillInUse(address: Address, by: Address): Diagnostic {
  return error('engine/still-in-use', 'Something that is left out depends on a target', {
    detail: `${address} is to be deleted, and ${by} was applied with a reference to it and is left out of this run.`,
    help: `Take it along: --target='${by}'.`,
    address,
  })
}

/** What is left out keeps its reference to an object that another one replaces: that is for its own turn, and is said. */
export function leftWithOld(context: WalkContext): readonly Diagnostic[] {
  const { selection, nodes, rows, input } = context
  if (!selection.partial && input.blocked.size === 0) return []
  const replaced = new Set<Address>()
  for (const node of nodes.values())
    if (node.change?.action === 'replace' || node.displaces !== undefined) replaced.add(node.address)
  if (replaced.size === 0) return []
  const left: string[] = []
  for (const row of rows.values()) {
    const node = nodes.get(row.address)
    const on = row.dependsOn.find((address) => replaced.has(address))
    if (on !== undefined && (node === undefined || node.excluded))
      left.push(`${row.address} was applied with a reference to ${on}`)
  }
  if (left.length === 0) return []
  const more = left.length > mostNamed ? `; and ${left.length - mostNamed} more` : ''
  return [
    warning('engine/left-with-old', 'Something that is left out refers to an object that is replaced', {
      detail: `${left.slice(0, mostNamed).join('; ')}${more}. What is left out goes on referring to the old object.`,
      help: 'Take it along, or run without --target and --exclude afterwards.',
    }),
  ]
}

const mostNamed = 10

/** With `--target`, the old address of a move brings the new one along, wherever that is declared. */
export async function includeMoves(context: WalkContext, rows: readonly Row[]): Promise<void> {
  if (context.input.options.targets.length === 0 || rows.length === 0) return
  const keys = new Set(rows.map((row) => `${row.type} ${row.naturalKey}`))
  const found = [...context.nodes.values()].filter((node) => mayTake(context, node, keys))
  for (const node of found) {
    const looked = await lookAtNodes(context, node.block, [node])
    if (looked === undefined) continue
    await findByKey(context, [looked])
    decideBlock(context, looked)
    await refuseLacking(context, looked)
  }
}

function mayTake(context: WalkContext, node: Node, keys: ReadonlySet<string>): boolean {
  if (!node.excluded || node.failed || node.row !== undefined || node.block.mode === 'data') return false
  if (context.selection.excludes(node.address) || context.input.blocked.has(node.address)) return false
  node.excluded = false
  evaluateBody(context, node, node.reads)
  if (!node.failed && keys.has(`${node.block.type} ${node.desired?.naturalKey}`)) return true
  node.excluded = true
  node.failed = false
  node.desired = undefined
  return false
}
