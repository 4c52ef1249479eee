import { isObject, type Json, type JsonObject } from '../../core/json.js'
import { objectIn, type Reading, unexpected } from '../../http/reading.js'

/** A credential as the service answers; undefined: the answer does not have the member. */
export interface WireCredential {
  readonly id: string
  readonly name: string
  readonly mode: string
  readonly teamId: string
  readonly folderId: string | null
  readonly readAccess: string
  readonly sharedTeamSlugs: readonly string[]
  readonly description: string | null
  readonly slug: string | null
  readonly metadata: ReadonlyMap<string, string>
  readonly allowedHosts: readonly string[]
  readonly authenticationType: string | null
  readonly externalId: string | null
  readonly staticExternalId: boolean | undefined
  readonly expiresAt: string | null | undefined
  readonly expiryNotifications: boolean | undefined
  readonly recipientIds: readonly number[] | undefined
  readonly testEnabled: boolean | undefined
  /** Null: it has no test twin. */
  readonly test: WireTwin | null | undefined
  /** Which stories and actions use it, where the service says so. */
  readonly references: References | undefined
  readonly createdAt: string | null
  readonly updatedAt: string | null
}

export interface WireTwin {
  readonly createdAt: string | null
  readonly updatedAt: string | null
}

/** Ids. */
export interface References {
  readonly stories: readonly string[]
  readonly actions: readonly string[]
}

/** The id of an object: a positive whole number. */
export function idOf(object: JsonObject, reading: Reading): string {
  const id = idIn(object.id)
  if (id === null) throw unexpected(reading, 'a positive number as "id"')
  return id
}

/** Null for anything that is no id. */
export function idIn(json: Json | undefined): string | null {
  if (typeof json === 'number' && Number.isSafeInteger(json) && json > 0) return String(json)
  return typeof json === 'string' && /^[1-9][0-9]*$/.test(json) ? json : null
}

/**
 * The credential in the answer to a write. For some OAuth credentials the vendor speaks of an object with a `redirect_url` and a
 * description of the credential, and does not say whether that stands beside it or inside.
 */
export function writtenCredential(body: Json | undefined, reading: Reading): WireCredential {
  const inside = isObject(body) && body.id === undefined ? Object.values(body).filter(isObject) : []
  return credentialIn(inside.length === 1 ? inside[0] : body, reading)
}

export function credentialIn(body: Json | undefined, reading: Reading): WireCredential {
  const object = objectIn(body, reading)
  const { name, mode } = object
  const teamId = idIn(object.team_id)
  if (typeof name !== 'string') throw unexpected(reading, 'a text as "name"')
  if (typeof mode !== 'string') throw unexpected(reading, 'a text as "mode"')
  if (teamId === null) throw unexpected(reading, 'a positive number as "team_id"')
  return {
    id: idOf(object, reading),
    name,
    mode,
    teamId,
    folderId: idIn(object.folder_id),
    readAccess: textIn(object.read_access) ?? 'TEAM',
    sharedTeamSlugs: textsIn(object.shared_team_slugs),
    description: textIn(object.description),
    slug: textIn(object.slug),
    metadata: metadataIn(object.metadata),
    allowedHosts: textsIn(object.allowed_hosts),
    authenticationType: textIn(object.aws_authentication_type),
    externalId: textIn(object.aws_assumed_role_external_id),
    staticExternalId: flagIn(object.use_static_external_id),
    expiresAt: object.expires_at === undefined ? undefined : textIn(object.expires_at),
    expiryNotifications: flagIn(object.expiry_notifications_enabled),
    recipientIds: numbersIn(object.credential_notification_recipient_user_ids),
    testEnabled: flagIn(object.test_credential_enabled),
    test: twinIn(object.test_credential),
    references: referencesIn(object),
    createdAt: textIn(object.created_at),
    updatedAt: textIn(object.updated_at),
  }
}

function twinIn(json: Json | undefined): WireTwin | null | undefined {
  if (json === undefined || json === null) return json
  return isObject(json)
    ? { createdAt: textIn(json.created_at), updatedAt: textIn(json.updated_at) }
    : undefined
}

/**
 * The vendor says that the ids of stories and actions are added, and not under which names: they are taken from wherever a
 * member that speaks of stories or of actions has a list of ids.
 */
function referencesIn(object: JsonObject): References | undefined {
  const nested = isObject(object.references) ? Object.entries(object.references) : []
  const members = [...Object.entries(object), ...nested]
  const ids = (topic: RegExp) => {
    const lists = members.flatMap(([name, value]) =>
      topic.test(name) && Array.isArray(value) ? [value] : [],
    )
    if (lists.length === 0) return undefined
    const all = lists.flat().map((item: Json) => idIn(isObject(item) ? item.id : item))
    return all.filter((id) => id !== null)
  }
  const stories = ids(/stor(?:y|ies)/)
  const actions = ids(/action|agent/)
  if (stories === undefined && actions === undefined) return undefined
  return { stories: stories ?? [], actions: actions ?? [] }
}

function metadataIn(json: Json | undefined): ReadonlyMap<string, string> {
  const entries = isObject(json) ? Object.entries(json) : []
  // Others may have put in what is no text.
  return new Map(
    entries.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
}

export function textIn(json: Json | undefined): string | null {
  return typeof json === 'string' ? json : null
}

function textsIn(json: Json | undefined): readonly string[] {
  return Array.isArray(json) ? json.filter((item: Json): item is string => typeof item === 'string') : []
}

function numbersIn(json: Json | undefined): readonly number[] | undefined {
  return Array.isArray(json)
    ? json.filter((item: Json): item is number => typeof item === 'number')
    : undefined
}

function flagIn(json: Json | undefined): boolean | undefined {
  return typeof json === 'boolean' ? json : undefined
}
