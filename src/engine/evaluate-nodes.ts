import type { Address } from '../core/address.js'
import { blockOf } from '../core/address.js'
import type { ResourceBlock } from '../core/configuration.js'
import { error } from '../core/diagnostic.js'
import { resourceType, schemaOf } from './connections.js'
import { desire } from './desired.js'
import { noteEachReads } from './each-reads.js'
import { expand } from './expand.js'
import { withRecordedKey } from './ignore-changes.js'
import type { Expansion, Node } from './node.js'
import { recordedValue } from './planned-value.js'
import type { WalkContext } from './walk-context.js'

/**
 * Makes the instances of a block and evaluates their bodies; notes what each of them read. Mistakes are reported and mark the
 * node as failed, so that nothing is planned from it. Returns undefined when the block has no instances to speak of.
 */
export function evaluateBlock(context: WalkContext, block: ResourceBlock): Expansion | undefined {
  const { input, evaluation } = context
  const schema = schemaOf(input.providers, block.mode, block.type)
  const shared = new Set<Address>()
  const keyReads = new Set<Address>()
  let expansion: Expansion
  try {
    expansion = expand(block, schema, evaluation.scope(keyReads))
  } catch (cause) {
    // What comes from a block that could not be expanded, or an instance that failed, is its echo.
    const echo =
      [...(context.order.get(block.address) ?? [])].some((address) => !context.expansions.has(address)) ||
      [...keyReads].some((address) => context.nodes.get(address)?.failed)
    if (!echo) context.report(cause, { address: block.address, block })
    return undefined
  }
  for (const address of noteEachReads(expansion, keyReads, evaluation)) shared.add(address)
  context.expansions.set(block.address, expansion)
  for (const { subject } of block.dependsOn) {
    for (const node of context.expansions.get(subject)?.nodes.values() ?? []) shared.add(node.address)
  }
  for (const node of expansion.nodes.values()) {
    context.nodes.set(node.address, node)
    evaluateNode(context, node, shared)
  }
  if (block.mode === 'managed') refuseDuplicateKeys(context, expansion)
  return expansion
}

function evaluateNode(context: WalkContext, node: Node, shared: ReadonlySet<Address>): void {
  const { input, selection } = context
  node.row = node.block.mode === 'managed' ? context.rows.at(node.address) : undefined
  node.excluded = !selection.instance(node.address) || input.blocked.has(node.address)
  evaluateBody(context, node, shared)
}

/** `shared`: what all instances of the block depend on. */
export function evaluateBody(context: WalkContext, node: Node, shared: ReadonlySet<Address>): void {
  const { input } = context
  const reads = new Set(shared)
  if (!node.excluded) {
    try {
      const type = node.block.mode === 'managed' ? resourceType(input.providers, node.block.type) : undefined
      const normalize = type?.normalize
      const desired = desire(
        node,
        context.evaluation.scope(reads, node),
        normalize === undefined ? undefined : (inputs) => normalize(inputs),
        input.fingerprints,
      )
      node.desired = withRecordedKey(node, desired)
    } catch (cause) {
      node.failed = true
      // What comes from a dependency that failed already is its echo.
      if (![...reads].some((address) => context.nodes.get(address)?.failed)) context.report(cause, node)
    }
  }
  reads.delete(node.address)
  node.reads = reads
  node.dependsOn = managedDependencies(context, reads)
  for (const address of reads) {
    const read = context.nodes.get(address)
    if (read?.failed) node.failed = true
    // What depends on something that --exclude names, or that is blocked, is left out with it.
    if (read?.excluded && input.options.excludes.length + input.blocked.size > 0) node.excluded = true
  }
  if (node.excluded && node.row !== undefined) {
    const { row, schema } = node
    node.value = () => recordedValue(schema, row)
  }
}

function managedDependencies(context: WalkContext, reads: ReadonlySet<Address>): readonly Address[] {
  if (reads.size === 0) return none
  const found = new Set<Address>()
  for (const address of reads) {
    const node = context.nodes.get(address)
    if (node?.block.mode === 'data') for (const behind of node.dependsOn) found.add(behind)
    else found.add(address)
  }
  return [...found].sort()
}

const none: readonly Address[] = []

/** Two addresses that claim one object: told before anything is sent. */
function refuseDuplicateKeys(context: WalkContext, expansion: Expansion): void {
  const { block } = expansion
  for (const node of expansion.nodes.values()) {
    const key = node.desired?.naturalKey
    if (key === undefined) continue
    const claim = `${block.provider} ${block.type} ${key}`
    const other = context.keys.get(claim)
    if (other === undefined) {
      context.keys.set(claim, node)
      continue
    }
    node.failed = true
    context.diagnostics.push(
      error('engine/duplicate-key', 'Two addresses declare the same object', {
        detail: `${other.address} and ${node.address} both declare the ${block.type} with ${key}.`,
        help: 'Declare it once; an object belongs to one address.',
        address: node.address,
        span: keySpan(node) ?? block.span,
      }),
    )
  }
}

function keySpan(node: Node) {
  for (const attribute of node.schema.attributes.values()) {
    if (attribute.key && node.block.body.declared.has(attribute.name))
      return node.block.body.attributeSpan(attribute.name)
  }
  return undefined
}

/** Whether an address belongs to an instance that the configuration declares, as far as its block is expanded. */
export function declaration(context: WalkContext, address: Address): 'declared' | 'gone' | 'not-expanded' {
  if (context.nodes.has(address)) return 'declared'
  const block = blockOf(address)
  if (!context.input.configuration.resources.has(block)) return 'gone'
  return context.expansions.has(block) ? 'gone' : 'not-expanded'
}
