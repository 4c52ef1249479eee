import type { Address } from '../core/address.js'
import type { Diagnostic } from '../core/diagnostic.js'
import { waitsOf } from '../core/equality.js'
import type { Change, FieldChange, Reason, Shown, ShownObject } from '../core/plan.js'
import { Pending } from '../core/plan.js'
import type { Outputs, PossibleConsequence, ResourceType } from '../core/resource.js'
import { adoptionConflicts, disabledWarning, objectionsTo, trustedSecrets } from './adoption.js'
import { type Difference, differences, followers, isFixed, untoldOf } from './diff.js'
import { endingRow } from './ending-row.js'
import { covering } from './hidden-texts.js'
import type { Found, Node } from './node.js'
import type { Fingerprints } from './record.js'
import { shownRecord, shownValue } from './shown.js'

export interface DecideInput {
  readonly type: ResourceType
  readonly node: Node
  readonly found: Found
  readonly fingerprints: Fingerprints
  readonly replaceRequested: boolean
  /** Set by a dependency that is replaced without create-before-destroy: addresses whose new values are waited for. */
  isReplacedFirst(address: Address): boolean
  readonly previousAddress?: Address
  readonly vanished: boolean
  /** The object that it lives in is replaced: it goes with that one, or before it. */
  readonly parentIsReplaced: boolean
}

export interface Decision {
  readonly change: Change
  readonly diagnostics: readonly Diagnostic[]
}

/** The change of one declared instance, from what is wanted, what the service has and what was last applied. Pure. */
export function decide(input: DecideInput): Decision {
  const { node, found } = input
  const desired = node.desired
  if (desired === undefined) throw new Error(`${node.address} was not evaluated`)
  const adopts = found === 'by-key' && input.previousAddress === undefined
  const current = found === 'not-found' ? undefined : node.observed?.record
  const row = adopts ? undefined : node.row
  const all = differences({
    schema: node.schema,
    desired,
    current,
    row: current === undefined ? undefined : row,
    fingerprints: input.fingerprints,
    untold: untoldOf(input.type, current === undefined ? undefined : node.observed?.out),
  })
  const trusted = trustedSecrets(input.type, node, adopts)
  const changed = all.filter((d) => !trusted.has(d.attribute.name))
  const facts = baseFacts(input, changed)
  const undecided = changed.filter((d) => d.pending && takesAnother(input, d))
  const after = afterOf(input, changed, current === undefined, undecided.length > 0)

  if (current === undefined) {
    return plain({
      ...facts,
      action: 'create',
      after,
      fields: changed.map((d) => d.change),
      ...(input.vanished ? { reason: 'vanished' as Reason } : {}),
      ...(input.parentIsReplaced ? { reason: 'dependency-replaced' as Reason } : {}),
    })
  }

  const forced = changed.filter((d) => forces(input, d))
  // Nothing is sent to an object that is replaced.
  const objections =
    forced.length > 0 && !adopts ? [] : objectionsTo(input.type, node, { desired, adopts, changed })
  if (objections.length > 0)
    return { change: { ...facts, action: 'keep', fields: [] }, diagnostics: objections }
  const before = beforeOf(input)
  if (adopts) {
    const conflicts = adoptionConflicts(input.type, node, changed)
    if (conflicts.length > 0)
      return { change: { ...facts, action: 'keep', fields: [] }, diagnostics: conflicts }
    const importing = { id: node.observed?.out.id ?? '' }
    return {
      change: {
        ...facts,
        action: 'adopt',
        before,
        after,
        importing,
        fields: [...changed.map((d) => d.change), ...followers(node.schema, changed, current)],
        ...(input.vanished ? { reason: 'vanished' as Reason } : {}),
      },
      diagnostics: disabledWarning(node),
    }
  }

  if (input.replaceRequested || forced.length > 0 || input.parentIsReplaced) {
    const names = new Set(forced.map((d) => d.attribute.name))
    return plain({
      ...facts,
      action: 'replace',
      before,
      after: afterOf(input, changed, true, false),
      fields: changed.map((d) => ({ ...d.change, forcesReplacement: names.has(d.attribute.name) })),
      consequences: replaceConsequences(input, changed),
      destroys: input.type.onDestroy?.(endingRow(node)) ?? 'delete',
      reason: reasonToReplace(input, forced),
    })
  }

  const unfinished = node.row?.unfinished !== undefined
  if (changed.length === 0 && !unfinished) {
    return plain({
      ...facts,
      action: input.previousAddress === undefined ? 'keep' : 'move',
      before,
      after: before,
      fields: [],
    })
  }
  const fields: readonly FieldChange[] = [
    ...changed.map((d) => ({ ...d.change, forcesReplacement: undecided.includes(d) })),
    ...followers(node.schema, changed, current),
  ]
  return plain({
    ...facts,
    action: 'update',
    before,
    after,
    fields,
    ...(undecided.length > 0
      ? { mayReplace: true, consequences: [...facts.consequences, ...ifReplaced(input)] }
      : {}),
    ...(unfinished ? { reason: 'unfinished' as Reason } : {}),
  })
}

function reasonToReplace(input: DecideInput, forced: readonly Difference[]): Reason {
  if (forced.length > 0) return 'immutable-field'
  return input.parentIsReplaced ? 'dependency-replaced' : 'replace-requested'
}

