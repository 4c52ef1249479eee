import type { JsonObject } from './json.js'
import {
  count,
  document,
  duration,
  fieldsOf,
  filled,
  flag,
  isRecord,
  listOf,
  oneOf,
  optional,
  required,
  type Shape,
  text,
} from './shape.js'
import type { Entry, EntryEvent, Holder, NewEntry, Row, RowMetadata } from './state.js'

/** What rows, holders and entries must look like in a journal: bytes there are trusted no more than any other file. */

const metadataFields = {
  dependsOn: required(listOf(text)),
  createBeforeDestroy: required(flag),
  preventDestroy: required(flag),
}

const metadataShape: Shape = fieldsOf<RowMetadata>(metadataFields)

export const rowShape: Shape = fieldsOf<Row>({
  address: required(filled),
  deposedKey: optional(filled),
  type: required(filled),
  schemaVersion: required(count),
  provider: required(filled),
  endpoint: required(text),
  id: required(filled),
  naturalKey: required(text),
  inputs: required(document),
  attributes: required(document),
  ...metadataFields,
  onDestroy: optional(text),
  unfinished: optional(oneOf('update', 'delete')),
  attempted: optional(listOf(document)),
  origin: required(oneOf('created', 'adopted', 'imported')),
})

export const holderShape: Shape = fieldsOf<Holder>({
  run: required(filled),
  who: required(text),
  operation: required(text),
  host: required(text),
  pid: required(count),
  startTime: optional(filled),
  bootId: optional(filled),
  pidNamespace: optional(filled),
  version: required(text),
  created: required(text),
})

/** A state on its own, as `state pull` writes it and a `reset` entry carries it. */
export interface StateDocument {
  readonly format: 'rolecall-state'
  readonly version: 1
  readonly lineage: string
  readonly seq: number
  readonly fingerprintKey?: string
  readonly rows: readonly Row[]
  readonly outputs: JsonObject
}

export const stateDocumentShape: Shape = fieldsOf<StateDocument>({
  format: required(oneOf('rolecall-state')),
  version: required(count),
  lineage: required(text),
  seq: required(count),
  fingerprintKey: optional(hexadecimal),
  rows: required(listOf(rowShape)),
  outputs: required(document),
})

const needs: Readonly<Record<EntryEvent, readonly (keyof Entry)[]>> = {
  opened: ['holder', 'lineage'],
  takeover: ['holder', 'lineage'],
  begin: ['op', 'address', 'action', 'budget'],
  done: ['address'],
  failed: ['op'],
  moved: ['address', 'from'],
  forgotten: ['address'],
  outputs: ['outputs'],
  reset: ['state'],
  closed: [],
}

const newEntryFields = {
  event: required(oneOf(...Object.keys(needs))),
  op: optional(filled),
  address: optional(filled),
  deposedKey: optional(filled),
  action: optional(oneOf('create', 'update', 'delete')),
  type: optional(filled),
  provider: optional(filled),
  endpoint: optional(text),
  inputs: optional(document),
  budget: optional(duration),
  seen: optional(listOf(text)),
  metadata: optional(metadataShape),
  row: optional(rowShape),
  deposes: optional(filled),
  unfinished: optional(flag),
  from: optional(filled),
  outputs: optional(document),
  state: optional(stateDocumentShape),
  holder: optional(holderShape),
  lineage: optional(filled),
  fingerprintKey: optional(hexadecimal),
  movedTo: optional(filled),
}

const fields = fieldsOf<NewEntry>(newEntryFields)

/** An entry as it stands in a group: without what the whole group shares. */
export const newEntryShape: Shape = (value) => {
  const wrong = fields(value)
  if (wrong !== undefined) return wrong
  const entry = value as NewEntry
  const missing = needs[entry.event].find((name) => (entry as Partial<Entry>)[name] === undefined)
  if (missing !== undefined) return `.${missing} is missing: ${entry.event} needs it`
  if (entry.row !== undefined && entry.event === 'done') {
    if (entry.row.address !== entry.address) return '.row.address must be the address of the entry'
    if (entry.row.deposedKey !== entry.deposedKey) return '.row.deposedKey must be that of the entry'
  }
  return undefined
}

/** An entry that stands alone, as the open ones do in a snapshot. */
export const entryShape: Shape = (value) => {
  if (!isRecord(value)) return ' must be an object'
  const { at, run, nonce, ...rest } = value
  for (const [name, given] of Object.entries({ at, run, nonce })) {
    const wrong = text(given)
    if (wrong !== undefined) return `.${name}${wrong}`
  }
  return newEntryShape(rest)
}

export function hexadecimal(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{32,128}$/.test(value)
    ? undefined
    : ' must be 32 to 128 lower-case hexadecimal digits'
}
