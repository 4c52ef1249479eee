import { type Diagnostic, error } from '../core/diagnostic.js'
import type { Inputs, Outputs, ResourceType } from '../core/resource.js'
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
    if (node.observed === undefined || keyOfOutputs(type, node.observed.out) === row.naturalKey) continue
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
    context.diagnostics.push(identityConflict(node, row, present, other))
  }
}

function keyAttributesThatDiffer(node: Node, row: Row) {
  const record = node.observed?.record ?? {}
  return [...node.schema.attributes.values()].filter(
    (a) =>
      a.key &&
      naturalKey({ ...node.schema, attributes: new Map([[a.name, a]]) }, record) !==
        naturalKey(
          { ...node.schema, attributes: new Map([[a.name, a]]) },
          { ...row.attributes, ...row.inputs },
        ),
  )
}

function identityConflict(node: Node, row: Row, present: string, other: Outputs | undefined): Diagnostic {
  const now = present === '' ? 'belongs to nobody now' : `is ${present} now`
  const second =
    other === undefined || other.id === row.id ? '' : ` ${row.naturalKey} is the object with id ${other.id}.`
  return error('engine/identity-conflict', 'A recorded id names another object now', {
    detail: `${node.address} is recorded with id ${row.id} as ${row.naturalKey}; the object with that id ${now}.${second}`,
    help: `If the record is wrong: rolecall state rm '${node.address}', then plan again; the object with the declared key is then taken over.`,
    address: node.address,
    span: node.block.span,
  })
}
