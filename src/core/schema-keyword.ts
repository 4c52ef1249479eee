import type { Json } from './json.js'

/** A JSON object of a schema file, with the place of it for messages: `properties.role`. */
export interface Node {
  readonly at: string
  readonly fields: ReadonlyMap<string, unknown>
}

/** A mistake in a schema file is a bug of ours, not the user's: a plain error. */
export function wrong(at: string, what: string): Error {
  return new Error(`schema ${at}: ${what}`)
}

/** The object at a place, with only the keywords that are allowed there. */
export function node(value: unknown, at: string, allowed?: ReadonlySet<string>): Node {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(at, 'must be an object')
  const fields = new Map<string, unknown>(Object.entries(value))
  if (allowed !== undefined) {
    for (const keyword of fields.keys()) {
      if (!allowed.has(keyword)) throw wrong(at, `unknown keyword "${keyword}"`)
    }
  }
  return { at, fields }
}

export function text(from: Node, keyword: string): string | undefined {
  const value = from.fields.get(keyword)
  if (value === undefined) return undefined
  if (typeof value !== 'string' || value.trim() === '')
    throw wrong(`${from.at}.${keyword}`, 'must be a text that is not empty')
  return value
}

export function count(from: Node, keyword: string): number | undefined {
  const value = from.fields.get(keyword)
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw wrong(`${from.at}.${keyword}`, 'must be a number')
  return value
}

/** A keyword that is either absent or true. */
export function flag(from: Node, keyword: string): boolean {
  const value = from.fields.get(keyword)
  if (value === undefined) return false
  if (value !== true) throw wrong(`${from.at}.${keyword}`, 'must be true where it is given')
  return true
}

export function texts(from: Node, keyword: string): readonly string[] {
  const value = from.fields.get(keyword)
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length === 0 || !value.every((v) => typeof v === 'string'))
    throw wrong(`${from.at}.${keyword}`, 'must be a list of texts that is not empty')
  if (new Set(value).size !== value.length) throw wrong(`${from.at}.${keyword}`, 'names something twice')
  return value
}

export function items(from: Node, keyword: string): readonly unknown[] {
  const value = from.fields.get(keyword)
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length === 0)
    throw wrong(`${from.at}.${keyword}`, 'must be a list that is not empty')
  return value
}

/** Values that come from `JSON.parse` are JSON. */
export function json(from: Node, keyword: string): Json | undefined {
  return from.fields.get(keyword) as Json | undefined
}

/** A property with a value, or none. */
export function given<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: V })
}
