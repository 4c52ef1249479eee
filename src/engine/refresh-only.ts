import type { NewEntry } from '../core/state.js'
import type { ApplyContext } from './apply-context.js'
import { driftOf } from './drift.js'
import type { Walk } from './walk.js'

/** Records what the services have now, and drops the rows of objects that are gone: all that `--refresh-only` applies. */
export async function recordRefresh(context: ApplyContext, walk: Walk): Promise<number> {
  const entries: NewEntry[] = []
  const gone = new Set(
    walk.drift.flatMap((d) => (d.kind === 'vanished' && d.address !== undefined ? [d.address] : [])),
  )
  for (const address of gone) entries.push({ event: 'forgotten', address })
  for (const node of walk.context.nodes.values()) {
    if (node.row === undefined || node.observed === undefined || gone.has(node.address)) continue
    if (driftOf(node.schema, node.row, node.observed.record).length === 0) continue
    entries.push({
      event: 'done',
      address: node.address,
      row: { ...node.row, attributes: node.observed.record },
    })
  }
  if (entries.length > 0) await context.lease.append(entries)
  return entries.length
}
