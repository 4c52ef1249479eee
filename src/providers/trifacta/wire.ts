import type { Json, JsonObject } from '../../core/json.js'
import { objectIn, type Reading, unexpected } from '../../http/reading.js'

/** A person as the service answers; undefined: the answer does not have the member, so this token may not see it. */
export interface WirePerson {
  readonly id: string
  readonly email: string
  readonly name: string | null
  readonly isAdmin: boolean | undefined
  readonly isDisabled: boolean | undefined
  readonly forcePasswordChange: boolean | undefined
  readonly ssoPrincipal: string | null
  readonly hadoopPrincipal: string | null
  readonly outputHomeDir: string | null
  readonly fileUploadPath: string | null
  readonly state: string | null
  readonly lastLoginTime: string | null
  readonly createdAt: string | null
  readonly updatedAt: string | null
  /** The id of the person's awsConfig. Null: none. */
  readonly awsConfigId: string | null | undefined
}

/** An awsConfig as the service answers. It does not say whose it is. */
export interface WireConfig {
  readonly id: string
  readonly credentialProvider: string
  readonly defaultBucket: string | null
  readonly extraBuckets: readonly string[]
  readonly credentialId: string | null
  readonly externalId: string | null
  /** Release 6.0 only; undefined: not in the answer. */
  readonly role: string | null | undefined
  /** Later releases; undefined: not in the answer. */
  readonly activeRoleId: string | null | undefined
  readonly createdAt: string | null
  readonly updatedAt: string | null
}

export interface WireRole {
  readonly id: string
  /** Null: a placeholder that still waits for its role. */
  readonly role: string | null
  readonly configId: string | null
  /** `api` or `idp`. */
  readonly createdFrom: string | null
  readonly createdAt: string | null
  readonly updatedAt: string | null
}

/** Soft-deleted objects may still be answered. */
export function isDeleted(object: JsonObject): boolean {
  return present(object.deletedAt) || present(object.deleted_at)
}

function present(json: Json | undefined): boolean {
  return json !== undefined && json !== null
}

/** The objects of one page of a list. */
export function pageIn(body: Json | undefined, reading: Reading): readonly JsonObject[] {
  const data = objectIn(body, reading).data
  if (!Array.isArray(data)) throw unexpected(reading, 'a list under "data"')
  return data.map((item: Json) => objectIn(item, reading))
}

/** The id of an object: a positive whole number, in some samples written as text. */
export function idOf(object: JsonObject, reading: Reading): string {
  const id = idIn(object.id)
  if (id === undefined || id === null) throw unexpected(reading, 'a positive number as "id"')
  return id
}

/** A reference: a number, its text, or an object with an id. Undefined: there is no such member. */
function idIn(json: Json | undefined): string | null | undefined {
  if (json === undefined || json === null) return json
  if (typeof json === 'number' && Number.isSafeInteger(json) && json > 0) return String(json)
  if (typeof json === 'string' && /^[1-9][0-9]*$/.test(json)) return json
  return typeof json === 'object' && !Array.isArray(json) ? idIn((json as JsonObject).id) : undefined
}

export function personIn(object: JsonObject, reading: Reading): WirePerson {
  const { email } = object
  if (typeof email !== 'string') throw unexpected(reading, 'a text as "email"')
  return {
    id: idOf(object, reading),
    email,
    name: textIn(object.name),
    isAdmin: flagIn(object.isAdmin),
    isDisabled: flagIn(object.isDisabled),
    forcePasswordChange: flagIn(object.forcePasswordChange),
    ssoPrincipal: textIn(object.ssoPrincipal),
    hadoopPrincipal: textIn(object.hadoopPrincipal),
    outputHomeDir: textIn(object.outputHomeDir),
    fileUploadPath: textIn(object.fileUploadPath),
    state: textIn(object.state),
    lastLoginTime: textIn(object.lastLoginTime),
    createdAt: textIn(object.createdAt),
    updatedAt: textIn(object.updatedAt),
    awsConfigId: idIn(object.awsConfig),
  }
}

export function configIn(object: JsonObject, reading: Reading): WireConfig {
  const { credentialProvider, extraBuckets } = object
  if (typeof credentialProvider !== 'string') throw unexpected(reading, 'a text as "credentialProvider"')
  return {
    id: idOf(object, reading),
    credentialProvider,
    defaultBucket: textIn(object.defaultBucket),
    extraBuckets: Array.isArray(extraBuckets)
      ? extraBuckets.filter((bucket: Json): bucket is string => typeof bucket === 'string')
      : [],
    credentialId: idIn(object.credential) ?? null,
    externalId: textIn(object.externalId),
    role: Object.hasOwn(object, 'role') ? textIn(object.role) : undefined,
    activeRoleId: idIn(object.activeRoleId),
    createdAt: textIn(object.createdAt),
    updatedAt: textIn(object.updatedAt),
  }
}

export function roleIn(object: JsonObject, reading: Reading): WireRole {
  return {
    id: idOf(object, reading),
    role: textIn(object.role),
    configId: idIn(object.awsConfigId) ?? idIn(object.awsConfig) ?? null,
    createdFrom: textIn(object.createdFrom),
    createdAt: textIn(object.createdAt),
    updatedAt: textIn(object.updatedAt),
  }
}

function textIn(json: Json | undefined): string | null {
  return typeof json === 'string' ? json : null
}

function flagIn(json: Json | undefined): boolean | undefined {
  return typeof json === 'boolean' ? json : undefined
}
