import type { Row, State } from '../core/state.js'
import { resourceJson, sensitivity } from './change-json.js'
import type { Writable } from './json-text.js'
import { recordedOutputsJson } from './recorded-output.js'
import { recordedAttributes } from './row-text.js'
import { terraformVersion } from './terraform-version.js'
import { fingerprintsIn, knownPart } from './value-masks.js'

/** One recorded object, in the form that objects have in Terraform's state and plan documents. Secrets are null. */
export function rowJson(row: Row): Writable {
  const { attributes, writeOnly } = recordedAttributes(row)
  const values = new Map([...attributes, ...writeOnly])
  return {
    ...resourceJson(row.address, 'managed', row.type, row.provider),
    schema_version: row.schemaVersion,
    values: knownPart(values),
    sensitive_values: sensitivity(values),
    depends_on: row.dependsOn.length === 0 ? undefined : [...row.dependsOn],
    deposed_key: row.deposedKey,
    rolecall: {
      id: row.id,
      natural_key: row.naturalKey,
      endpoint: row.endpoint,
      provider: row.provider,
      origin: row.origin,
      prevent_destroy: row.preventDestroy,
      on_destroy: row.onDestroy,
      unfinished: row.unfinished,
      write_only: writeOnly.map(([name]) => name),
      fingerprints: fingerprintsIn(values),
    },
  }
}

/** A whole state, in the form of `show -json` without a plan. The values of sensitive outputs are null. */
export function stateJson(state: State, version: string): Writable {
  return {
    format_version: '1.0',
    terraform_version: terraformVersion,
    rolecall_version: version,
    values: {
      outputs: recordedOutputsJson(state.outputs),
      root_module: { resources: [...state.rows.values()].map(rowJson) },
    },
    rolecall: {
      lineage: state.lineage,
      seq: state.seq,
      open: [...state.open.values()].map(({ op, address, action, at }) => ({ op, address, action, at })),
    },
  }
}
