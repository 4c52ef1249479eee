import type { DriftReport, PlanOptions } from '../app.js'
import { failOnErrors } from '../core/diagnostic.js'
import type { Drift } from '../core/plan.js'
import type { Outputs } from '../core/resource.js'
import { resourceType } from '../engine/connections.js'
import { keyOfOutputs } from '../engine/natural-key.js'
import { asIfRecorded } from '../engine/recover.js'
import { createWalkContext, type Walk, walk } from '../engine/walk.js'
import { blockedBy, lookAtOpen, readStateOf, storeOf } from './planning.js'
import { readSoundProject } from './project.js'
import { freshKey, type Session, walkInput, walkOptions, warningsOf } from './session.js'

/** What differs from the last apply. Its clients refuse to write. */
export async function makeDrift(
  session: Session,
  options: PlanOptions & { readonly unmanaged?: boolean },
): Promise<DriftReport> {
  const project = await readSoundProject(session, options)
  const store = await storeOf(session, project.configuration)
  const { state, live } = await readStateOf(session, store)
  const open = [...state.open.values()]
  const base = {
    ...project,
    fingerprintKey: state.fingerprintKey ?? freshKey(),
    options: { ...walkOptions(options), guarded: false },
  }
  const found = await lookAtOpen(session, { ...base, state }, live === undefined ? open : [])
  const blocked = blockedBy(found, live === undefined ? [] : open)
  const context = createWalkContext(
    await walkInput(session, { ...base, state: asIfRecorded(state, found), blocked }),
  )
  try {
    const walked = await walk(context)
    failOnErrors(walked.diagnostics)
    const drift = [
      ...walked.drift,
      ...notAdopted(walked),
      ...(options.unmanaged ? await unmanaged(walked) : []),
    ]
    return {
      drift,
      recovered: found.map((r) => r.recovered),
      diagnostics: [...warningsOf(project.diagnostics), ...warningsOf(walked.diagnostics)],
      ...(live !== undefined && { live }),
    }
  } finally {
    await context.connections.close()
  }
}

/** Declared objects without a record. */
function notAdopted(walked: Walk): readonly Drift[] {
  const found: Drift[] = []
  for (const node of walked.context.nodes.values()) {
    if (node.block.mode === 'data' || node.row !== undefined || node.excluded || node.change === undefined)
      continue
    found.push({
      kind: 'not-adopted',
      address: node.address,
      type: node.block.type,
      id: node.observed?.out.id ?? '',
      ...(node.desired?.naturalKey !== undefined && { name: node.desired.naturalKey }),
      fields: [],
    })
  }
  return found
}

/** Objects of the declared types that nobody declared and that belong to no managed object. */
async function unmanaged(walked: Walk): Promise<readonly Drift[]> {
  const { context } = walked
  const managed = new Set<string>()
  for (const row of context.input.state.rows.values()) managed.add(`${row.provider} ${row.type} ${row.id}`)
  const add = (provider: string, typeName: string, out: Outputs) => {
    managed.add(`${provider} ${typeName} ${out.id}`)
    const type = resourceType(context.input.providers, typeName)
    for (const ref of type?.owns?.(out) ?? []) managed.add(`${provider} ${ref.type} ${ref.id}`)
  }
  for (const { observed, block } of context.nodes.values())
    if (observed !== undefined) add(block.provider, block.type, observed.out)
  for (const { observed, row } of walked.deletions)
    if (observed !== undefined) add(row.provider, row.type, observed.out)
  const found: Drift[] = []
  const kinds = new Set<string>()
  for (const block of context.input.configuration.resources.values()) {
    if (block.mode !== 'managed' || kinds.has(`${block.provider} ${block.type}`)) continue
    kinds.add(`${block.provider} ${block.type}`)
    const type = resourceType(context.input.providers, block.type)
    if (type?.list === undefined) continue
    const observer = await context.observer(block.type, block.provider)
    for (const out of await observer.all()) {
      if (managed.has(`${block.provider} ${block.type} ${out.id}`)) continue
      found.push({
        kind: 'unmanaged',
        type: block.type,
        id: out.id,
        name: keyOfOutputs(type, out),
        fields: [],
      })
    }
  }
  return found
}
