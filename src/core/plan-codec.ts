import { always, type Codec, choice, count, flag, listOf, maybe, optional, record, text } from './codec.js'
import type { Diagnostic, Position, Span } from './diagnostic.js'
import type { Json, JsonObject } from './json.js'
import type { Change, Counts, Drift, FieldChange, OutputChange, Plan, Recovered } from './plan.js'
import type { Consequence } from './resource.js'
import { shownCodec, shownObjectCodec } from './shown-codec.js'
import type { Type } from './type.js'
import { typeFromJson, typeToJson } from './type-json.js'

/** A plan as JSON, for a saved plan. Holds no secret, because a plan holds none. */
export function encodePlan(plan: Plan): JsonObject {
  return planCodec.encode(plan) as JsonObject
}

/** The plan that `encodePlan` wrote. Throws a `Failure` that names the place for anything else. */
export function decodePlan(json: Json): Plan {
  return planCodec.decode(json, 'plan')
}

const position: Codec<Position> = record<Position>({
  line: always(count),
  column: always(count),
  offset: always(count),
})

const span: Codec<Span> = record<Span>({ file: always(text), start: always(position), end: always(position) })

const diagnostic: Codec<Diagnostic> = record<Diagnostic>({
  severity: always(choice('error', 'warning')),
  code: always(text),
  summary: always(text),
  detail: optional(text),
  help: optional(text),
  span: optional(span),
  address: optional(text),
})

const field: Codec<FieldChange> = record<FieldChange>({
  name: always(text),
  before: maybe(shownCodec),
  after: maybe(shownCodec),
  forcesReplacement: always(flag),
  document: always(flag),
  writeOnly: always(flag),
})

const consequence: Codec<Consequence> = record<Consequence>({
  kind: always(choice('widens-access', 'loses-access', 'note')),
  text: always(text),
})

const change: Codec<Change> = record<Change>({
  action: always(choice('create', 'adopt', 'update', 'replace', 'delete', 'forget', 'move', 'keep', 'read')),
  address: always(text),
  previousAddress: optional(text),
  deposedKey: optional(text),
  mode: always(choice('managed', 'data')),
  type: always(text),
  provider: always(text),
  id: optional(text),
  origin: optional(choice('created', 'adopted', 'imported')),
  before: optional(shownObjectCodec),
  after: optional(shownObjectCodec),
  fields: always(listOf(field)),
  reason: optional(
    choice(
      'not-in-configuration',
      'key-not-in-for-each',
      'index-out-of-count',
      'destroy-requested',
      'replace-requested',
      'immutable-field',
      'vanished',
      'unfinished',
      'deposed',
      'displaced',
      'dependency-replaced',
      'inputs-known-at-apply',
      'depends-on-change',
    ),
  ),
  mayReplace: optional(flag),
  createBeforeDestroy: always(flag),
  consequences: always(listOf(consequence)),
  dependsOn: always(listOf(text)),
  importing: optional(record<{ readonly id: string }>({ id: always(text) })),
  destroys: optional(choice('delete', 'disable', 'keep', 'record')),
})

const type: Codec<Type> = { encode: typeToJson, decode: (json, at) => typeFromJson(json, at) }

const output: Codec<OutputChange> = record<OutputChange>({
  name: always(text),
  action: always(choice('create', 'update', 'delete', 'keep')),
  before: maybe(shownCodec),
  after: maybe(shownCodec),
  type: maybe(type),
  sensitive: always(flag),
})

const drift: Codec<Drift> = record<Drift>({
  kind: always(choice('changed', 'vanished', 'not-adopted', 'unmanaged')),
  address: optional(text),
  type: always(text),
  id: always(text),
  name: optional(text),
  fields: always(listOf(field)),
})

const recovered: Codec<Recovered> = record<Recovered>({
  address: always(text),
  action: always(choice('create', 'update', 'delete')),
  outcome: always(choice('found', 'not-found', 'unknown')),
  id: optional(text),
  text: always(text),
})

const counts: Codec<Counts> = record<Counts>({
  adopt: always(count),
  add: always(count),
  change: always(count),
  destroy: always(count),
  move: always(count),
  forget: always(count),
})

const planCodec: Codec<Plan> = record<Plan>({
  mode: always(choice('normal', 'destroy', 'refresh-only')),
  lineage: always(text),
  seq: always(count),
  changes: always(listOf(change)),
  outputs: always(listOf(output)),
  drift: always(listOf(drift)),
  recovered: always(listOf(recovered)),
  diagnostics: always(listOf(diagnostic)),
  leftOut: always(listOf(text)),
  counts: always(counts),
})
