import type { Address } from '../core/address.js'
import { typeOf } from '../core/convert.js'
import { error } from '../core/diagnostic.js'
import { hasSensitive, isWhollyKnown, markSensitive } from '../core/equality.js'
import type { Json, JsonObject } from '../core/json.js'
import type { OutputChange, Shown } from '../core/plan.js'
import { decodeShown, encodeShown } from '../core/shown-codec.js'
import { typeToJson } from '../core/type-json.js'
import type { Value } from '../core/value.js'
import { toObject } from './record.js'
import { shownValue } from './shown.js'
import type { WalkContext } from './walk-context.js'

export interface EvaluatedOutput {
  readonly name: string
  readonly value: Value
  readonly sensitive: boolean
}

/** Evaluates the outputs; one that depends on what was left out of the run is not in the answer and keeps its value. */
export function evaluateOutputs(context: WalkContext): readonly EvaluatedOutput[] {
  const { configuration } = context.input
  const found: EvaluatedOutput[] = []
  for (const output of configuration.outputs.values()) {
    const reads = new Set<Address>()
    let value: Value
    try {
      value = output.value.evaluate(context.evaluation.scope(reads))
    } catch (cause) {
      if (![...reads].some((address) => context.nodes.get(address)?.failed)) context.report(cause)
      continue
    }
    const nodes = [...reads].map((address) => context.nodes.get(address))
    if (nodes.some((node) => node === undefined || node.failed)) continue
    if (
      context.selection.partial &&
      (nodes.some((node) => node?.excluded) || touchesLeftOut(context, output.value.references))
    )
      continue
    if (!output.sensitive && hasSensitive(value)) {
      context.diagnostics.push(
        error('engine/sensitive-output', 'An output shows a sensitive value', {
          detail: `output "${output.name}" holds a sensitive value, and outputs are printed.`,
          help: 'Add sensitive = true to the output, or wrap the value in nonsensitive() if it is no secret.',
          span: output.value.span,
        }),
      )
      continue
    }
    found.push({
      name: output.name,
      value: output.sensitive ? markSensitive(value) : value,
      sensitive: output.sensitive,
    })
  }
  return found
}

function touchesLeftOut(context: WalkContext, references: readonly { readonly subject: string }[]): boolean {
  return references.some(
    ({ subject }) => context.input.configuration.resources.has(subject) && !context.selection.block(subject),
  )
}

/** What becomes of the outputs, compared with those that the state holds. */
export function outputChanges(
  context: WalkContext,
  evaluated: readonly EvaluatedOutput[],
): readonly OutputChange[] {
  const recorded = context.input.state.outputs
  const changes: OutputChange[] = []
  for (const output of evaluated) {
    const before = recordedOutput(recorded[output.name])
    const after = shownValue(output.value, context.input.fingerprints)
    const known = isWhollyKnown(output.value)
    const same =
      known &&
      before !== undefined &&
      JSON.stringify(encodeShown(before)) === JSON.stringify(encodeShown(after))
    changes.push({
      name: output.name,
      action: before === undefined ? 'create' : same ? 'keep' : 'update',
      before,
      after,
      type: typeOf(output.value),
      sensitive: output.sensitive,
    })
  }
  for (const [name, json] of Object.entries(recorded)) {
    if (context.input.configuration.outputs.has(name)) continue
    changes.push({
      name,
      action: 'delete',
      before: recordedOutput(json),
      after: undefined,
      type: undefined,
      sensitive: isSensitiveRecord(json),
    })
  }
  return changes
}

/** Outputs as the state records them: `{ value, type, sensitive }`, the value with secrets as fingerprints. */
export function recordOutputs(context: WalkContext, evaluated: readonly EvaluatedOutput[]): JsonObject {
  const entries = new Map<string, Json>()
  for (const [name, json] of Object.entries(context.input.state.outputs)) {
    if (context.input.configuration.outputs.has(name)) entries.set(name, json)
  }
  for (const output of evaluated) {
    if (!isWhollyKnown(output.value)) continue
    entries.set(
      output.name,
      toObject([
        ['value', encodeShown(shownValue(output.value, context.input.fingerprints))],
        ['type', typeToJson(typeOf(output.value))],
        ['sensitive', output.sensitive],
      ]),
    )
  }
  return toObject(entries)
}

function recordedOutput(json: Json | undefined): Shown | undefined {
  if (json === undefined || json === null || typeof json !== 'object' || Array.isArray(json)) return undefined
  return decodeShown((json as JsonObject).value as Json, 'output')
}

function isSensitiveRecord(json: Json): boolean {
  return (
    json !== null &&
    typeof json === 'object' &&
    !Array.isArray(json) &&
    (json as JsonObject).sensitive === true
  )
}
