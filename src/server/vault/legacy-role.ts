import { invalid, quoted, VaultError } from './api-error.js'
import type { Fields } from './fields.js'
import { compactJson } from './policy-text.js'
import { type RoleSettings, unsetRole } from './role-settings.js'

/** What cannot stand beside them, in the vendor's order. */
const modern = [
  'role_arns',
  'policy_arns',
  'policy_document',
  'iam_groups',
  'iam_tags',
  'session_tags',
  'external_id',
  'default_sts_ttl',
  'max_sts_ttl',
  'user_path',
  'permissions_boundary_arn',
  'mfa_serial_number',
] as const

/**
 * The role that the parameters `policy` or `arn` of before release 0.11 make, whatever was there; undefined without them. Throws
 * a 400, or a 500 for both at once.
 */
export function legacyRole(fields: Fields): RoleSettings | undefined {
  const policy = fields.text('policy')
  const arn = fields.text('arn')
  const given = [policy, arn].filter((text) => text !== undefined && text !== '')
  if (given.length === 0) return undefined
  if (given.length === 2) throw new VaultError(500, ['only one of policy or arn should be provided'])
  if (fields.has('credential_type'))
    throw invalid('cannot supply deprecated role or policy parameters with an explicit credential_type')
  for (const name of modern)
    if (fields.has(name)) throw invalid(`cannot supply deprecated role or policy parameters with ${name}`)
  return { ...unsetRole, legacy: true, ...(arn ? ofArn(arn) : ofPolicy(policy ?? '')) }
}

function ofArn(arn: string): Partial<RoleSettings> {
  const parts = arn.trim().split(':')
  const unusable = (why: string) => invalid(`unable to parse supplied data: ${quoted(why)}`)
  if (parts[0] !== 'arn' || parts.length < 6) throw unusable(`unable to parse arn: ${arn}`)
  const resource = parts.slice(5).join(':')
  if (resource.startsWith('role/')) return { credential_types: ['assumed_role'], role_arns: [arn.trim()] }
  if (resource.startsWith('policy/')) return { credential_types: ['iam_user'], policy_arns: [arn.trim()] }
  throw unusable(`unable to determine the type of arn: ${arn}`)
}

function ofPolicy(policy: string): Partial<RoleSettings> {
  const compact = compactJson(policy)
  if (compact === undefined)
    throw invalid(`unable to parse supplied data: ${quoted('the policy is not valid JSON')}`)
  return { credential_types: ['iam_user', 'federation_token'], policy_document: compact }
}
