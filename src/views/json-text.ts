import { formatNumber } from '../core/number.js'
import { ExactNumber } from '../core/plan.js'
import { compareCodePoints } from '../core/type.js'
import type { Value } from '../core/value.js'

/**
 * What is written as JSON: numbers of any size are written out digit by digit, and the keys of Maps keep their order and may
 * be any text. Properties that are undefined are left out.
 */
export type Writable =
  | null
  | boolean
  | number
  | string
  | ExactNumber
  | readonly Writable[]
  | ReadonlyMap<string, Writable>
  | { readonly [key: string]: Writable | undefined }

/** JSON text. `indent`: spaces per level; 0 = on one line. */
export function jsonText(value: Writable, indent = 0): string {
  return write(value, indent === 0 ? '' : '\n', ' '.repeat(indent))
}

function write(value: Writable, newline: string, step: string): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (value instanceof ExactNumber) return value.text
  const inner = newline === '' ? '' : newline + step
  if (isSequence(value)) {
    if (value.length === 0) return '[]'
    return `[${inner}${value.map((each) => write(each, inner, step)).join(`,${inner}`)}${newline}]`
  }
  const entries = isMap(value) ? [...value] : Object.entries(value)
  const colon = newline === '' ? ':' : ': '
  const members = entries.flatMap(([key, each]) =>
    each === undefined ? [] : [`${JSON.stringify(key)}${colon}${write(each, inner, step)}`],
  )
  return members.length === 0 ? '{}' : `{${inner}${members.join(`,${inner}`)}${newline}}`
}

function isSequence(value: object): value is readonly Writable[] {
  return Array.isArray(value)
}

function isMap(value: object): value is ReadonlyMap<string, Writable> {
  return value instanceof Map
}

/** A value of the language for JSON. `hidden` stands for sensitive leaves and for what is not known yet. */
export function writableValue(value: Value, hidden: Writable = null): Writable {
  switch (value.kind) {
    case 'list':
    case 'set':
    case 'tuple':
      return value.items.map((item) => writableValue(item, hidden))
    case 'map':
    case 'object':
      return new Map(
        [...value.entries]
          .sort((a, b) => compareCodePoints(a[0], b[0]))
          .map(([key, each]) => [key, writableValue(each, hidden)]),
      )
    case 'unknown':
      return hidden
  }
  if (value.sensitive) return hidden
  switch (value.kind) {
    case 'null':
      return null
    case 'string':
    case 'bool':
      return value.value
    case 'number':
      return new ExactNumber(formatNumber(value.value))
  }
}
