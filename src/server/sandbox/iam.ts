import { AwsError, accessDenied } from './aws-error.js'
import { type Caller, may } from './caller.js'
import type { Form } from './form.js'
import { boundaryCalls } from './iam-boundaries.js'
import { keyCalls } from './iam-keys.js'
import { membershipCalls } from './iam-memberships.js'
import { policyCalls } from './iam-policies.js'
import { roleCalls } from './iam-roles.js'
import { tagCalls } from './iam-tags.js'
import { userCalls } from './iam-users.js'
import type { RequestKeys } from './policy-pattern.js'
import type { Service } from './service.js'
import type { XmlElements } from './xml.js'

/** One call of IAM. */
export interface IamCall {
  /** The ARN that the caller needs permission for, and what conditions know of the request. */
  readonly resource: (
    request: IamRequest,
  ) => Promise<string | { readonly arn: string; readonly keys: RequestKeys }>
  /** The content of the result; undefined: the call has none. */
  readonly run: (request: IamRequest) => Promise<XmlElements | undefined>
}

export interface IamRequest {
  /** Its store is a transaction. */
  readonly service: Service
  readonly caller: Caller
  readonly form: Form
}

export const iamCalls: Readonly<Record<string, IamCall>> = {
  ...userCalls,
  ...tagCalls,
  ...boundaryCalls,
  ...keyCalls,
  ...policyCalls,
  ...membershipCalls,
  ...roleCalls,
}

/** Carries out a call of IAM in one transaction, if the caller may. */
export async function callIam(
  service: Service,
  caller: Caller,
  action: string,
  form: Form,
): Promise<XmlElements | undefined> {
  const call = iamCalls[action] as IamCall
  // Sessions of a user without a second factor, and federated users, have no way into IAM.
  if (caller.session !== undefined && caller.session.kind !== 'role')
    throw new AwsError(403, 'InvalidClientTokenId', 'The security token included in the request is invalid')
  return service.store.transaction().execute(async (store) => {
    const request: IamRequest = { service: { ...service, store }, caller, form }
    const needed = await call.resource(request)
    const { arn, keys } = typeof needed === 'string' ? { arn: needed, keys: new Map() } : needed
    const access = { action: `iam:${action}`, resource: arn, keys }
    if (!may(caller, access, { account: caller.principal.account }))
      throw accessDenied(caller.principal.arn, access.action, arn)
    return call.run(request)
  })
}
