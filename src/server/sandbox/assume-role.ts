import { parseArn } from '../../core/aws.js'
import { AwsError, accessDenied } from './aws-error.js'
import { assumedRoleArn, type Caller, may } from './caller.js'
import type { Role } from './fixture.js'
import { checkForm, type Form } from './form.js'
import { declaredId } from './ids.js'
import type { RequestKeys } from './policy-pattern.js'
import type { Service } from './service.js'
import { beginSession } from './session.js'
import { sessionCredentials } from './session-credentials.js'
import { duration, readSessionContent, type SessionContent, stsRules } from './sts-rules.js'
import type { XmlElements } from './xml.js'

/** Seconds that a session lasts when nothing is said, and at most when a role's session begins it. */
const hour = 3600

/** `AssumeRole`: by the role's trust policy, and by the caller's own policies too where the role is another account's. */
export function assumeRole(service: Service, caller: Caller, form: Form): XmlElements {
  checkForm(form, {
    RoleArn: stsRules.roleArn,
    RoleSessionName: stsRules.roleSessionName,
    ExternalId: stsRules.externalId,
    Policy: stsRules.policy,
    DurationSeconds: duration(43_200),
    SerialNumber: stsRules.serialNumber,
    TokenCode: stsRules.tokenCode,
    SourceIdentity: stsRules.sourceIdentity,
  })
  const arn = form.get('RoleArn') ?? ''
  if (parseArn(arn) === undefined) throw new AwsError(400, 'ValidationError', `${arn} is invalid`)
  const role = service.fixture.roles.get(arn)
  const { packedSize, ...content } = readSessionContent(service, form, parseArn(arn)?.account)
  const inherited = inheritedTags(caller)
  const tags = { ...content.tags, ...inherited }
  checkAllowed(caller, role, arn, form, { ...content, tags, packedSize })
  const seconds = Number(form.get('DurationSeconds') ?? hour)
  if (caller.session?.kind === 'role' && seconds > hour)
    throw new AwsError(
      400,
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    )
  if (role === undefined) throw accessDenied(caller.principal.arn, 'sts:AssumeRole', arn)
  if (seconds > role.maxSession)
    throw new AwsError(
      400,
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
  const name = form.get('RoleSessionName') ?? ''
  const sourceIdentity = form.get('SourceIdentity') ?? caller.session?.sourceIdentity
  const begun = beginSession(service, seconds, {
    ...content,
    tags,
    transitive: [...new Set([...content.transitive, ...Object.keys(inherited)])],
    kind: 'role',
    of: role.arn,
    account: role.account,
    name,
    ...(sourceIdentity !== undefined && { sourceIdentity }),
  })
  return {
    Credentials: sessionCredentials(begun.session, begun.token),
    AssumedRoleUser: {
      AssumedRoleId: `${declaredId('AROA', role.arn)}:${name}`,
      Arn: assumedRoleArn(role, name),
    },
    PackedPolicySize: packedSize,
    SourceIdentity: sourceIdentity,
  }
}

/** A role that is not there, one that does not trust, and a caller who may not: all the same answer. */
function checkAllowed(
  caller: Caller,
  role: Role | undefined,
  arn: string,
  form: Form,
  content: SessionContent,
): void {
  const keys = requestKeys(form, content)
  const actions = [
    'sts:AssumeRole',
    ...(form.list('Tags').length > 0 ? ['sts:TagSession'] : []),
    ...(form.get('SourceIdentity') === undefined ? [] : ['sts:SetSourceIdentity']),
  ]
  // Neither federated users nor other partitions reach a role; nor is there anybody with a device for one-time codes.
  const reachable =
    role !== undefined &&
    caller.session?.kind !== 'federated user' &&
    parseArn(arn)?.partition === caller.partition &&
    form.get('TokenCode') === undefined
  for (const action of actions) {
    const allowed =
      reachable &&
      may(caller, { action, resource: arn, keys }, { account: role.account, policy: role.trust.policy })
    if (!allowed) throw accessDenied(caller.principal.arn, action, arn)
  }
}

function inheritedTags({ session }: Caller): Readonly<Record<string, string>> {
  const transitive = new Set(session?.transitive ?? [])
  return Object.fromEntries(Object.entries(session?.tags ?? {}).filter(([name]) => transitive.has(name)))
}

function requestKeys(form: Form, { tags, transitive }: SessionContent): RequestKeys {
  const keys = new Map<string, string | readonly string[]>()
  const single = {
    ExternalId: 'sts:externalid',
    RoleSessionName: 'sts:rolesessionname',
    SourceIdentity: 'sts:sourceidentity',
  }
  for (const [name, key] of Object.entries(single)) {
    const value = form.get(name)
    if (value !== undefined) keys.set(key, value)
  }
  for (const [name, value] of Object.entries(tags)) keys.set(`aws:requesttag/${name.toLowerCase()}`, value)
  if (Object.keys(tags).length > 0) keys.set('aws:tagkeys', Object.keys(tags))
  if (transitive.length > 0) keys.set('sts:transitivetagkeys', transitive)
  return keys
}
