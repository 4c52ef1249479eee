import { blockOf } from '../core/address.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { Inputs, Outputs } from '../core/resource.js'
import { type Claim, claimOf, declaredTwice, type Rekeyed } from './claim.js'
import { differences, isFixed, untoldOf } from './diff.js'
import { endingRow } from './ending-row.js'
import { keepsKey, withPresent } from './ignore-changes.js'
import type { Node } from './node.js'
import { goesWithParent, hasNewParent, movesWithParent, refersToAnother } from './parent.js'
import { isReplaceRequested, type Looked, observe } from './resource-walk.js'
import { swappedKeys } from './swapped-keys.js'
import type { WalkContext } from './walk-context.js'

/**
 * Looks up by natural key what has no object yet: instances without a row, those whose object is gone, and those that are to
 * be replaced by an object with another key, because an object with that key may be there. What is found is taken over as the
 * plan will show it: adopted, or moved from the address that has it; the object that the instance had before then goes,
 * unless it moves on itself. All blocks of a type are given at once where that can be, so that objects can be passed on.
 */
export async function findByKey(context: WalkContext, all: readonly Looked[]): Promise<void> {
  const rekeyed = new Map<Node, Rekeyed>()
  const found = (await Promise.all(all.map((looked) => lookUp(context, looked, rekeyed)))).flat()
  const claims = new Map<Node, Taking>()
  for (const { node, out, endpoint } of found) {
    const claim = claimOf(context, node, out, endpoint, rekeyed)
    if (claim.kind === 'refused') refuse(context, node, claim.diagnostic)
    else if (claim.kind !== 'freed-in-this-plan') claims.set(node, claim)
  }
  for (const cycle of cyclesIn(claims)) {
    for (const node of cycle) claims.delete(node)
    refuse(context, cycle[0], swappedKeys(context, cycle))
  }
  const outs = new Map(found.map(({ node, out }) => [node, out] as const))
  const passed = new Set<Node>()
  for (const claim of claims.values())
    if (claim.kind === 'pass' && rekeyed.has(claim.owner)) passed.add(claim.owner)
  for (const node of rekeyed.keys()) {
    if (!claims.has(node) && !passed.has(node)) continue
    context.rows.remove(node.address)
    if (passed.has(node) || node.failed) continue
    displace(context, node)
  }
  for (const owner of passed) leave(owner)
  for (const [node, claim] of claims) {
    if (node.failed) continue
    if (rekeyed.has(node)) node.row = undefined
    take(context, node, claim)
    observe(context, node, outs.get(node) as Outputs)
    node.found = 'by-key'
  }
}

/** The claims by which an object is taken over. */
type Taking = Exclude<Claim, { kind: 'refused' | 'freed-in-this-plan' }>

interface FoundObject {
  readonly node: Node
  readonly out: Outputs
  readonly endpoint: string
}

async function lookUp(
  context: WalkContext,
  looked: Looked,
  rekeyed: Map<Node, Rekeyed>,
): Promise<readonly FoundObject[]> {
  const wanted = new Map<string, Inputs>()
  const asking: Node[] = []
  for (const node of looked.nodes) {
    if (node.failed) continue
    const nodeAt = (address: string) => context.nodes.get(address)
    if (node.observed !== undefined && goesWithParent(node, nodeAt)) {
      node.goesWithParent = true
      // What its own end does and that of the other object does not, is done: it is deleted first.
      if (looked.type.outlivesParent !== true) node.observed = undefined
    }
    node.parentIsNew = hasNewParent(node, nodeAt)
    node.movesAlong = movesWithParent(node, nodeAt)
    node.found = node.observed === undefined ? 'not-found' : 'by-row'
    const meant = rekeyedBy(context, looked, node)
    if (meant !== undefined) rekeyed.set(node, meant)
    const key = node.desired?.naturalKey
    if (node.desired === undefined || key === undefined || declaredElsewhere(context, looked, node, key))
      continue
    if (node.parentIsNew || (node.observed !== undefined && !rekeyed.has(node))) continue
    wanted.set(key, node.desired.inputs)
    asking.push(node)
  }
  if (asking.length === 0) return []
  try {
    const found = await looked.observer.byKeys(wanted)
    return asking.flatMap((node) => {
      const out = found.get(node.desired?.naturalKey ?? '')
      const own = node.observed !== undefined && out?.id === node.observed.out.id
      if (out === undefined || own) return []
      const { endpoint } = looked.connection
      const row = context.rows.withId(node.block.type, endpoint, out.id)
      const shifted = row !== undefined && blockOf(row.address) === node.block.address
      return rekeyed.get(node) === 'may-shift' && !shifted ? [] : { node, out, endpoint }
    })
  } catch (cause) {
    for (const node of looked.nodes) node.failed = true
    context.report(cause, { address: looked.block.address, block: looked.block })
    return []
  }
}

