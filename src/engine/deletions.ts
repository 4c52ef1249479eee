import { type Address, blockOf, parseAddress } from '../core/address.js'
import type { ResourceBlock } from '../core/configuration.js'
import { type Diagnostic, error } from '../core/diagnostic.js'
import type { Change, FieldChange, Reason, ShownObject } from '../core/plan.js'
import type { Consequence, Outputs, ResourceType } from '../core/resource.js'
import type { Schema } from '../core/schema.js'
import type { Row } from '../core/state.js'
import { resourceType } from './connections.js'
import { noteDrift } from './drift.js'
import { covering } from './hidden-texts.js'
import type { Observed } from './node.js'
import { parentIndex } from './parent.js'
import { mapPooled } from './pool.js'
import { recordAttributes, sealedNames, unrecord } from './record.js'
import { otherEndpoint } from './resource-walk.js'
import { shownObject, shownRecord } from './shown.js'
import type { WalkContext } from './walk-context.js'

/** A recorded object that is to go. */
export interface Deletion {
  readonly row: Row
  /** Absent: it is gone already, so only the record is dropped. */
  readonly observed: Observed | undefined
  readonly change: Change
  /** It lives in this object, which is to go too and takes it along: only its record is dropped, afterwards. */
  readonly goesWith?: Row
  /** It lives in this object, which is to go too and would not take all of it along: it goes first. */
  readonly goesBefore?: Row
}

