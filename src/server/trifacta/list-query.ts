import type { JsonObject } from '../../core/json.js'
import { invalid } from './api-error.js'

/** The query parameters that every list takes. */
export interface ListQuery {
  readonly limit: number
  /** Counts items, not pages. */
  readonly offset: number
  readonly includeDeleted: boolean
}

const defaultLimit = 25
/** A larger `limit` is lowered to this without a word, which the vendor reserves the right to do. */
const largestLimit = 1000

export function readListQuery(query: URLSearchParams): ListQuery {
  return {
    limit: Math.min(count(query, 'limit') ?? defaultLimit, largestLimit),
    offset: count(query, 'offset') ?? 0,
    includeDeleted: readFlag(query, 'includeDeleted') ?? false,
  }
}

export function readFlag(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (text !== 'true' && text !== 'false') throw invalid(`the query parameter ${name} must be true or false`)
  return text === 'true'
}

/** The members that `fields=id;name` asks for; the id always is. Names that the object does not have are ignored. */
export function selectFields(object: JsonObject, fields: string | null): JsonObject {
  if (fields === null || fields === '') return object
  const wanted = new Set(['id', ...fields.split(';').map((name) => name.trim())])
  return Object.fromEntries(Object.entries(object).filter(([name]) => wanted.has(name)))
}

function count(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (!/^[0-9]{1,15}$/.test(text)) throw invalid(`the query parameter ${name} must be a whole number from 0`)
  return Number(text)
}
