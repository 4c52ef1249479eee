import type { Credentials } from '@aws-sdk/client-sts'
import { failed, invalid, quoted, VaultError } from './api-error.js'
import type { AskedCredentials, CredentialPath } from './creds.js'
import { groupPolicies } from './group-policies.js'
import { nameOrFail } from './issue-user.js'
import { beginLease, concludeLease } from './leases.js'
import { awsOf, type MountAws, refusal } from './mount-aws.js'
import { maxLeaseTtl } from './mount-settings.js'
import type { Reply } from './reply.js'
import type { RoleSettings } from './role-settings.js'
import { unsetRoot } from './root-settings.js'
import type { MountCall } from './route.js'
import { randomName } from './service.js'
import { plainName } from './username-template.js'

/** Temporary credentials. Their lease is told and listed, but ends only when they do. */
export async function issueSession(
  call: MountCall,
  path: CredentialPath,
  name: string,
  role: RoleSettings,
  type: string,
  asked: AskedCredentials,
): Promise<Reply> {
  const { service, mount, caller } = call
  const most = role.max_sts_ttl > 0 ? role.max_sts_ttl : maxLeaseTtl(mount)
  const usual = role.default_sts_ttl > 0 ? role.default_sts_ttl : 3_600
  const ttl = Math.min(asked.ttl ?? usual, most)
  const roleArn = type === 'assumed_role' ? allowedArn(role, name, asked.roleArn) : ''
  if (type === 'federation_token') requirePolicy(role)
  const aws = await awsOf(service, mount.id)
  const template = aws.root?.settings.username_template ?? unsetRoot.username_template
  const display = caller.grant.name
  const made = await (async (): Promise<Session> => {
    switch (type) {
      case 'assumed_role': {
        const given = plainName(asked.sessionName)
        const session = given === '' ? nameOrFail(service, template, 'IAM', display, name) : given
        return await assumeRole(aws, role, roleArn, session, ttl)
      }
      case 'federation_token':
        return await federate(aws, role, nameOrFail(service, template, 'STS', display, name), ttl)
      case 'session_token':
        return await ownSession(aws, role, asked.mfaCode, ttl)
      default:
        throw failed(`unknown credential_type: ${quoted(type)}`)
    }
  })()
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = made.credentials ?? {}
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined)
    throw new VaultError(400, ['Error generating STS keys: AWS answered without credentials'])
  const left = ((Expiration ?? new Date(0)).getTime() - service.now().getTime()) / 1_000
  const duration = Math.max(0, Math.min(ttl, Math.floor(left)))
  const id = `${mount.path}/${path}/${name}/${randomName(service, 24)}`
  await beginLease(service, { id, mountId: mount.id, username: null, token: caller.child, duration }, 0)
  await concludeLease(service, id, duration)
  service.wake()
  return {
    data: {
      access_key: AccessKeyId,
      secret_key: SecretAccessKey,
      security_token: SessionToken,
      ...(made.arn === undefined ? {} : { arn: made.arn }),
      ...(service.generation === '1.0' ? {} : { session_token: SessionToken, ttl: duration }),
    },
    lease: { id, renewable: false, duration },
  }
}

interface Session {
  readonly credentials: Credentials | undefined
  /** Of the assumed role. */
  readonly arn?: string
}

async function assumeRole(
  aws: MountAws,
  role: RoleSettings,
  RoleArn: string,
  RoleSessionName: string,
  DurationSeconds: number,
): Promise<Session> {
  const { AssumeRoleCommand } = await import('@aws-sdk/client-sts')
  const filter = await sessionPolicies(aws, role)
  const tags = Object.entries(role.session_tags ?? {})
  try {
    const answer = await aws.sts((client) =>
      client.send(
        new AssumeRoleCommand({
          RoleArn,
          RoleSessionName,
          DurationSeconds,
          ...filter,
          ...(role.external_id === '' ? {} : { ExternalId: role.external_id }),
          ...(tags.length === 0 ? {} : { Tags: tags.map(([Key, Value]) => ({ Key, Value })) }),
        }),
      ),
    )
    const arn = answer.AssumedRoleUser?.Arn
    return { credentials: answer.Credentials, ...(arn === undefined ? {} : { arn }) }
  } catch (cause) {
    throw refusal('Error assuming role: ', cause)
  }
}

async function federate(
  aws: MountAws,
  role: RoleSettings,
  Name: string,
  DurationSeconds: number,
): Promise<Session> {
  const { GetFederationTokenCommand } = await import('@aws-sdk/client-sts')
  const filter = await sessionPolicies(aws, role)
  try {
    const answer = await aws.sts((client) =>
      client.send(new GetFederationTokenCommand({ Name, DurationSeconds, ...filter })),
    )
    return { credentials: answer.Credentials }
  } catch (cause) {
    throw refusal('Error generating STS keys: ', cause)
  }
}

async function ownSession(
  aws: MountAws,
  role: RoleSettings,
  code: string,
  DurationSeconds: number,
): Promise<Session> {
  const { GetSessionTokenCommand } = await import('@aws-sdk/client-sts')
  try {
    const answer = await aws.sts((client) =>
      client.send(
        new GetSessionTokenCommand({
          DurationSeconds,
          ...(role.mfa_serial_number === '' ? {} : { SerialNumber: role.mfa_serial_number }),
          ...(code === '' ? {} : { TokenCode: code }),
        }),
      ),
    )
    return { credentials: answer.Credentials }
  } catch (cause) {
    throw refusal('Error generating STS keys: ', cause)
  }
}

/** What limits the credentials: the role's own policies, and those of its groups. */
async function sessionPolicies(aws: MountAws, role: RoleSettings) {
  const groups = await groupPolicies(aws, role.iam_groups ?? [], role.policy_document)
  const arns = [...(role.policy_arns ?? []), ...groups.arns]
  return {
    ...(groups.document === '' ? {} : { Policy: groups.document }),
    ...(arns.length === 0 ? {} : { PolicyArns: arns.map((arn) => ({ arn })) }),
  }
}

function allowedArn(role: RoleSettings, name: string, asked: string): string {
  const arns = role.role_arns ?? []
  if (asked === '') {
    const [only, ...others] = arns
    if (only === undefined || others.length > 0)
      throw invalid('did not supply a role_arn parameter and unable to determine one')
    return only
  }
  if (!arns.includes(asked))
    throw invalid(`role_arn ${quoted(asked)} not in allowed role arns for Vault role ${quoted(name)}`)
  return asked
}

function requirePolicy(role: RoleSettings): void {
  const some =
    role.policy_document !== '' || (role.policy_arns ?? []).length > 0 || (role.iam_groups ?? []).length > 0
  if (!some)
    throw invalid(
      'must specify at least one of policy_arns or policy_document with federation_token credential_type',
    )
}
