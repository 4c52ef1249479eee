import { type Address, blockOf } from '../core/address.js'
import { error, Failure } from '../core/diagnostic.js'
import type { Change, Verb } from '../core/plan.js'
import type { Deletion } from './deletions.js'
import { endingRow } from './ending-row.js'
import type { Node } from './node.js'
import { orderByNames } from './unique-names.js'
import type { Walk } from './walk.js'
import type { WalkContext } from './walk-context.js'

/** One half of a change that sends requests or appends to the journal on its own. */
export interface Operation {
  /** Distinct for the two halves of a replacement and for deposed objects. */
  readonly name: string
  readonly address: Address
  readonly verb: Verb
  readonly change: Change
  /** The declared instance; absent for the end of a row. */
  readonly node?: Node
  /** What the deleting half deletes. */
  readonly deletion?: Deletion
  /** Of a replacement whose new key waits for apply: it is known before the old object goes, and looked for. */
  looksFirst?: boolean
  /** Names of the operations that must have succeeded before. */
  readonly after: Set<string>
}

/**
 * The operations of a walk and the order between them: an instance is written after what it reads; a delete waits for the
 * writes of every row that recorded it as a dependency, so that nothing is taken away that is still in use.
 */
export function operations(walk: Pick<Walk, 'context' | 'deletions'>): ReadonlyMap<string, Operation> {
  const all = new Map<string, Operation>()
  const writes = new Map<Address, Operation>()
  const ends = new Map<Address, Operation[]>()

  const add = (operation: Operation) => {
    all.set(operation.name, operation)
    return operation
  }
  const addEnd = (operation: Operation) => {
    add(operation)
    const same = ends.get(operation.address)
    if (same === undefined) ends.set(operation.address, [operation])
    else same.push(operation)
    return operation
  }

  for (const node of walk.context.nodes.values()) {
    const change = node.change
    if (change === undefined || change.action === 'keep') continue
    const verb = writingVerb(change)
    if (verb === undefined) continue
    const write = add({
      name: `write ${node.address}`,
      address: node.address,
      verb,
      change,
      node,
      after: new Set(),
    })
    writes.set(node.address, write)
    // Where it is decided at apply, the delete that comes last is an operation of its own, which may find nothing to do.
    const mayEnd = change.mayReplace === true && change.createBeforeDestroy
    if (change.action !== 'replace' && !mayEnd) continue
    const row = endingRow(node)
    const end = addEnd({
      name: `delete ${node.address}`,
      address: node.address,
      verb: 'delete',
      change,
      node,
      deletion: { row, observed: node.observed, change },
      after: new Set(),
    })
    if (change.createBeforeDestroy) end.after.add(write.name)
    else write.after.add(end.name)
  }
  for (const deletion of walk.deletions) {
    const { row, change } = deletion
    const suffix = row.deposedKey === undefined ? '' : ` deposed ${row.deposedKey}`
    // The record makes room first, when the address gets its other object.
    const displaced = change.reason === 'displaced' ? [`write ${row.address}`] : []
    addEnd({
      name: `delete ${row.address}${suffix}`,
      address: row.address,
      verb: change.action === 'forget' ? 'forget' : 'delete',
      change,
      deletion,
      after: new Set(displaced),
    })
  }

  for (const write of writes.values()) {
    for (const address of write.node?.reads ?? []) {
      const on = writes.get(address)
      if (on !== undefined) write.after.add(on.name)
    }
  }
  for (const { first, second } of walk.context.after) {
    const before = writes.get(first)
    const then = writes.get(second)
    if (before !== undefined && then !== undefined) then.after.add(before.name)
  }
  const awaited = new Set([
    ...orderByNames(walk.context.input.providers, writes, ends),
    ...orderReads(walk.context, writes, ends),
  ])
  orderEnds(walk, all, writes, ends, awaited)
  knowKeysFirst(all, writes, ends)
  refuseCycles(all)
  return all
}

function writingVerb(change: Change): Verb | undefined {
  switch (change.action) {
    case 'create':
    case 'replace':
      return 'create'
    case 'adopt':
      return 'adopt'
    case 'update':
      return 'update'
    case 'move':
      return 'move'
    case 'read':
      return 'read'
    default:
      return undefined
  }
}

/** A data source that is read at apply sees what was removed of the blocks that it refers to. Returns the ends it waits for. */
function orderReads(
  context: WalkContext,
  writes: ReadonlyMap<Address, Operation>,
  ends: ReadonlyMap<Address, readonly Operation[]>,
): ReadonlySet<Operation> {
  const awaited = new Set<Operation>()
  if (ends.size === 0) return awaited
  for (const { verb, node, after } of writes.values()) {
    if (verb !== 'read' || node === undefined) continue
    const blocks = context.order.get(node.block.address)
    for (const [address, operations] of ends) {
      if (!blocks?.has(blockOf(address))) continue
      for (const end of operations) {
        if (end.node !== undefined) continue
        after.add(end.name)
        awaited.add(end)
      }
    }
  }
  return awaited
}

