import { assumeRole } from './assume-role.js'
import { AwsError, accessDenied } from './aws-error.js'
import { type Caller, federatedArn, may } from './caller.js'
import { checkForm, type Form } from './form.js'
import type { Service } from './service.js'
import { beginSession } from './session.js'
import { sessionCredentials } from './session-credentials.js'
import { duration, readSessionContent, stsRules } from './sts-rules.js'
import type { XmlElements } from './xml.js'

/** The calls of STS: each gives the content of its result. */
export const stsCalls: Readonly<
  Record<string, (service: Service, caller: Caller, form: Form) => XmlElements>
> = {
  AssumeRole: assumeRole,
  GetCallerIdentity: (_service, { principal, userId }) => ({
    Arn: principal.arn,
    UserId: userId,
    Account: principal.account,
  }),
  GetFederationToken: getFederationToken,
  GetSessionToken: getSessionToken,
}

/** Seconds in 12 hours, the default of both, and in 36, the most. */
const usual = 43_200
const longest = 129_600

function getFederationToken(service: Service, caller: Caller, form: Form): XmlElements {
  checkForm(form, { Name: stsRules.name, Policy: stsRules.policy, DurationSeconds: duration(longest) })
  const user = longTerm(caller, 'GetFederationToken')
  const name = form.get('Name') ?? ''
  const arn = federatedArn(user, name)
  const { packedSize, ...content } = readSessionContent(service, form, user.account)
  const resource = { action: 'sts:GetFederationToken', resource: arn }
  if (!may(caller, resource, { account: user.account }))
    throw accessDenied(user.arn, 'sts:GetFederationToken', arn)
  const { session, token } = beginSession(service, Number(form.get('DurationSeconds') ?? usual), {
    ...content,
    kind: 'federated user',
    of: user.id,
    account: user.account,
    name,
  })
  return {
    Credentials: sessionCredentials(session, token),
    FederatedUser: { FederatedUserId: `${user.account}:${name}`, Arn: arn },
    PackedPolicySize: packedSize,
  }
}

/** No permission is needed for it: whoever has a user's keys may. */
function getSessionToken(service: Service, caller: Caller, form: Form): XmlElements {
  checkForm(form, {
    DurationSeconds: duration(longest),
    SerialNumber: stsRules.serialNumber,
    TokenCode: stsRules.tokenCode,
  })
  const user = longTerm(caller, 'GetSessionToken')
  if (form.get('SerialNumber') !== undefined || form.get('TokenCode') !== undefined)
    throw new AwsError(
      403,
      'AccessDenied',
      'MultiFactorAuthentication failed with invalid MFA one time pass code.',
    )
  const { session, token } = beginSession(service, Number(form.get('DurationSeconds') ?? usual), {
    kind: 'user',
    of: user.id,
    account: user.account,
    name: '',
    policyArns: [],
    tags: {},
    transitive: [],
  })
  return { Credentials: sessionCredentials(session, token) }
}

function longTerm({ user, session }: Caller, action: string): NonNullable<Caller['user']> {
  if (user === undefined || session !== undefined)
    throw new AwsError(403, 'AccessDenied', `Cannot call ${action} with session credentials`)
  return user
}
