import type { ResourceBlock } from '../core/configuration.js'
import { type Diagnostic, error, Failure } from '../core/diagnostic.js'
import type { Change } from '../core/plan.js'
import type { Connection, Outputs, ResourceType } from '../core/resource.js'
import type { Row } from '../core/state.js'
import { resourceType } from './connections.js'
import { decide } from './decide.js'
import { noteDrift } from './drift.js'
import { evaluateBlock } from './evaluate-nodes.js'
import { checkIdentities } from './identity.js'
import { withPresent } from './ignore-changes.js'
import { type Node, observed } from './node.js'
import type { Observer } from './observe.js'
import { actualValue, plannedValue } from './planned-value.js'
import { unrecord } from './record.js'
import { replaceStays } from './replace-stays.js'
import type { WalkContext } from './walk-context.js'

/** The instances of one block between the two halves of their walk. */
export interface Looked {
  readonly block: ResourceBlock
  readonly type: ResourceType
  readonly connection: Connection
  readonly observer: Observer
  readonly nodes: readonly Node[]
  /** Nodes whose row's object is gone. */
  readonly vanished: ReadonlySet<Node>
}

/** First half: evaluate, and look at the objects that rows record. */
export async function lookAtRows(context: WalkContext, block: ResourceBlock): Promise<Looked | undefined> {
  const expansion = evaluateBlock(context, block)
  if (expansion === undefined) return undefined
  const nodes = [...expansion.nodes.values()].filter((node) => !node.excluded && !node.failed)
  return lookAtNodes(context, block, nodes)
}

/** The same for some instances, which are evaluated. */
export async function lookAtNodes(
  context: WalkContext,
  block: ResourceBlock,
  nodes: readonly Node[],
): Promise<Looked | undefined> {
  if (nodes.length === 0) return undefined
  const type = resourceType(context.input.providers, block.type)
  if (type === undefined) throw new Error(`no provider has the type ${block.type}`)
  try {
    const connection = await context.connections.get(block.provider)
    const observer = await context.observer(block.type, block.provider)
    for (const node of nodes) node.endpoint = connection.endpoint
    bindRows(context, nodes, connection)
    const withRow = nodes.filter((node) => node.row !== undefined)
    const vanished = new Set<Node>()
    if (!context.input.options.refresh) {
      for (const node of withRow) observeRecord(node)
    } else {
      const found = await observer.byIds(withRow.map((node) => (node.row as Row).id))
      for (const node of withRow) {
        const row = node.row as Row
        const out = found.get(row.id)
        if (out !== undefined) observe(context, node, out)
        else {
          vanished.add(node)
          context.drift.push({
            kind: 'vanished',
            address: node.address,
            type: row.type,
            id: row.id,
            name: row.naturalKey,
            fields: [],
          })
        }
      }
      await checkIdentities(context, type, observer, withRow)
      for (const node of withRow)
        if (node.observed !== undefined)
          noteDrift(context.drift, node.schema, node.row as Row, node.observed.record)
    }
    return { block, type, connection, observer, nodes, vanished }
  } catch (cause) {
    for (const node of nodes) node.failed = true
    context.report(cause, { address: block.address, block })
    return undefined
  }
}

/** With `--refresh-only` nothing is decided: what is there is what references see. */
export function keepRows(looked: Looked): void {
  for (const node of looked.nodes) {
    const { observed } = node
    if (observed !== undefined) node.value = memo(() => actualValue(node, observed.out))
  }
}

/** Second half: decide. What has no row, or gives its object up, has been looked for by its natural key. */
export function decideBlock(context: WalkContext, looked: Looked): void {
  for (const node of looked.nodes) if (!node.failed) plan(context, looked, node)
}

function plan(context: WalkContext, looked: Looked, node: Node): void {
  const { fingerprints } = context.input
  const previousAddress = node.movesFrom
  if (node.desired !== undefined) node.desired = withPresent(node, node.desired)
  const { change, diagnostics } = decide({
    type: looked.type,
    node,
    found: previousAddress === undefined ? node.found : 'by-row',
    fingerprints,
    replaceRequested: isReplaceRequested(context, node),
    isReplacedFirst: (address) => {
      const other = context.nodes.get(address)?.change
      return other?.action === 'replace' && !other.createBeforeDestroy
    },
    vanished: looked.vanished.has(node),
    parentIsReplaced: node.goesWithParent,
    ...(previousAddress !== undefined && { previousAddress }),
  })
  node.change = change
  node.value = memo(() => plannedValue(node, change))
  // Where nothing will be applied, nothing is to be said against it: drift is told all the same.
  if (!context.input.options.guarded) return
  context.diagnostics.push(...diagnostics)
  const refused = refusedChange(context, node, change)
  if (refused === undefined) return
  node.failed = true
  context.diagnostics.push(refused)
}

function refusedChange(context: WalkContext, node: Node, change: Change): Diagnostic | undefined {
  const place = { address: node.address, span: node.block.span }
  if (change.action === 'adopt' && !context.input.options.adopt)
    return error('engine/exists', 'The object exists already', {
      detail: `${node.address} exists at the service (id ${change.importing?.id}), and --no-adopt forbids taking it over.`,
      help: `Run without --no-adopt, or import it by hand: rolecall import '${node.address}' ${change.importing?.id}`,
      ...place,
    })
  const { destroys } = change
  if (change.action !== 'replace' || (destroys !== 'disable' && destroys !== 'keep')) return undefined
  // An unknown key is looked for at apply, before the new object is made.
  const key = node.desired?.naturalKey
  if (key !== undefined && key === node.row?.naturalKey) return replaceStays(node, destroys, key)
  return undefined
}

export function isReplaceRequested(context: WalkContext, node: Node): boolean {
  return context.replace.has(node.address) || context.replace.has(node.block.address)
}

function memo<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

/** Rows are bound to an endpoint. With `rebind` the ids of another one are dropped. */
function bindRows(context: WalkContext, nodes: readonly Node[], connection: Connection): void {
  for (const node of nodes) {
    const row = node.row
    if (row === undefined || row.endpoint === connection.endpoint) continue
    if (context.input.options.rebind) {
      node.row = undefined
      context.rows.remove(row.address)
      continue
    }
    throw otherEndpoint(row, connection.endpoint)
  }
}

export function otherEndpoint(row: Row, endpoint: string): Failure {
  return new Failure(
    error('engine/other-endpoint', 'The state belongs to another endpoint', {
      detail: `${row.address} is recorded at ${row.endpoint}; the provider "${row.provider}" now points to ${endpoint}.`,
      help: 'If the service has moved, --rebind drops the recorded ids and finds the objects by their natural keys.',
      address: row.address,
    }),
  )
}

export function observe(context: WalkContext, node: Node, out: Outputs): void {
  node.observed = observed(node, out, context.input.fingerprints)
}

/** Without a refresh, what is recorded stands for what the service has. */
function observeRecord(node: Node): void {
  const row = node.row as Row
  node.observed = { out: { ...unrecord(row.attributes), id: row.id } as Outputs, record: row.attributes }
}
