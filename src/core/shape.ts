import type { Json } from './json.js'

/**
 * Checks that parsed JSON has a shape, without copying it: a state of 20,000 rows is checked in a few milliseconds, which
 * `core/codec` cannot do. Returns undefined, or what is wrong with its place: `.row.id must be a text`.
 */
export type Shape = (value: unknown) => string | undefined

export const text: Shape = (value) => (typeof value === 'string' ? undefined : ' must be a text')

/** A text with something in it: ids and names. */
export const filled: Shape = (value) =>
  typeof value === 'string' && value !== '' ? undefined : ' must be a text that is not empty'

export const flag: Shape = (value) => (typeof value === 'boolean' ? undefined : ' must be true or false')

/** A whole number from 0 up that a double holds exactly. */
export const count: Shape = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? undefined
    : ' must be a whole number that is not negative'

/** A number of milliseconds. */
export const duration: Shape = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? undefined
    : ' must be a number that is not negative'

export function oneOf(...all: readonly string[]): Shape {
  const known: ReadonlySet<unknown> = new Set(all)
  return (value) => (known.has(value) ? undefined : ` must be one of ${all.join(', ')}`)
}

export function listOf(element: Shape): Shape {
  return (value) => {
    if (!Array.isArray(value)) return ' must be a list'
    for (let i = 0; i < value.length; i++) {
      const wrong = element(value[i])
      if (wrong !== undefined) return `[${i}]${wrong}`
    }
    return undefined
  }
}

export const required = (shape: Shape): Field => ({ shape, required: true })
export const optional = (shape: Shape): Field => ({ shape, required: false })

export interface Field {
  readonly shape: Shape
  readonly required: boolean
}

/** An object with these fields and no other: a field that this version does not know must not be dropped in silence. */
export function fieldsOf<T extends object>(fields: { readonly [K in keyof T]-?: Field }): Shape {
  const all = Object.entries<Field>(fields)
  return (value) => {
    if (!isRecord(value)) return ' must be an object'
    let found = 0
    for (const [name, field] of all) {
      const given = value[name]
      if (given !== undefined) {
        found++
        const wrong = field.shape(given)
        if (wrong !== undefined) return `.${name}${wrong}`
      } else if (field.required) return `.${name} is missing`
    }
    const names = Object.keys(value)
    if (names.length === found) return undefined
    const stranger = names.find((name) => !Object.hasOwn(fields, name))
    return ` has a field ${JSON.stringify(stranger)}, which is not known`
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const deepest = 200

/** Any JSON object; nothing in it is deeper than what recursive code can walk. */
export const document: Shape = (value) => (isRecord(value) ? depthOf(value as Json, 0) : ' must be an object')

function depthOf(value: Json, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (depth >= deepest) return ` is nested more than ${deepest} levels deep`
  // No callbacks here: this runs over every value of every row.
  if (Array.isArray(value)) {
    for (const item of value) {
      const wrong = depthOf(item, depth + 1)
      if (wrong !== undefined) return wrong
    }
    return undefined
  }
  const record = value as { readonly [key: string]: Json }
  for (const key of Object.keys(record)) {
    const item = record[key] as Json
    if (typeof item !== 'object' || item === null) continue
    const wrong = depthOf(item, depth + 1)
    if (wrong !== undefined) return wrong
  }
  return undefined
}
