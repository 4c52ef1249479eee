import { invalid, quoted } from './api-error.js'
import type { Fields } from './fields.js'
import { policyDocument, type RoleSettings } from './role-settings.js'

const types = ['iam_user', 'assumed_role', 'federation_token']

/**
 * The role after a write to a server of about release 1.0, which knew five fields and stopped at the first that was wrong.
 * Throws a 400 in its words.
 */
export function oldRole(fields: Fields, before: RoleSettings): RoleSettings {
  const type = fields.text('credential_type')
  if (type !== undefined && type !== '' && !types.includes(type)) {
    const known = `[]string{${types.map(quoted).join(', ')}}`
    throw invalid(`unrecognized credential_type: ${quoted(type)}, not one of ${known}`)
  }
  const role = {
    ...before,
    // What was written with the old parameters is replaced by what has a type.
    legacy: type === undefined || type === '' ? before.legacy : false,
    credential_types: type === undefined || type === '' ? before.credential_types : [type],
    role_arns: fields.list('role_arns') ?? before.role_arns,
    policy_arns: fields.list('policy_arns') ?? before.policy_arns,
    policy_document: policyDocument(fields) ?? before.policy_document,
  }
  if (role.credential_types.length === 0) throw invalid('did not supply credential_type')
  if ((role.role_arns ?? []).length > 0 && !role.credential_types.includes('assumed_role'))
    throw invalid("cannot supply role_arns when credential_type isn't assumed_role")
  if ((role.policy_arns ?? []).length > 0 && !role.credential_types.includes('iam_user'))
    throw invalid("cannot supply policy_arns when credential_type isn't iam_user")
  return role
}