/** Blocks of two provider blocks that lead to one service may declare one object too. */
function declaredElsewhere(context: WalkContext, { connection }: Looked, node: Node, key: string): boolean {
  if (connection.ofCaller === true) return false
  const name = `${node.block.type}\n${node.endpoint}\nkey ${key}`
  const other = context.claimed.get(name) ?? node
  context.claimed.set(name, other)
  if (other === node || other.block.provider === node.block.provider) return false
  refuse(context, node, declaredTwice(node, other, key))
  return true
}

/** Whether the instance may be meant to be another object, with another natural key. */
function rekeyedBy(context: WalkContext, { type }: Looked, node: Node): Rekeyed | undefined {
  const { row, observed, desired, schema } = node
  if (row === undefined || observed === undefined || desired === undefined || keepsKey(node)) return undefined
  if (desired.naturalKey === row.naturalKey) return undefined
  if (refersToAnother(node)) return 'another'
  if (desired.naturalKey === undefined || node.parentIsNew) return undefined
  if (isReplaceRequested(context, node)) return 'another'
  const { fingerprints } = context.input
  const wanted = withPresent(node, desired)
  const untold = untoldOf(type, observed.out)
  const known = differences({ schema, desired: wanted, current: observed.record, row, fingerprints, untold })
  const changed = known.filter((d) => !d.pending && !node.movesAlong.has(d.attribute.name))
  if (changed.some((d) => isFixed(type, d.attribute))) return 'another'
  return node.key !== undefined && changed.some((d) => d.attribute.key) ? 'may-shift' : undefined
}

/** Its object goes: under the key of a deposed row, since the address will have another one. */
function displace(context: WalkContext, node: Node): void {
  const row = endingRow(node)
  const displaced = { ...row, deposedKey: `old-${row.id}` }
  node.displaces = displaced
  context.displaced.push(displaced)
}

/** Its object moves on. What it has found for itself comes next; otherwise it is a new one. */
function leave(node: Node): void {
  node.row = undefined
  node.observed = undefined
  node.found = 'not-found'
}

function take(context: WalkContext, node: Node, claim: Taking): void {
  switch (claim.kind) {
    case 'free':
      return
    case 'restore': {
      const { deposedKey, ...row } = claim.row
      node.movesFrom = node.address
      node.row = row
      node.restores = deposedKey
      context.rows.restore(claim.row)
      return
    }
    case 'move':
      node.movesFrom = claim.row.address
      node.row = claim.row
      context.rows.remove(claim.row.address)
      return
    case 'pass': {
      const { deposedKey: _, ...row } = claim.row
      node.movesFrom = claim.owner.address
      node.row = row
      // The record leaves before another one comes.
      context.after.push({ first: node.address, second: claim.owner.address })
      undisplace(context, claim.owner)
      return
    }
  }
}

/** Somebody wants the object after all. */
function undisplace(context: WalkContext, owner: Node): void {
  const index = owner.displaces === undefined ? -1 : context.displaced.indexOf(owner.displaces)
  if (index >= 0) context.displaced.splice(index, 1)
  owner.displaces = undefined
}

/** Instances that want each other's objects, all round. */
function cyclesIn(claims: ReadonlyMap<Node, Taking>): readonly (readonly [Node, ...Node[]])[] {
  const next = (node: Node) => {
    const claim = claims.get(node)
    return claim?.kind === 'pass' ? claim.owner : undefined
  }
  const done = new Set<Node>()
  const cycles: [Node, ...Node[]][] = []
  for (const start of claims.keys()) {
    const path: Node[] = []
    let node: Node | undefined = start
    for (; node !== undefined && !done.has(node); node = next(node)) {
      done.add(node)
      path.push(node)
    }
    const from = node === undefined ? -1 : path.indexOf(node)
    const [first, ...rest] = from < 0 ? [] : path.slice(from)
    if (first !== undefined) cycles.push([first, ...rest])
  }
  return cycles
}

function refuse(context: WalkContext, node: Node, diagnostic: Diagnostic): void {
  node.failed = true
  context.diagnostics.push(diagnostic)
}
