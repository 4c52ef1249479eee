import type { Recovered } from '../core/plan.js'
import { type Outputs, ServiceError } from '../core/resource.js'
import { type Entry, type NewEntry, type Row, rowKey, type State } from '../core/state.js'
import { resourceType } from './connections.js'
import { causeKey } from './failure-cause.js'
import { halfUpdated } from './half-updated.js'
import { madeBy } from './made.js'
import { keyOfOutputs, naturalKey } from './natural-key.js'
import { recordAttributes, sealedNames, unrecord } from './record.js'
import type { WalkContext } from './walk-context.js'

/** What was found out about one interrupted operation, and the entry that records it. */
export interface Resolution {
  readonly recovered: Recovered
  /** Undefined: the look-up failed, and the entry stays open. */
  readonly entry: NewEntry | undefined
}

/**
 * Finds out what became of operations that a run announced and never finished. Reads only: what turns out to be unfinished is
 * marked so that the next plan shows it as work. A create is found by its natural key, and only an id that was not there
 * before counts; an update or delete by its recorded id.
 */
export async function recover(context: WalkContext, open: readonly Entry[]): Promise<readonly Resolution[]> {
  const found: Resolution[] = []
  const claimed = new Set<string>()
  for (const entry of open) {
    try {
      found.push(await resolve(context, entry, claimed))
    } catch (cause) {
      if (!(cause instanceof ServiceError) && causeKey(cause) === undefined && !isFailure(cause)) throw cause
      const text = `it could not be found out whether ${verbOf(entry)} was carried out (${(cause as Error).message}); it is left alone for now`
      found.push({ recovered: told(entry, 'unknown', text), entry: undefined })
    }
  }
  return found
}

function isFailure(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'Failure'
}

async function resolve(context: WalkContext, entry: Entry, claimed: Set<string>): Promise<Resolution> {
  const type = resourceType(context.input.providers, entry.type ?? entry.row?.type ?? '')
  const provider = entry.provider ?? entry.row?.provider
  if (type === undefined || provider === undefined || entry.address === undefined) {
    throw new Error(`the open operation ${entry.op} does not say what it is about`)
  }
  const connection = await context.connections.get(provider)
  const endpoint = entry.endpoint ?? entry.row?.endpoint
  if (endpoint !== undefined && endpoint !== connection.endpoint) {
    throw new ServiceError(
      `it was sent to ${endpoint}, and the provider now points to ${connection.endpoint}`,
    )
  }
  const api = connection.api({ readOnly: true, snapshot: false })
  const place = { ...(entry.op !== undefined && { op: entry.op }), address: entry.address }

  if (entry.action === 'create') {
    const inputs = entry.inputs ?? {}
    const out = await madeBy({
      type,
      api,
      inputs: unrecord(inputs),
      seen: entry.seen ?? [],
      endpoint: connection.endpoint,
      rows: context.input.state.rows.values(),
      claimed,
    })
    if (out === undefined) {
      return {
        recovered: told(entry, 'not-found', 'it was not created'),
        entry: { event: 'failed', ...place },
      }
    }
    const row: Row = {
      address: entry.address,
      type: type.schema.type,
      schemaVersion: type.schema.version,
      provider,
      endpoint: connection.endpoint,
      id: out.id,
      // What has no key yet is to get that of its inputs.
      naturalKey: keyOfOutputs(type, out) || naturalKey(type.schema, inputs),
      inputs,
      attributes: recordAttributes(type.schema, out, context.input.fingerprints, sealedNames(inputs)),
      ...(entry.metadata ?? { dependsOn: [], createBeforeDestroy: false, preventDestroy: false }),
      ...(typeof inputs.on_destroy === 'string' && { onDestroy: inputs.on_destroy }),
      origin: 'created',
      unfinished: 'update',
    }
    return {
      recovered: told(
        entry,
        'found',
        `it was created (id ${out.id}); whether all of it was done is seen to by the plan`,
        out.id,
      ),
      entry: { event: 'done', ...place, row, ...(entry.deposes !== undefined && { deposes: entry.deposes }) },
    }
  }

  const before = entry.row
  if (before === undefined) throw new Error(`the open operation ${entry.op} has no row`)
  const deposed = entry.deposedKey === undefined ? {} : { deposedKey: entry.deposedKey }
  const out: Outputs | undefined = await type.read(api, before.id)
  if (out === undefined) {
    const text = entry.action === 'delete' ? 'it was deleted' : 'the object is gone'
    return {
      recovered: told(entry, 'not-found', text, before.id),
      entry: { event: 'done', ...place, ...deposed },
    }
  }
  const unfinished = entry.action === 'delete' ? 'delete' : 'update'
  const row: Row =
    unfinished === 'delete'
      ? { ...before, ...deposed, unfinished }
      : halfUpdated({ ...before, ...deposed }, entry.inputs ?? {})
  const text =
    unfinished === 'delete'
      ? 'the object is still there; its end is planned again'
      : 'the object is there; its update is planned again'
  return {
    recovered: told(entry, 'found', text, before.id),
    entry: { event: 'done', ...place, ...deposed, row },
  }
}

function told(entry: Entry, outcome: Recovered['outcome'], text: string, id?: string): Recovered {
  return {
    address: entry.address ?? '',
    action: entry.action ?? 'update',
    outcome,
    text: `${verbOf(entry)} of ${entry.address} was interrupted: ${text}.`,
    ...(id !== undefined && { id }),
  }
}

function verbOf(entry: Entry): string {
  switch (entry.action) {
    case 'create':
      return 'The creation'
    case 'delete':
      return 'The deletion'
    default:
      return 'The update'
  }
}

/** The state as it will be once the resolutions are recorded: for `plan` and `drift`, which record nothing. */
export function asIfRecorded(state: State, resolutions: readonly Resolution[]): State {
  if (resolutions.length === 0) return state
  const rows = new Map(state.rows)
  const open = new Map(state.open)
  for (const { entry } of resolutions) {
    if (entry === undefined) continue
    if (entry.op !== undefined) open.delete(entry.op)
    if (entry.event !== 'done' || entry.address === undefined) continue
    const key = rowKey({
      address: entry.address,
      ...(entry.deposedKey !== undefined && { deposedKey: entry.deposedKey }),
    })
    const old = rows.get(key)
    if (entry.deposes !== undefined && old !== undefined) {
      const row = { ...old, deposedKey: entry.deposes }
      rows.set(rowKey(row), row)
    }
    if (entry.row === undefined) rows.delete(key)
    else rows.set(key, entry.row)
  }
  return { ...state, rows, open }
}
