import type { Json, JsonObject } from '../../core/json.js'
import { invalid } from './api-error.js'
import type { Fields } from './fields.js'
import { compactJson } from './policy-text.js'

export const credentialTypes = ['iam_user', 'assumed_role', 'federation_token', 'session_token'] as const

/** A role, under the vendor's names. Null: never set. */
export interface RoleSettings {
  /** One; two only of a role that was written with the legacy `policy`. Of any text, for what was never one. */
  readonly credential_types: readonly string[]
  readonly role_arns: readonly string[] | null
  readonly policy_arns: readonly string[] | null
  /** Without whitespace between its tokens. */
  readonly policy_document: string
  readonly iam_groups: readonly string[] | null
  readonly iam_tags: Readonly<Record<string, string>> | null
  readonly session_tags: Readonly<Record<string, string>> | null
  readonly external_id: string
  /** Seconds. */
  readonly default_sts_ttl: number
  readonly max_sts_ttl: number
  readonly user_path: string
  readonly permissions_boundary_arn: string
  readonly mfa_serial_number: string
  /** Written with legacy parameters: `creds` and `sts` are not the same for it. */
  readonly legacy: boolean
}

export const unsetRole: RoleSettings = {
  credential_types: [],
  role_arns: null,
  policy_arns: null,
  policy_document: '',
  iam_groups: null,
  iam_tags: null,
  session_tags: null,
  external_id: '',
  default_sts_ttl: 0,
  max_sts_ttl: 0,
  user_path: '',
  permissions_boundary_arn: '',
  mfa_serial_number: '',
  legacy: false,
}

/** The role after a write of today's fields, unchecked: what is left out stays as it is. Throws a 400. */
export function mergedRole(fields: Fields, before: RoleSettings): RoleSettings {
  const type = fields.text('credential_type')
  return {
    ...withoutUndefined(
      {
        role_arns: fields.list('role_arns'),
        policy_arns: fields.list('policy_arns'),
        policy_document: policyDocument(fields),
        iam_groups: fields.list('iam_groups'),
        iam_tags: fields.pairs('iam_tags'),
        session_tags: fields.pairs('session_tags'),
        external_id: fields.text('external_id'),
        default_sts_ttl: fields.seconds('default_sts_ttl'),
        max_sts_ttl: fields.seconds('max_sts_ttl'),
        user_path: fields.text('user_path'),
        permissions_boundary_arn: fields.text('permissions_boundary_arn'),
        mfa_serial_number: fields.text('mfa_serial_number'),
        credential_types: type === undefined ? undefined : [type],
        // A role that is given a type of its own is none of the old ones any longer.
        legacy: type === undefined ? undefined : false,
      },
      before,
    ),
  }
}

/** Compact; undefined if it is left out. Throws a 400. */
export function policyDocument(fields: Fields): string | undefined {
  const text = fields.text('policy_document')
  if (text === undefined || text === '') return text
  const compact = compactJson(text)
  if (compact === undefined) throw invalid(`cannot parse policy document: ${JSON.stringify(text)}`)
  return compact
}

export function presentRole(role: RoleSettings): JsonObject {
  const { credential_types: types, legacy: _, ...rest } = role
  return { credential_type: types.join(','), ...rest }
}

/** As the server of release 1.0 gave it back. */
export function presentOldRole(role: RoleSettings): JsonObject {
  return {
    policy_document: role.policy_document,
    policy_arns: role.policy_arns ?? [],
    credential_types: role.credential_types,
    role_arns: role.role_arns ?? [],
  }
}

function withoutUndefined(
  update: { readonly [name in keyof RoleSettings]: RoleSettings[name] | undefined },
  before: RoleSettings,
): RoleSettings {
  const merged: Record<string, Json> = { ...before }
  for (const [name, value] of Object.entries(update) as [string, Json | undefined][])
    if (value !== undefined) merged[name] = value
  return merged as unknown as RoleSettings
}
