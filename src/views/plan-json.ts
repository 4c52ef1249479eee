import { blockOf } from '../core/address.js'
import type { Outline } from '../core/outline.js'
import {
  type Change,
  type Drift,
  hasChanges,
  type OutputChange,
  type Plan,
  type Shown,
} from '../core/plan.js'
import { typeToJson } from '../core/type-json.js'
import type { Value } from '../core/value.js'
import { objectsOf, resourceChangeJson, resourceJson, sensitivity } from './change-json.js'
import { configurationJson } from './configuration-json.js'
import { type Writable, writableValue } from './json-text.js'
import { terraformVersion } from './terraform-version.js'
import { hasUnknown, isUnknown, knownPart, maskOf, sealedLike } from './value-masks.js'

/** What is known of the making of a plan beside the plan itself. */
export interface PlanFacts {
  /** Of Rolecall. */
  readonly version: string
  /** RFC 3339. */
  readonly created: string
  /** Undefined: a secret, whose value no plan holds. */
  readonly variables: ReadonlyMap<string, Value | undefined>
  readonly outline: Outline
}

/**
 * A plan in Terraform's documented JSON form, `show -json PLAN`, so that policy tools and reports read it as it is. Secrets
 * are null and marked sensitive; facts that Terraform has no place for are under `rolecall`.
 */
export function planJson(plan: Plan, facts: PlanFacts): Writable {
  const drift = plan.drift.filter(({ kind }) => kind === 'changed' || kind === 'vanished')
  const schemas = new Map(facts.outline.resources.map((block) => [block.address, block.schemaVersion]))
  return {
    format_version: '1.2',
    terraform_version: terraformVersion,
    rolecall_version: facts.version,
    variables: new Map([...facts.variables].map(variableJson)),
    planned_values: {
      outputs: Object.fromEntries(
        plan.outputs.filter(({ action }) => action !== 'delete').map(plannedOutput),
      ),
      root_module: { resources: plan.changes.flatMap((change) => plannedResource(change, schemas)) },
    },
    resource_drift: drift.length === 0 ? undefined : drift.map(driftJson),
    resource_changes: plan.changes.map(resourceChangeJson),
    output_changes: Object.fromEntries(plan.outputs.map((output) => [output.name, outputChangeJson(output)])),
    prior_state: {
      format_version: '1.0',
      terraform_version: terraformVersion,
      rolecall_version: facts.version,
      values: {
        root_module: { resources: plan.changes.flatMap((change) => priorResource(change, schemas)) },
      },
    },
    configuration: configurationJson(facts.outline),
    timestamp: facts.created,
    applyable: hasChanges(plan) || (plan.mode === 'refresh-only' && plan.drift.length > 0),
    complete: plan.leftOut.length === 0,
    errored: false,
    rolecall: {
      mode: plan.mode,
      lineage: plan.lineage,
      seq: plan.seq,
      counts: { ...plan.counts },
      left_out: [...plan.leftOut],
      recovered: plan.recovered.map((each) => ({ ...each })),
      drift: plan.drift.map(ownDrift),
    },
  }
}

function plannedResource(change: Change, schemas: SchemaVersions): Writable[] {
  const { after, before } = objectsOf(change)
  const values = change.action === 'keep' || change.action === 'move' ? (after ?? before) : after
  if (values === undefined) return []
  return [
    {
      ...resourceJson(change.address, change.mode, change.type, change.provider),
      schema_version: schemas.get(blockOf(change.address)),
      values: knownPart(values),
      sensitive_values: sensitivity(values),
    },
  ]
}

function priorResource(change: Change, schemas: SchemaVersions): Writable[] {
  const { before } = objectsOf(change)
  // What is only about to be adopted is not in the state.
  if (before === undefined || change.action === 'adopt') return []
  return [
    {
      ...resourceJson(change.previousAddress ?? change.address, change.mode, change.type, change.provider),
      schema_version: schemas.get(blockOf(change.address)),
      deposed_key: change.deposedKey,
      values: knownPart(before),
      sensitive_values: sensitivity(before),
      depends_on: change.dependsOn.length === 0 ? undefined : [...change.dependsOn],
    },
  ]
}

function plannedOutput(output: OutputChange): [string, Writable] {
  const { name, sensitive, after, type } = output
  const known = sensitive || hasUnknown(after) ? undefined : knownPart(after)
  return [name, { sensitive, type: type === undefined ? undefined : typeToJson(type), value: known }]
}

const outputActions = { create: 'create', update: 'update', delete: 'delete', keep: 'no-op' } as const

/** One entry of `output_changes`. A sensitive output has neither value. */
export function outputChangeJson(output: OutputChange): Writable {
  const { sensitive, after } = output
  const before = sealedLike(output.before, after)
  return {
    actions: [outputActions[output.action]],
    before: sensitive ? null : knownPart(before),
    after: sensitive ? null : knownPart(after),
    after_unknown: hasUnknown(after) ? maskOf(after, isUnknown) : false,
    before_sensitive: sensitive ? true : outputSensitivity(before),
    after_sensitive: sensitive ? true : outputSensitivity(after),
  }
}

/** Terraform says `false` of an output none of which is sensitive, whatever its shape. */
function outputSensitivity(value: Shown | undefined): Writable {
  const mask = sensitivity(value)
  return says(mask) ? mask : false
}

function says(mask: Writable | undefined): boolean {
  if (Array.isArray(mask)) return mask.some(says)
  return mask instanceof Map ? [...mask.values()].some(says) : mask === true
}

function driftJson(drift: Drift): Writable {
  const before = new Map(
    drift.fields.flatMap(({ name, before }) => (before === undefined ? [] : [[name, before]])),
  )
  const after = new Map(
    drift.fields.flatMap(({ name, after }) => (after === undefined ? [] : [[name, after]])),
  )
  const sealed = sealedLike(before, after)
  const gone = drift.kind === 'vanished'
  const address = drift.address ?? drift.type
  return {
    ...resourceJson(address, 'managed', drift.type, drift.type.split('_')[0] ?? drift.type),
    change: {
      actions: [gone ? 'delete' : 'update'],
      before: knownPart(sealed),
      after: gone ? null : knownPart(after),
      after_unknown: {},
      before_sensitive: sensitivity(sealed),
      after_sensitive: gone ? false : sensitivity(after),
    },
  }
}

/** One object that is not as it was last applied, in a form of our own. */
export function ownDrift(drift: Drift): Writable {
  return {
    kind: drift.kind,
    address: drift.address,
    type: drift.type,
    id: drift.id,
    name: drift.name,
    fields: drift.fields.map((field) => {
      const before = sealedLike(field.before, field.after)
      return {
        name: field.name,
        before: knownPart(before),
        after: knownPart(field.after),
        before_sensitive: sensitivity(before),
        after_sensitive: sensitivity(field.after),
      }
    }),
  }
}

/** By the address of the block. */
type SchemaVersions = ReadonlyMap<string, number>

function variableJson([name, value]: readonly [string, Value | undefined]): readonly [string, Writable] {
  return [name, value === undefined ? {} : { value: writableValue(value) }]
}
