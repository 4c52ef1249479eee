import type { Json, JsonObject } from '../../core/json.js'
import { ServiceError } from '../../core/resource.js'

/** A connector as the service answers. The members of other types are null or absent: both are null here. */
export interface WireConnector {
  readonly id: string
  readonly name: string
  /** Null: the answer does not say, as in the vendor's sample. */
  readonly type: string | null
  readonly createdAt: string | null
  readonly updatedAt: string | null
  /** A `verified_*` member by the rest of its name. */
  verified(name: string): string | null
}

/** The connectors of a list: an array, or an object with one array in it. */
export function connectorsIn(body: Json | undefined, doing: string): readonly WireConnector[] {
  if (Array.isArray(body)) return body.map((one: Json) => connectorIn(one, doing))
  const lists = isObject(body) ? Object.values(body).filter((member) => Array.isArray(member)) : []
  const [list] = lists
  if (lists.length !== 1 || !Array.isArray(list)) throw unexpected(doing, 'a list of connectors')
  return list.map((one: Json) => connectorIn(one, doing))
}

export function connectorIn(body: Json | undefined, doing: string): WireConnector {
  if (!isObject(body)) throw unexpected(doing, 'an object')
  const { id, credential_name } = body
  if (typeof id !== 'string' || id === '') throw unexpected(doing, 'a text as "id"')
  if (typeof credential_name !== 'string') throw unexpected(doing, 'a text as "credential_name"')
  return {
    id,
    name: credential_name,
    type: textIn(body, 'connector_type'),
    createdAt: textIn(body, 'created_at'),
    updatedAt: textIn(body, 'updated_at'),
    verified: (name) => textIn(body, `verified_${name}`),
  }
}

/** A text that an answer must hold. */
export function requiredText(body: Json | undefined, name: string, doing: string): string {
  const found = isObject(body) ? textIn(body, name) : null
  if (found === null || found === '') throw unexpected(doing, `a text as "${name}"`)
  return found
}

function textIn(object: JsonObject, name: string): string | null {
  const value = Object.hasOwn(object, name) ? object[name] : undefined
  return typeof value === 'string' ? value : null
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function unexpected(doing: string, expected: string): ServiceError {
  return new ServiceError(doing, {
    words: `the answer has not the expected form: there should be ${expected}`,
    help: 'Check that the endpoint is that of the OuterProduct API, version 1.',
  })
}
