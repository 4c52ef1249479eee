import { type Address, parseAddress } from '../core/address.js'
import type { Change, FieldChange, Reason, Shown, ShownObject } from '../core/plan.js'
import { effective } from './change-headline.js'
import type { Writable } from './json-text.js'
import {
  fingerprintsIn,
  isSecret,
  isUnknown,
  knownPart,
  type Mask,
  maskOf,
  sealedObject,
} from './value-masks.js'

/** One entry of `resource_changes`, in Terraform's documented form; facts of our own are under `rolecall`. */
export function resourceChangeJson(change: Change): Writable {
  const reason = actionReason(change)
  return {
    ...resourceJson(change.address, change.mode, change.type, change.provider),
    deposed: change.deposedKey,
    previous_address: change.previousAddress,
    change: {
      actions: actionsOf(change),
      ...valuesJson(change),
      replace_paths: replacePaths(change),
      importing: change.importing === undefined ? undefined : { id: change.importing.id },
    },
    action_reason: reason,
    rolecall: ownFacts(change),
  }
}

/** What names an object in JSON: its address and the parts of it. */
export function resourceJson(
  address: Address,
  mode: 'managed' | 'data',
  type: string,
  provider: string,
): { readonly [key: string]: Writable | undefined } {
  const parts = parseAddress(address)
  return {
    address,
    mode,
    type,
    name: parts?.name ?? address,
    index: parts?.key,
    provider_name: provider.split('.')[0] ?? provider,
  }
}

/** Terraform's names of what is done. An adoption is an import: nothing or an update, with `importing`. */
export function actionsOf(change: Change): readonly string[] {
  switch (effective(change)) {
    case 'create':
      return ['create']
    case 'read':
      return ['read']
    case 'update':
      return ['update']
    case 'adopt':
      return change.fields.length > 0 ? ['update'] : ['no-op']
    case 'replace':
      return change.createBeforeDestroy ? ['create', 'delete'] : ['delete', 'create']
    case 'delete':
      return ['delete']
    case 'forget':
      return ['forget']
    case 'move':
    case 'keep':
      return ['no-op']
  }
}

/** `before` and `after` with their masks: what is not known yet, and what is sensitive. Secrets are null. */
export function valuesJson(change: Change): { readonly [key: string]: Writable | undefined } {
  const { before, after } = objectsOf(change)
  return {
    before: before === undefined ? null : knownPart(before),
    after: after === undefined ? null : knownPart(after),
    after_unknown: after === undefined ? {} : maskOf(after, isUnknown),
    before_sensitive: sensitivity(before),
    after_sensitive: sensitivity(after),
  }
}

export function sensitivity(value: Shown | undefined): Mask {
  return maskOf(value, isSecret)
}

/** The object before and after, each with the fields that only the field changes tell. */
export function objectsOf(change: Change): {
  readonly before: ShownObject | undefined
  readonly after: ShownObject | undefined
} {
  const after = completed(change.after, change.fields, (field) => field.after)
  const before = completed(change.before, change.fields, (field) => field.before)
  return { before: before === undefined ? undefined : sealedObject(before, after), after }
}

function completed(
  object: ShownObject | undefined,
  fields: readonly FieldChange[],
  side: (field: FieldChange) => Shown | undefined,
): ShownObject | undefined {
  if (object === undefined) return undefined
  const missing = fields.flatMap((field): [string, Shown][] => {
    const value = object.has(field.name) ? undefined : side(field)
    return value === undefined ? [] : [[field.name, value]]
  })
  return missing.length === 0 ? object : new Map([...object, ...missing])
}

function replacePaths(change: Change): Writable | undefined {
  const paths = change.fields.filter((field) => field.forcesReplacement).map((field) => [field.name])
  return paths.length === 0 ? undefined : paths
}

const actionReasons: Readonly<Partial<Record<Reason, string>>> = {
  'not-in-configuration': 'delete_because_no_resource_config',
  'key-not-in-for-each': 'delete_because_each_key',
  'index-out-of-count': 'delete_because_count_index',
  'immutable-field': 'replace_because_cannot_update',
  'replace-requested': 'replace_by_request',
  'dependency-replaced': 'replace_by_triggers',
  'inputs-known-at-apply': 'read_because_config_unknown',
  'depends-on-change': 'read_because_dependency_pending',
}

/** Terraform's name of the reason, where it has one for this action. */
export function actionReason(change: Change): string | undefined {
  const reason = change.reason === undefined ? undefined : actionReasons[change.reason]
  const subject = { delete: 'delete', forget: 'delete', replace: 'replace', read: 'read' } as const
  const action = effective(change)
  const verb = action in subject ? subject[action as keyof typeof subject] : undefined
  return verb !== undefined && reason?.startsWith(verb) === true ? reason : undefined
}

function ownFacts(change: Change): Writable {
  const fingerprints = {
    before: fingerprintsIn(completed(change.before, change.fields, (field) => field.before)),
    after: fingerprintsIn(completed(change.after, change.fields, (field) => field.after)),
  }
  const some = fingerprints.before !== undefined || fingerprints.after !== undefined
  return {
    action: change.action,
    reason: change.reason,
    id: change.id,
    provider: change.provider,
    origin: change.origin,
    destroys: change.destroys,
    may_replace: change.mayReplace === true ? true : undefined,
    changed_fields: change.fields.map((field) => field.name),
    consequences: change.consequences.map(({ kind, text }) => ({ kind, text })),
    depends_on: [...change.dependsOn],
    fingerprints: some ? fingerprints : undefined,
  }
}
