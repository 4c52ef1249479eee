import { parseAddress } from '../core/address.js'
import type { Json } from '../core/json.js'
import { Fingerprint, type Shown } from '../core/plan.js'
import { type Row, rowKey, type State } from '../core/state.js'
import { escapeLine } from './escape.js'
import { recordedOutputs, recordedOutputValue } from './recorded-output.js'
import { attributeLines, linesText, type NamedValue, wholeValue } from './shown-lines.js'
import type { Style } from './style.js'
import { outputsText } from './value.js'

/** A recorded object for people: what `state show` prints. */
export function rowText(row: Row, style: Style): string {
  const name = parseAddress(row.address)?.name ?? row.address
  const { attributes, writeOnly } = recordedAttributes(row)
  const lines = [
    ...attributeLines(attributes.map(named), 2),
    ...(writeOnly.length === 0
      ? []
      : [{ mark: ' ', indent: 2, text: '# (as last sent; the service never tells)' } as const]),
    ...attributeLines(writeOnly.map(named), 2),
  ]
  return `# ${style.bold(escapeLine(rowKey(row)))}:\nresource "${escapeLine(row.type)}" "${escapeLine(name)}" {\n${linesText(lines, style)}}\n`
}

type Recorded = readonly [name: string, value: Shown]

/** What is recorded of an object: what the service last had, and what was last sent and is never read back. */
export function recordedAttributes(row: Row): {
  readonly attributes: readonly Recorded[]
  readonly writeOnly: readonly Recorded[]
} {
  const attributes = Object.entries(row.attributes).filter(([, value]) => value !== null)
  const sent = Object.entries(row.inputs).filter(
    ([name, value]) => value !== null && !Object.hasOwn(row.attributes, name),
  )
  const shown = ([name, value]: readonly [string, Json]): Recorded => [name, recordedValue(value)]
  return { attributes: attributes.map(shown), writeOnly: sent.map(shown) }
}

function named([name, value]: Recorded): NamedValue {
  return [name, wholeValue(value, ' ', 2)]
}

/** Recorded JSON as a document: `{"$secret": "3f1c"}` is the fingerprint of a secret. */
export function recordedValue(json: Json): Shown {
  if (Array.isArray(json)) return json.map(recordedValue)
  if (typeof json !== 'object' || json === null) return json
  const entries = Object.entries(json)
  const [only] = entries
  if (only?.[0] === '$secret' && entries.length === 1 && typeof only[1] === 'string')
    return new Fingerprint(only[1])
  return new Map(entries.map(([name, value]) => [name, recordedValue(value)]))
}

/** Everything that a state records, for people: what `show` prints. */
export function stateText(state: State, style: Style): string {
  const rows = [...state.rows.values()].map((row) => rowText(row, style))
  const outputs = recordedOutputs(state.outputs)
  if (rows.length === 0 && outputs.size === 0) return 'The state is empty. No objects are recorded.\n'
  const values = [...outputs].map(
    ([name, output]) => [name, { value: recordedOutputValue(output), sensitive: output.sensitive }] as const,
  )
  const shown = outputs.size === 0 ? '' : `\n${style.bold('Outputs:')}\n\n${outputsText(new Map(values))}`
  return `${rows.join('\n')}${shown}`
}
