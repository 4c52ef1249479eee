import type { ResourceBlock } from '../core/configuration.js'
import { fromPlain } from '../core/plain.js'
import type { Change } from '../core/plan.js'
import type { Inputs } from '../core/resource.js'
import { nullValue, objectValue, unknownValue, type Value } from '../core/value.js'
import { dataType } from './connections.js'
import { evaluateBlock } from './evaluate-nodes.js'
import type { Node } from './node.js'
import { mapPooled } from './pool.js'
import { shownValue } from './shown.js'
import type { WalkContext } from './walk-context.js'

/**
 * Reads the data sources of a block, where their inputs are known and nothing that they refer to is about to be written;
 * the others become a read at apply.
 */
export async function walkData(context: WalkContext, block: ResourceBlock): Promise<void> {
  const expansion = evaluateBlock(context, block)
  if (expansion === undefined) return
  const ready: Node[] = []
  for (const node of expansion.nodes.values()) {
    if (node.failed || node.excluded) continue
    if (mustWait(context, node)) deferRead(context, node)
    else ready.push(node)
  }
  if (ready.length === 0) return
  try {
    const connection = await context.connections.get(block.provider)
    await mapPooled(ready, context.input.options.parallelism, async (node) => {
      try {
        const out = await readData(context, node, connection.api(context.readCall))
        node.value = () => out
      } catch (cause) {
        node.failed = true
        context.report(cause, node)
      }
    })
  } catch (cause) {
    for (const node of ready) node.failed = true
    context.report(cause, { address: block.address, block })
  }
}

/** Reads one data source; `desired` must be known. */
export async function readData(
  context: Pick<WalkContext, 'input'>,
  node: Node,
  api: unknown,
): Promise<Value> {
  const type = dataType(context.input.providers, node.block.type)
  if (type === undefined || node.desired === undefined) throw new Error(`${node.address} cannot be read`)
  const out: Inputs = await type.read(api, node.desired.inputs)
  const declared = node.desired.value
  return objectValue(
    [...node.schema.attributes.values()].map((attribute) => {
      const own = declared.kind === 'object' ? declared.entries.get(attribute.name) : undefined
      if (own !== undefined && own.kind !== 'null') return [attribute.name, own] as const
      const plain = out[attribute.name]
      const value =
        plain === undefined || plain === null ? nullValue(attribute.type) : fromPlain(plain, attribute.type)
      return [attribute.name, value] as const
    }),
  )
}

function mustWait(context: WalkContext, node: Node): boolean {
  if ((node.desired?.pending.size ?? 0) > 0) return true
  for (const address of node.reads) if (isWritten(context.nodes.get(address))) return true
  // A removed instance of a block that it refers to, also through locals, is a planned write too.
  for (const block of context.order.get(node.block.address) ?? []) {
    for (const address of context.rows.ofBlock(block).keys()) if (!context.nodes.has(address)) return true
  }
  return false
}

function isWritten(node: Node | undefined): boolean {
  const change = node?.change
  if (change === undefined) return false
  if (change.action === 'adopt') return change.fields.length > 0
  return change.action !== 'keep' && change.action !== 'move'
}

function deferRead(context: WalkContext, node: Node): void {
  const desired = node.desired
  const waits = new Set([node.address])
  node.value = () =>
    objectValue(
      [...node.schema.attributes.values()].map((attribute) => {
        const own = desired?.value.kind === 'object' ? desired.value.entries.get(attribute.name) : undefined
        return [
          attribute.name,
          own !== undefined && own.kind !== 'null' ? own : unknownValue(attribute.type, waits),
        ] as const
      }),
    )
  const after = new Map()
  for (const attribute of node.schema.attributes.values()) {
    const value = desired?.value.kind === 'object' ? desired.value.entries.get(attribute.name) : undefined
    const shown = value === undefined || value.kind === 'null' ? unknownValue(attribute.type, waits) : value
    after.set(attribute.name, shownValue(shown, context.input.fingerprints))
  }
  const change: Change = {
    action: 'read',
    address: node.address,
    mode: 'data',
    type: node.block.type,
    provider: node.block.provider,
    after,
    fields: [],
    reason: (desired?.pending.size ?? 0) > 0 ? 'inputs-known-at-apply' : 'depends-on-change',
    createBeforeDestroy: false,
    consequences: [],
    dependsOn: node.dependsOn,
  }
  node.change = change
}
