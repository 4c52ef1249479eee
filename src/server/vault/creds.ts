import { failed, invalid, quoted } from './api-error.js'
import { issueSession } from './issue-session.js'
import { issueUser } from './issue-user.js'
import type { Reply } from './reply.js'
import type { RoleSettings } from './role-settings.js'
import { storedRole } from './roles.js'
import type { MountCall } from './route.js'

/** Where credentials are asked for. Only for roles with legacy parameters it makes a difference. */
export type CredentialPath = 'creds' | 'sts'

/** What a role hands out, to whom asks for it by `creds` or `sts`. */
export function issue(path: CredentialPath) {
  return async (call: MountCall, name: string): Promise<Reply> => {
    const { service, mount, fields } = call
    const asked = {
      roleArn: fields.text('role_arn') ?? '',
      sessionName: fields.text('role_session_name') ?? '',
      ttl: fields.seconds('ttl'),
      mfaCode: fields.text('mfa_code') ?? '',
    }
    const role = await storedRole(service.tables, mount.id, name)
    if (role === undefined) throw invalid(`Role ${quoted(name)} not found`)
    const type = typeFor(role, path)
    if (type === 'iam_user') return await issueUser(call, path, name, role)
    return await issueSession(call, path, name, role, type, asked)
  }
}

export interface AskedCredentials {
  readonly roleArn: string
  readonly sessionName: string
  /** Seconds; undefined: not said. */
  readonly ttl: number | undefined
  readonly mfaCode: string
}

function typeFor(role: RoleSettings, path: CredentialPath): string {
  const [first = '', ...others] = role.credential_types
  const type = others.length === 0 ? first : path === 'creds' ? 'iam_user' : 'federation_token'
  if (!role.credential_types.includes(type)) throw failed(`unknown credential_type: ${quoted(type)}`)
  if (role.legacy && (type === 'iam_user') !== (path === 'creds'))
    throw invalid(
      `attempted to retrieve ${type} credentials through the ${path} path; this is not allowed for legacy roles`,
    )
  return type
}
