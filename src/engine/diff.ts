import type { Json, JsonObject } from '../core/json.js'
import { type FieldChange, Pending } from '../core/plan.js'
import type { Outputs, ResourceType } from '../core/resource.js'
import type { Attribute, Schema } from '../core/schema.js'
import type { Row } from '../core/state.js'
import { isNothing, sameMeaning } from './compare.js'
import type { Desired } from './node.js'
import type { Fingerprints } from './record.js'
import { shownRecord, shownValue } from './shown.js'

export interface DiffInput {
  readonly schema: Schema
  readonly desired: Desired
  /** What the service has; undefined where there is nothing (a create shows every field). */
  readonly current: JsonObject | undefined
  /** What was last applied; undefined at adoption. */
  readonly row: Row | undefined
  readonly fingerprints: Fingerprints
  /** Attributes that the service does not tell of this object. */
  readonly untold: ReadonlySet<string>
}

/** What a type says of an object that its service does not tell. */
export function untoldOf(type: ResourceType, out: Outputs | undefined): ReadonlySet<string> {
  return out === undefined || type.untold === undefined ? nothing : new Set(type.untold(out))
}

const nothing: ReadonlySet<string> = new Set()

export interface Difference {
  readonly attribute: Attribute
  readonly change: FieldChange
  readonly pending: boolean
}

/**
 * The attributes in which the service differs from what is wanted, by the schema alone:
 * absent with a default is the default (already filled in), absent and computed is what the service has, absent otherwise is
 * the service's empty value; what never reads back is compared with what was last applied.
 */
export function differences(input: DiffInput): readonly Difference[] {
  const found: Difference[] = []
  for (const attribute of input.schema.attributes.values()) {
    if (attribute.readOnly || attribute.local) continue
    const difference = attribute.volatile && !attribute.writeOnly ? undefined : differenceOf(input, attribute)
    if (difference !== undefined) found.push(difference)
  }
  return found
}

/** Whether another value of the attribute takes another object. */
export function isFixed(type: ResourceType, attribute: Attribute): boolean {
  return attribute.immutable || type.update === undefined
}

function differenceOf(input: DiffInput, attribute: Attribute): Difference | undefined {
  const { name } = attribute
  const { desired, current, row } = input
  const unseen = isUnseen(input, attribute)
  const before = beforeOf(input, attribute)
  const waiting = desired.pending.get(name)
  if (waiting !== undefined) {
    return difference(attribute, before, shownValue(waiting, input.fingerprints), true)
  }
  const after = desired.record[name]
  if (isNothing(after)) {
    if (attribute.computed || isNothing(before)) return undefined
    // At adoption, what cannot be read and is not declared is left alone.
    if (unseen && row === undefined) return undefined
    return difference(attribute, before, null, false)
  }
  if (unseen) {
    const again = row?.unfinished !== undefined
    if (!again && !isNothing(before) && sameMeaning(attribute, before, after)) return undefined
  } else if (current !== undefined && sameMeaning(attribute, before, after)) return undefined
  return difference(attribute, before, shownRecord(after), false)
}

/** Undefined: there is no object, or nobody knows. */
function beforeOf(input: DiffInput, attribute: Attribute): Json | undefined {
  const { current, row } = input
  const { name } = attribute
  if (isUnseen(input, attribute)) return row === undefined ? undefined : (row.inputs[name] ?? null)
  return current === undefined ? undefined : (current[name] ?? null)
}

function isUnseen({ untold }: DiffInput, { name, writeOnly }: Attribute): boolean {
  return writeOnly || untold.has(name)
}

function difference(
  attribute: Attribute,
  before: Json | undefined,
  after: FieldChange['after'],
  pending: boolean,
): Difference {
  return {
    attribute,
    pending,
    change: {
      name: attribute.name,
      before: before === undefined ? undefined : shownRecord(before),
      after,
      forcesReplacement: false,
      document: attribute.json || attribute.policy !== undefined,
      writeOnly: attribute.writeOnly,
    },
  }
}

/** The write-only attributes that are declared as they were when the row was last written, finished or not. */
export function declaredAsBefore(
  schema: Schema,
  record: JsonObject,
  row: Row | undefined,
): ReadonlySet<string> {
  if (row === undefined) return new Set()
  const same = [...schema.attributes.values()].filter(
    (a) => a.writeOnly && sameMeaning(a, row.inputs[a.name], record[a.name] ?? null),
  )
  return new Set(same.map(({ name }) => name))
}

/** Attributes set by the service that will change because one that they follow does. */
export function followers(
  schema: Schema,
  changed: readonly Difference[],
  current: JsonObject | undefined,
): readonly FieldChange[] {
  const names = new Set(changed.map((c) => c.attribute.name))
  const found: FieldChange[] = []
  for (const attribute of schema.attributes.values()) {
    if (!attribute.follows.some((name) => names.has(name))) continue
    found.push({
      name: attribute.name,
      before: shownRecord(current?.[attribute.name]),
      after: new Pending(),
      forcesReplacement: false,
      document: false,
      writeOnly: false,
    })
  }
  return found
}