/** Plans the end of rows: deleted, disabled, or only forgotten, as their type and `on_destroy` say. */
export async function planDeletions(
  context: WalkContext,
  rows: readonly Row[],
  why: (row: Row) => Reason,
): Promise<readonly Deletion[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = `${row.provider} ${row.type}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  const planned = await mapPooled([...groups.values()], context.input.options.parallelism, (group) =>
    planGroup(context, group, why),
  )
  return planned.flat()
}

async function planGroup(
  context: WalkContext,
  rows: readonly Row[],
  why: (row: Row) => Reason,
): Promise<readonly Deletion[]> {
  const { type: typeName, provider } = rows[0] as Row
  const type = resourceType(context.input.providers, typeName)
  try {
    if (type === undefined) {
      throw new Error(`the state holds a ${typeName}, which no provider has`)
    }
    const connection = await context.connections.get(provider)
    const { refresh, rebind, mode } = context.input.options
    const foreign = rows.filter((row) => row.endpoint !== connection.endpoint)
    // What such an id names is not there: destroying it could only be pretended.
    if (foreign[0] !== undefined && !(rebind && mode === 'normal'))
      throw otherEndpoint(foreign[0], connection.endpoint)
    const dropped = foreign.map((row) => ({
      row,
      observed: undefined,
      change: deletionOf(type, row, undefined, 'keep', why(row)),
    }))
    const here = rows.filter((row) => row.endpoint === connection.endpoint)
    const observer = await context.observer(typeName, provider)
    const found: ReadonlyMap<string, Outputs> = refresh
      ? await observer.byIds(here.map((row) => row.id))
      : new Map()
    const deletions = here.map((row) => {
      const out = found.get(row.id)
      const observed =
        out !== undefined
          ? {
              out,
              record: recordAttributes(
                type.schema,
                out,
                context.input.fingerprints,
                sealedNames(row.inputs, row.attributes),
              ),
            }
          : refresh
            ? undefined
            : { out: { id: row.id }, record: row.attributes }
      if (observed === undefined) {
        context.drift.push({
          kind: 'vanished',
          address: row.address,
          type: typeName,
          id: row.id,
          name: row.naturalKey,
          fields: [],
        })
      } else if (out !== undefined && !context.displaced.includes(row))
        noteDrift(context.drift, type.schema, row, observed.record)
      const destroys = type.onDestroy?.(row) ?? 'delete'
      return { row, observed, change: deletionOf(type, row, observed, destroys, why(row)) }
    })
    return [...dropped, ...deletions]
  } catch (cause) {
    context.report(cause)
    return []
  }
}

/** What lives in an object that is deleted or replaced goes with it. */
export function withParents(context: WalkContext, deletions: readonly Deletion[]): readonly Deletion[] {
  if (deletions.length === 0) return deletions
  const going = deletions.filter((d) => d.change.action === 'delete' && d.change.destroys === 'delete')
  const replaced = [...context.nodes.values()].filter((n) => n.change?.action === 'replace')
  const parentOf = parentIndex([...going.map((d) => d.row), ...replaced.flatMap((n) => n.row ?? [])])
  return deletions.map((deletion) => {
    const { row, change } = deletion
    const type = resourceType(context.input.providers, row.type)
    const parent = type === undefined || change.action !== 'delete' ? undefined : parentOf(row, type.schema)
    if (type === undefined || parent === undefined) return deletion
    if (type.outlivesParent) return { ...deletion, goesBefore: parent }
    const out = deletion.observed?.out
    const consequences = out === undefined ? [] : consequencesOf(type, row, out, { withParent: true })
    return {
      ...deletion,
      goesWith: parent,
      change: { ...change, action: 'forget', fields: [], destroys: 'record', consequences },
    }
  })
}

function deletionOf(
  type: ResourceType,
  row: Row,
  observed: Observed | undefined,
  destroys: 'delete' | 'disable' | 'keep',
  reason: Reason,
): Change {
  const forgets = observed === undefined || destroys === 'keep'
  const before = shownObject(observed?.record ?? row.attributes)
  return {
    action: forgets ? 'forget' : 'delete',
    address: row.address,
    ...(row.deposedKey !== undefined && { deposedKey: row.deposedKey }),
    mode: 'managed',
    type: row.type,
    provider: row.provider,
    id: row.id,
    origin: row.origin,
    before,
    fields: forgets ? [] : declaredFields(row, before, type.schema),
    reason: observed === undefined && destroys !== 'keep' && reason !== 'displaced' ? 'vanished' : reason,
    createBeforeDestroy: row.createBeforeDestroy,
    consequences: observed === undefined ? [] : consequencesOf(type, row, observed.out),
    dependsOn: row.dependsOn,
    destroys: observed === undefined ? 'record' : destroys,
  }
}

/** Without a refresh only the id was observed; the rest is as recorded. */
function consequencesOf(
  type: ResourceType,
  prior: Row,
  out: Outputs,
  way: { readonly withParent?: true } = {},
): readonly Consequence[] {
  const whole = Object.keys(out).length > 1
  const before = whole ? out : { ...unrecord(prior.attributes), ...out }
  return covering(type.consequences?.({ before, prior, ...way }) ?? [], { row: prior, observed: { out } })
}

/** What was declared of an object that goes: what a reviewer knows it by. */
function declaredFields(row: Row, before: ShownObject, schema: Schema): readonly FieldChange[] {
  return Object.entries(row.inputs).flatMap(([name, input]): FieldChange[] => {
    const value = before.get(name) ?? shownRecord(input)
    if (value === null) return []
    const attribute = schema.attributes.get(name)
    const document = attribute?.json === true || attribute?.policy !== undefined
    const writeOnly = attribute?.writeOnly === true
    return [{ name, before: value, after: undefined, forcesReplacement: false, document, writeOnly }]
  })
}

/** Why a row's object is not wanted any more. */
export function whyNotDeclared(context: Pick<WalkContext, 'input'>): (row: Row) => Reason {
  return (row) => {
    if (row.deposedKey !== undefined) return 'deposed'
    const block = context.input.configuration.resources.get(blockOf(row.address))
    if (block === undefined) return 'not-in-configuration'
    return typeof parseAddress(row.address)?.key === 'number' ? 'index-out-of-count' : 'key-not-in-for-each'
  }
}

/** `prevent_destroy`, from the block if it is there, else from the row; for replacements too. */
export function guardPrevented(
  context: WalkContext,
  changes: Iterable<Change>,
  rowAt: (address: Address) => Row | undefined,
): void {
  for (const change of changes) {
    if (!takesAway(change)) continue
    const block = context.input.configuration.resources.get(blockOf(change.address))
    const isPrevented = block?.lifecycle.preventDestroy ?? rowAt(change.address)?.preventDestroy ?? false
    if (!isPrevented || change.reason === 'deposed') continue
    context.diagnostics.push(prevented(change, block))
  }
}

/** Whether an object is gone, or is another one, after the change. */
export function takesAway(change: Change): boolean {
  if (change.action === 'delete' || change.action === 'replace') return true
  if (change.reason === 'dependency-replaced' || change.reason === 'displaced') return true
  return change.destroys === 'record' && change.reason !== 'vanished'
}

export function prevented(change: Change, block: ResourceBlock | undefined): Diagnostic {
  return error('engine/prevent-destroy', 'The object is protected from being destroyed', {
    detail: `${change.address} has prevent_destroy, and this plan would ${change.action === 'delete' ? 'destroy' : 'replace'} it.`,
    help: 'Take prevent_destroy out of its lifecycle block first, or leave the object out with --exclude.',
    address: change.address,
    ...(block !== undefined && { span: block.span }),
  })
}
