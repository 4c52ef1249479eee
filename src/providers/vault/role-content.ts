import { policyMeaning } from '../../core/iam-policy.js'
import type { Json, JsonObject } from '../../core/json.js'
import type { Inputs, Outputs, Plain } from '../../core/resource.js'
import type { Body } from '../../http/client.js'
import { textsOf } from '../inputs.js'
import { textOf } from './api.js'
import type { Place } from './place.js'
import { durationIn, secondsOf, textIn, textMapIn, textsIn } from './wire.js'

const lists = ['role_arns', 'policy_arns', 'iam_groups'] as const
const maps = ['iam_tags', 'session_tags'] as const
const durations = ['default_sts_ttl', 'max_sts_ttl'] as const
const texts = [
  'policy_document',
  'external_id',
  'user_path',
  'permissions_boundary_arn',
  'mfa_serial_number',
] as const

/** All that a role can have besides its type. */
export const roleFields = [...lists, ...maps, ...durations, ...texts]

export function outputsOf({ mount, name }: Place, data: JsonObject): Outputs {
  return {
    id: `${mount}/roles/${name}`,
    mount,
    name,
    credential_type: typeIn(data),
    ...Object.fromEntries(lists.map((field) => [field, textsIn(data[field])])),
    ...Object.fromEntries(maps.map((field) => [field, textMapIn(data[field])])),
    ...Object.fromEntries(durations.map((field) => [field, durationIn(data[field])])),
    ...Object.fromEntries(texts.map((field) => [field, textIn(data[field])])),
    // AWS takes the empty path for this one.
    user_path: data.user_path === '/' ? null : textIn(data.user_path),
    invalid_data: textIn(data.invalid_data),
  }
}

/** The vendor's samples have a list named otherwise; a role of a server before 0.11 may have two types, with a comma. */
function typeIn({ credential_type, credential_types }: JsonObject): string | null {
  return textIn(credential_type) ?? (textsIn(credential_types).join(',') || null)
}

/**
 * What to send to make a role what is declared. The server merges: what is not declared and there has to be sent empty. What
 * neither is, is left out, because older servers do not know it.
 */
export function roleBody(inputs: Inputs, current: Outputs | undefined): Readonly<Record<string, Body>> {
  const body: Record<string, Body> = { credential_type: textOf(inputs.credential_type) }
  for (const field of roleFields) {
    const wanted = bodyOf(field, inputs[field])
    if (wanted !== undefined) body[field] = wanted
    else if (current !== undefined && bodyOf(field, current[field]) !== undefined)
      body[field] = nothing(field)
  }
  return body
}

/** Undefined: nothing. */
function bodyOf(field: string, value: Plain | undefined): Body | undefined {
  if (isOneOf(lists, field)) return textsOf(value).length === 0 ? undefined : textsOf(value)
  if (isOneOf(durations, field)) return secondsOf(value) === 0 ? undefined : secondsOf(value)
  if (isOneOf(maps, field))
    return value instanceof Map && value.size > 0 ? (Object.fromEntries(value) as Body) : undefined
  return textOf(value) ?? undefined
}

function nothing(field: string): Body {
  if (isOneOf(lists, field)) return []
  if (isOneOf(durations, field)) return 0
  return isOneOf(maps, field) ? {} : ''
}

function isOneOf(fields: readonly string[], field: string): boolean {
  return fields.includes(field)
}

/** What is declared and not there at all: this release of the server does not know it. */
export function unheededFields(inputs: Inputs, out: Outputs): readonly string[] {
  return roleFields.filter(
    (field) => bodyOf(field, inputs[field]) !== undefined && bodyOf(field, out[field]) === undefined,
  )
}

/** Whether a role is what is declared already. */
export function isAsDeclared(inputs: Inputs, out: Outputs): boolean {
  const shape = (from: Inputs) =>
    JSON.stringify([
      textOf(from.credential_type),
      ...roleFields.map((field) => [field, comparable(field, from[field])]),
    ])
  return shape(inputs) === shape(out)
}

function comparable(field: string, value: Plain | undefined): Body | undefined {
  const body = bodyOf(field, value)
  if (body === undefined) return undefined
  if (isOneOf(lists, field)) return [...textsOf(value)].sort()
  if (isOneOf(maps, field))
    return Object.entries(body as Readonly<Record<string, string>>)
      .sort()
      .flat()
  if (field !== 'policy_document' || typeof body !== 'string') return body
  try {
    return policyMeaning(JSON.parse(body) as Json)
  } catch {
    return body
  }
}
