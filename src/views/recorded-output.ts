import { convert } from '../core/convert.js'
import type { Json } from '../core/json.js'
import { parseNumber } from '../core/number.js'
import { ExactNumber, Fingerprint, Pending, type Shown } from '../core/plan.js'
import { decodeShown, isSequence, isShownObject } from '../core/shown-codec.js'
import type { State } from '../core/state.js'
import { dynamic, type Type } from '../core/type.js'
import { typeFromJson, typeToJson } from '../core/type-json.js'
import {
  boolValue,
  nullValue,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  unknownValue,
  type Value,
} from '../core/value.js'
import type { Writable } from './json-text.js'
import { fingerprintsIn, knownPart } from './value-masks.js'

/** An output as a state records it. A sensitive one has only its fingerprint. */
export interface RecordedOutput {
  readonly value: Shown
  readonly type: Type | undefined
  readonly sensitive: boolean
}

/** The recorded outputs by name. */
export function recordedOutputs(outputs: State['outputs']): ReadonlyMap<string, RecordedOutput> {
  return new Map(
    Object.entries(outputs).flatMap(([name, output]): [string, RecordedOutput][] => {
      if (typeof output !== 'object' || output === null || Array.isArray(output)) return []
      const { value, type, sensitive } = output as { readonly [key: string]: Json }
      const at = `output ${name}`
      return [
        [
          name,
          {
            value: decodeShown(value ?? null, at),
            type: type === undefined || type === null ? undefined : typeFromJson(type, at),
            sensitive: sensitive === true,
          },
        ],
      ]
    }),
  )
}

/** The value of an output, as far as it was recorded: secrets are there as sensitive values that nobody knows. */
export function recordedOutputValue({ value, type }: RecordedOutput): Value {
  const plain = toValue(value)
  return type === undefined ? plain : convert(plain, type)
}

const none: ReadonlySet<string> = new Set()

function toValue(shown: Shown): Value {
  if (isSequence(shown)) return tupleValue(shown.map(toValue))
  if (isShownObject(shown))
    return objectValue([...shown].map(([name, each]) => [name, toValue(each)] as const))
  if (shown instanceof ExactNumber) return numberValue(parseNumber(shown.text))
  if (shown instanceof Fingerprint) return unknownValue(dynamic, none, true)
  if (shown instanceof Pending) return unknownValue()
  switch (typeof shown) {
    case 'string':
      return stringValue(shown)
    case 'number':
      return numberValue(parseNumber(String(shown)))
    case 'boolean':
      return boolValue(shown)
    default:
      return nullValue()
  }
}

/** What `output --json` writes: `{name: {sensitive, type, value}}`. */
export function recordedOutputsJson(outputs: State['outputs']): Writable {
  return new Map(
    [...recordedOutputs(outputs)].map(([name, { value, type, sensitive }]): [string, Writable] => [
      name,
      {
        sensitive,
        type: type === undefined ? null : typeToJson(type),
        value: sensitive ? null : (knownPart(value) ?? null),
        rolecall_fingerprint: sensitive ? fingerprintsIn(value) : undefined,
      },
    ]),
  )
}
