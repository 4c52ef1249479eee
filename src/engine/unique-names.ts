import type { Address } from '../core/address.js'
import { error } from '../core/diagnostic.js'
import type { Row } from '../core/state.js'
import { type Providers, resourceType } from './connections.js'
import { covering } from './hidden-texts.js'
import type { Node } from './node.js'
import type { Operation } from './operations.js'
import { unrecord } from './record.js'
import type { WalkContext } from './walk-context.js'

/**
 * Orders by names of which a service gives each only once, natural keys among them: what takes one comes after what gives it
 * up, be that the end of an object or a change of its key. Returns the ends that others wait for.
 */
export function orderByNames(
  providers: Providers,
  writes: ReadonlyMap<Address, Operation>,
  ends: ReadonlyMap<Address, readonly Operation[]>,
): ReadonlySet<Operation> {
  const givers = new Map<string, Operation>()
  for (const operations of ends.values()) {
    for (const end of operations) {
      if (end.deletion === undefined || end.verb !== 'delete') continue
      for (const name of namesOfRow(providers, end.deletion.row)) givers.set(name, end)
    }
  }
  for (const write of writes.values()) {
    const { node, verb } = write
    if (node?.row === undefined || verb !== 'update') continue
    const kept = new Set(namesOfNode(providers, node))
    if (kept.size === 0) continue
    for (const name of namesOfRow(providers, node.row)) if (!kept.has(name)) givers.set(name, write)
  }
  const awaited = new Set<Operation>()
  if (givers.size === 0) return awaited
  for (const write of writes.values()) {
    if (write.node === undefined || write.verb === 'read' || write.verb === 'move') continue
    for (const name of namesOfNode(providers, write.node)) {
      const giver = givers.get(name)
      // The order between the two halves of a replacement is settled already.
      if (giver === undefined || giver.address === write.address) continue
      write.after.add(giver.name)
      awaited.add(giver)
    }
  }
  return awaited
}

/**
 * Refuses two objects of different types under a name that the service gives only once. Objects of one type have it as their
 * natural key, which is looked at elsewhere.
 */
export function refuseNamedTwice(context: WalkContext): void {
  const owners = new Map<string, Node>()
  for (const node of context.nodes.values()) {
    const { address, block, failed, excluded, desired } = node
    if (failed || excluded || block.mode === 'data' || desired?.naturalKey === undefined) continue
    const type = resourceType(context.input.providers, block.type)
    for (const name of type?.uniqueNames?.(desired.inputs) ?? []) {
      // Another connection may be that of another caller, who has names of their own.
      const key = `${block.provider} ${name}`
      const other = owners.get(key)
      owners.set(key, node)
      if (other === undefined || other.block.type === block.type) continue
      node.failed = true
      const [shown] = covering([{ text: name }], node)
      context.diagnostics.push(
        error('engine/duplicate-name', 'Two addresses declare the same name', {
          detail: `${other.address} and ${address} both declare ${shown?.text}, and the service gives a name only once, whatever the type.`,
          help: 'Give one of them another name.',
          address,
          span: block.span,
        }),
      )
    }
  }
}

/** None while the key is pending: then nothing is known to be taken. */
function namesOfNode(providers: Providers, node: Node): readonly string[] {
  const { desired, block, endpoint } = node
  if (desired?.naturalKey === undefined) return []
  const names = resourceType(providers, block.type)?.uniqueNames?.(desired.inputs) ?? []
  return qualified(endpoint ?? '', block.type, desired.naturalKey, names)
}

function namesOfRow(providers: Providers, row: Row): readonly string[] {
  const type = resourceType(providers, row.type)
  const names = type?.uniqueNames?.(unrecord({ ...row.attributes, ...row.inputs })) ?? []
  return qualified(row.endpoint, row.type, row.naturalKey, names)
}

function qualified(endpoint: string, type: string, key: string, names: readonly string[]): readonly string[] {
  return [`${endpoint} ${type} ${key}`, ...names.map((name) => `${endpoint} ${name}`)]
}