function orderEnds(
  walk: Pick<Walk, 'context'>,
  all: ReadonlyMap<string, Operation>,
  writes: ReadonlyMap<Address, Operation>,
  ends: ReadonlyMap<Address, readonly Operation[]>,
  awaited: ReadonlySet<Operation>,
): void {
  // By a row's address, whoever recorded or declares it as a dependency.
  const dependents = new Map<Address, Set<Address>>()
  const note = (on: Address, by: Address) => {
    const set = dependents.get(on)
    if (set === undefined) dependents.set(on, new Set([by]))
    else set.add(by)
  }
  if (ends.size === 0) return
  for (const row of walk.context.input.state.rows.values())
    for (const on of row.dependsOn) note(on, row.address)
  for (const node of walk.context.nodes.values()) for (const on of node.dependsOn) note(on, node.address)
  for (const [address, operations] of ends) {
    for (const end of operations) {
      // What goes with another object is dropped from the records once that one is gone.
      const parent = end.deletion?.goesWith?.address
      for (const other of ends.get(parent ?? '') ?? []) end.after.add(other.name)
      const replacesFirst = end.change.action === 'replace' && !end.change.createBeforeDestroy
      for (const by of dependents.get(address) ?? []) {
        if (by === address) continue
        for (const other of ends.get(by) ?? []) {
          // The old object of a create-before-destroy goes last, after its new one; its dependencies wait for that anyway.
          if (other.deletion?.goesWith?.address !== address) end.after.add(other.name)
        }
        // The new dependency is not there yet when the old one is replaced first: its dependents are written afterwards.
        const write = writes.get(by)
        if (write === undefined || replacesFirst || write.change.action === 'read') continue
        // It is written after something that waits for this end.
        if (awaited.has(end) && waitsFor(all, write, end)) continue
        end.after.add(write.name)
      }
    }
  }
  for (const first of [...ends.values()].flat()) {
    // Unless the configuration wants the parent to go first.
    for (const parent of ends.get(first.deletion?.goesBefore?.address ?? '') ?? [])
      if (!waitsFor(all, first, parent)) parent.after.add(first.name)
  }
}

/** Where that can be, the old object goes when it is known which one takes its place: that one may be there already. */
function knowKeysFirst(
  all: ReadonlyMap<string, Operation>,
  writes: ReadonlyMap<Address, Operation>,
  ends: ReadonlyMap<Address, readonly Operation[]>,
): void {
  for (const end of [...ends.values()].flat()) {
    const { node, change } = end
    if (node === undefined || change.action !== 'replace' || change.createBeforeDestroy) continue
    if (node.parentIsNew || node.desired?.naturalKey !== undefined) continue
    const reads = [...node.reads].flatMap((address) => writes.get(address) ?? [])
    if (reads.some((on) => on.name === end.name || waitsFor(all, on, end))) continue
    for (const on of reads) end.after.add(on.name)
    end.looksFirst = true
  }
}

function waitsFor(all: ReadonlyMap<string, Operation>, operation: Operation, on: Operation): boolean {
  const seen = new Set<string>()
  const left = [...operation.after]
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (name === on.name) return true
    if (seen.has(name)) continue
    seen.add(name)
    left.push(...(all.get(name)?.after ?? []))
  }
  return false
}

/** Orders that contradict each other are a mistake of the configuration (a swap of keys, say), told before anything is sent. */
function refuseCycles(all: ReadonlyMap<string, Operation>): void {
  const waiting = new Map<string, number>()
  const followers = new Map<string, string[]>()
  for (const operation of all.values()) {
    for (const name of operation.after) {
      if (!all.has(name)) {
        operation.after.delete(name)
        continue
      }
      const list = followers.get(name)
      if (list === undefined) followers.set(name, [operation.name])
      else list.push(operation.name)
    }
    waiting.set(operation.name, operation.after.size)
  }
  const ready = [...waiting].filter(([, count]) => count === 0).map(([name]) => name)
  let done = 0
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    done++
    for (const follower of followers.get(name) ?? []) {
      const left = (waiting.get(follower) ?? 0) - 1
      waiting.set(follower, left)
      if (left === 0) ready.push(follower)
    }
  }
  if (done === all.size) return
  const stuck = [...waiting].filter(([, count]) => count > 0).map(([name]) => all.get(name)?.address ?? name)
  throw new Failure(
    error('engine/order-cycle', 'These changes cannot be put in an order', {
      detail: `Each of them would have to wait for another one: ${[...new Set(stuck)].slice(0, 10).join(', ')}.`,
      help: 'Two addresses that swap their objects are renamed with "rolecall state mv"; otherwise apply a part of the change first, with --target.',
    }),
  )
}
