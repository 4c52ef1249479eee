import { gathered, invalid, quoted } from './api-error.js'
import { credentialTypes, type RoleSettings } from './role-settings.js'

const userPath = /^\/([\x21-\x7F]{0,510}\/)?$/

/** Throws a 400 that names everything that is wrong with the role, in one text, as the vendor does. */
export function checkRole(role: RoleSettings): void {
  const problems = [...problemsOf(role)]
  if (problems.length > 0)
    throw invalid(`error(s) validating supplied role data: ${quoted(gathered(problems))}`)
}

function problemsOf(role: RoleSettings): readonly string[] {
  const problems: string[] = []
  const is = (type: (typeof credentialTypes)[number]) => role.credential_types.includes(type)
  const rule = (broken: boolean, text: string) => {
    if (broken) problems.push(text)
  }
  if (role.credential_types.length === 0) rule(true, 'did not supply credential_type')
  for (const type of role.credential_types)
    rule(!credentialTypes.some((known) => known === type), `unrecognized credential type: ${type}`)

  for (const name of ['default_sts_ttl', 'max_sts_ttl'] as const)
    rule(
      role[name] !== 0 && is('iam_user') && !is('federation_token'),
      `${name} parameter only valid for assumed_role, federation_token, and session_token credential types`,
    )
  rule(
    role.max_sts_ttl > 0 && role.default_sts_ttl > role.max_sts_ttl,
    '"default_sts_ttl" value must be less than or equal to "max_sts_ttl" value',
  )
  if (role.user_path !== '') {
    rule(!is('iam_user'), 'user_path parameter only valid for iam_user credential type')
    rule(
      !userPath.test(role.user_path),
      `the specified value for user_path is invalid. It must match "${userPath.source}" regexp`,
    )
  }
  if (role.permissions_boundary_arn !== '') {
    rule(!is('iam_user'), "cannot supply permissions_boundary_arn when credential_type isn't iam_user")
    const why = notAPolicy(role.permissions_boundary_arn)
    // The vendor's own mistake, which clients know: this rule replaces what was gathered before it.
    if (why !== undefined)
      problems.splice(0, problems.length, `invalid permissions_boundary_arn parameter: ${why}`)
  }
  rule(
    is('session_token') && (role.policy_document !== '' || (role.policy_arns ?? []).length > 0),
    'cannot supply a policy or role when using credential_type session_token',
  )
  for (const [name, given] of [
    ['role_arns', (role.role_arns ?? []).length > 0],
    ['session_tags', Object.keys(role.session_tags ?? {}).length > 0],
    ['external_id', role.external_id !== ''],
  ] as const)
    rule(given && !is('assumed_role'), `cannot supply ${name} when credential_type isn't assumed_role`)
  return problems
}

function notAPolicy(text: string): string | undefined {
  const parts = text.split(':')
  if (parts[0] !== 'arn') return 'arn: invalid prefix'
  if (parts.length < 6) return 'arn: not enough sections'
  const resource = parts.slice(5).join(':')
  if (parts[2] !== 'iam') return `expected a service of iam but got ${parts[2]}`
  if (!resource.startsWith('policy/')) return `expected a resource type of policy but got ${resource}`
  return undefined
}
