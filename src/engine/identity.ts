import { type Diagnostic, error } from '../core/diagnostic.js'
import type { Inputs, Outputs, ResourceType } from '../core/resource.js'
import type { Attribute } from '../core/schema.js'
import type { Row } from '../core/state.js'
import { keyOfOutputs, naturalKey } from './natural-key.js'
import type { Node } from './node.js'
import type { Observer } from './observe.js'
import { unrecord } from './record.js'
import type { WalkContext } from './walk-context.js'

/** An id must still name the object that it named: its natural key is compared with the recorded one. */
export async function checkIdentities(
  context: WalkContext,
  type: ResourceType,
  observer: Observer,
  nodes: readonly Node[],
): Promise<void> {
  const others = new Map<string, Inputs>()
  const suspects: Node[] = []
  for (const node of nodes) {
    const row = node.row as Row
    if (node.observed === undefined) continue
    const present = keyOfOutputs(type, node.observed.out)
    if (present === row.naturalKey) continue
    // Somebody changed it, and the configuration has followed: it declares this very object.
    if (present !== '' && present === node.desired?.naturalKey) continue
    suspects.push(node)
    others.set(row.naturalKey, unrecord({ ...row.attributes, ...row.inputs }))
  }
  if (suspects.length === 0) return
  const found = await observer.byKeys(others)
  for (const node of suspects) {
    const row = node.row as Row
    const other = found.get(row.naturalKey)
    const present = keyOfOutputs(type, (node.observed as NonNullable<Node['observed']>).out)
    const fixed = keyAttributesThatDiffer(node, row).some((a) => a.immutable)
    if (!fixed && (other === undefined || other.id === row.id)) continue
    node.failed = true
    context.diagnostics.push(identityConflict(node, row, present, other?.id === row.id ? undefined : other))
  }
}

function keyAttributesThatDiffer(node: Node, row: Row): readonly Attribute[] {
  const record = node.observed?.record ?? {}
  const recorded = { ...row.attributes, ...row.inputs }
  return [...node.schema.attributes.values()].filter((attribute) => {
    if (!attribute.key) return false
    const alone = { ...node.schema, attributes: new Map([[attribute.name, attribute]]) }
    return naturalKey(alone, record) !== naturalKey(alone, recorded)
  })
}

function identityConflict(node: Node, row: Row, present: string, other: Outputs | undefined): Diagnostic {
  const { address } = node
  const now = present === '' ? 'belongs to nobody now' : `is ${present} now`
  const second = other === undefined ? '' : ` ${row.naturalKey} is the object with id ${other.id}.`
  const differs = keyAttributesThatDiffer(node, row)
  const forgotten = `If the record is wrong: rolecall state rm '${address}', then plan again; the object with the declared key is then taken over.`
  return error('engine/identity-conflict', 'A recorded id names another object now', {
    detail: `${address} is recorded with id ${row.id} as ${row.naturalKey}; the object with that id ${now}.${second}`,
    help: other === undefined && present !== '' ? follow(node, differs) : forgotten,
    address,
    span: node.block.span,
  })
}

/** Nothing else has the recorded key: somebody gave the object another one. */
function follow(node: Node, differs: readonly Attribute[]): string {
  const { address, observed } = node
  const declared = differs
    .map(({ name }) => `${name} = ${JSON.stringify(observed?.record[name] ?? null)}`)
    .join(' and ')
  return `If somebody changed it: declare ${declared} to keep it as it is, or change it back at the service. To have another object besides: rolecall state rm '${address}', then plan again.`
}