/** Whether a difference replaces the object for certain. A pending immutable value does so only behind a certain replacement. */
function forces(input: DecideInput, d: Difference): boolean {
  if (!takesAnother(input, d)) return false
  const value = input.node.desired?.pending.get(d.attribute.name)
  if (!d.pending || value === undefined) return true
  return [...waitsOf(value)].some((address) => input.isReplacedFirst(address))
}

/** Whether another value of the attribute takes another object; not where its own object comes along to it. */
function takesAnother({ type, node }: DecideInput, { attribute }: Difference): boolean {
  return isFixed(type, attribute) && !node.movesAlong.has(attribute.name)
}

function plain(change: Change): Decision {
  return { change, diagnostics: [] }
}

function baseFacts(input: DecideInput, changed: readonly Difference[]): Omit<Change, 'action' | 'fields'> {
  const { node, found } = input
  const out = found === 'not-found' ? undefined : node.observed?.out
  return {
    address: node.address,
    mode: 'managed',
    type: node.block.type,
    provider: node.block.provider,
    createBeforeDestroy: node.block.lifecycle.createBeforeDestroy,
    consequences: consequences(input, out, changed),
    dependsOn: node.dependsOn,
    ...(out !== undefined && { id: out.id }),
    ...(node.row !== undefined && { origin: node.row.origin }),
    ...(input.previousAddress !== undefined && { previousAddress: input.previousAddress }),
  }
}

function consequences(
  input: DecideInput,
  before: Outputs | undefined,
  changed: readonly Difference[],
  replaces?: 'old-first' | 'new-first',
): readonly PossibleConsequence[] {
  const { node, type } = input
  if (type.consequences === undefined || node.desired === undefined) return []
  const told = type.consequences({
    after: node.desired.inputs,
    ...(before !== undefined && { before }),
    ...(node.row !== undefined && { prior: node.row }),
    ...(replaces !== undefined && { replaces }),
    changed: new Set(changed.map((d) => d.attribute.name)),
  })
  return covering(told, node)
}

/** Of the end of the object that is there. */
function endConsequences({ node, type }: DecideInput): readonly PossibleConsequence[] {
  const before = node.observed?.out
  const told = type.consequences?.({ ...(before !== undefined && { before }), prior: endingRow(node) }) ?? []
  return covering(told, node)
}

/** What becomes of the object if what waits for apply turns out to be another one. */
function ifReplaced(input: DecideInput): readonly PossibleConsequence[] {
  return endConsequences(input).map((end) => ({
    ...end,
    kind: 'note',
    text: `If it is replaced: ${end.text}`,
  }))
}

/** Of each half, and of both together. */
function replaceConsequences(
  input: DecideInput,
  changed: readonly Difference[],
): readonly PossibleConsequence[] {
  const { node } = input
  const before = node.observed?.out
  const ends = endConsequences(input)
  const begins = consequences({ ...input, node: { ...node, row: undefined } }, undefined, changed)
  const order = node.block.lifecycle.createBeforeDestroy ? 'new-first' : 'old-first'
  const all = [...ends, ...begins, ...consequences(input, before, changed, order)]
  return all.filter((one, i) => all.findIndex((o) => o.kind === one.kind && o.text === one.text) === i)
}

/** All attributes as the service has them, with the write-only ones as last applied. */
function beforeOf(input: DecideInput): ShownObject {
  const shown = new Map<string, Shown>()
  for (const attribute of input.node.schema.attributes.values()) {
    if (attribute.local) continue
    const source = attribute.writeOnly ? input.node.row?.inputs : input.node.observed?.record
    shown.set(attribute.name, shownRecord(source?.[attribute.name]))
  }
  return shown
}

/** All attributes as planned; `fresh`: the object will be a new one; `mayReplace`: it may turn out so. */
function afterOf(
  input: DecideInput,
  changed: readonly Difference[],
  fresh: boolean,
  mayReplace: boolean,
): ShownObject {
  const { node } = input
  const changes = new Map(changed.map((d) => [d.attribute.name, d.change.after] as const))
  const shown = new Map<string, Shown>()
  for (const attribute of node.schema.attributes.values()) {
    if (attribute.local) continue
    const { name } = attribute
    const present = attribute.writeOnly ? node.row?.inputs[name] : node.observed?.record[name]
    if (attribute.readOnly) {
      const moves = fresh || mayReplace || attribute.volatile || attribute.follows.some((f) => changes.has(f))
      shown.set(
        name,
        moves && (fresh || changes.size > 0) ? new Pending([node.address]) : shownRecord(present),
      )
    } else if (changes.has(name)) shown.set(name, changes.get(name) ?? null)
    else if (fresh) shown.set(name, freshValue(input, name, attribute.computed))
    else shown.set(name, shownRecord(present))
  }
  return shown
}

function freshValue(input: DecideInput, name: string, computed: boolean): Shown {
  const { node } = input
  const waiting = node.desired?.pending.get(name)
  if (waiting !== undefined) return shownValue(waiting, input.fingerprints)
  const value = shownRecord(node.desired?.record[name])
  return value === null && computed ? new Pending([node.address]) : value
}
