import { isObject, type Json, type JsonObject } from '../../core/json.js'
import { objectIn, type Reading, unexpected } from '../../http/reading.js'

/** A connector as the service answers. The members of other types are null or absent: both are null here. */
export interface WireConnector {
  readonly id: string
  readonly name: string
  /** Null: the answer says neither that, as the vendor's sample does not, nor what was verified. */
  readonly type: string | null
  readonly createdAt: string | null
  readonly updatedAt: string | null
  /** A `verified_*` member by the rest of its name. */
  verified(name: string): string | null
}

/** The connectors of a list: an array, or an object with one array in it. */
export function connectorsIn(body: Json | undefined, reading: Reading): readonly WireConnector[] {
  if (Array.isArray(body)) return body.map((one: Json) => connectorIn(one, reading))
  const lists = isObject(body) ? Object.values(body).filter((member) => Array.isArray(member)) : []
  const [list] = lists
  if (lists.length !== 1 || !Array.isArray(list)) throw unexpected(reading, 'a list of connectors')
  return list.map((one: Json) => connectorIn(one, reading))
}

export function connectorIn(body: Json | undefined, reading: Reading): WireConnector {
  const object = objectIn(body, reading)
  const { id, credential_name } = object
  if (typeof id !== 'string' || id === '') throw unexpected(reading, 'a text as "id"')
  if (typeof credential_name !== 'string') throw unexpected(reading, 'a text as "credential_name"')
  return {
    id,
    name: credential_name,
    type: textIn(object, 'connector_type') ?? impliedType(object),
    createdAt: textIn(object, 'created_at'),
    updatedAt: textIn(object, 'updated_at'),
    verified: (name) => textIn(object, `verified_${name}`),
  }
}

/** What only connectors of one type have. */
const telling = { s3: 'bucket_uri', snowflake: 'account', databricks: 'server_hostname' } as const

/** The type that what was verified speaks for; null: none, or more than one. */
function impliedType(object: JsonObject): string | null {
  const types = Object.entries(telling).filter(([, name]) => textIn(object, `verified_${name}`) !== null)
  return types.length === 1 ? (types[0]?.[0] ?? null) : null
}

/** A text that an answer must hold. */
export function requiredText(body: Json | undefined, name: string, reading: Reading): string {
  const found = isObject(body) ? textIn(body, name) : null
  if (found === null || found === '') throw unexpected(reading, `a text as "${name}"`)
  return found
}

function textIn(object: JsonObject, name: string): string | null {
  const value = Object.hasOwn(object, name) ? object[name] : undefined
  return typeof value === 'string' ? value : null
}
