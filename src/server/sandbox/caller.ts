import type { Role } from './fixture.js'
import { declaredId } from './ids.js'
import { declaredPermissions, sessionPolicies, userPermissions } from './permissions.js'
import {
  type Access,
  isAllowed,
  type Permissions,
  type Principal,
  type ResourceSide,
} from './policy-decision.js'
import type { RequestKeys } from './policy-pattern.js'
import type { Service } from './service.js'
import type { Session } from './session.js'
import type { UserTable } from './tables.js'
import { findUser } from './users.js'

/** Whoever signed a request, with what their policies say. */
export interface Caller {
  readonly principal: Principal
  readonly partition: string
  /** As `GetCallerIdentity` gives it. */
  readonly userId: string
  /** The user whose long-term keys, or whose own session, these are. */
  readonly user: UserTable | undefined
  /** The session of temporary keys. */
  readonly session: Session | undefined
  readonly permissions: Permissions
  /** What conditions know of the caller. */
  readonly keys: RequestKeys
}

/** Whether the caller may, by their own policies and the resource's. */
export function may(
  caller: Caller,
  access: Omit<Access, 'keys'> & { readonly keys?: RequestKeys },
  side: ResourceSide,
): boolean {
  const keys = new Map([...caller.keys, ...(access.keys ?? []), ['aws:resourceaccount', side.account]])
  return isAllowed(caller.principal, caller.permissions, { ...access, keys }, side)
}

/** The caller of a user's own keys, or of a session that those keys began. */
export async function userCaller(service: Service, user: UserTable, session?: Session): Promise<Caller> {
  const permissions = await userPermissions(service, user)
  const partition = partitionOf(user.arn)
  const tags = await service.store
    .selectFrom('sandbox_tags')
    .selectAll()
    .where('user_id', '=', user.id)
    .execute()
  return {
    principal: { account: user.account, arn: user.arn },
    partition,
    userId: user.id,
    user,
    session,
    permissions,
    keys: new Map<string, string>([
      ...common(user.account, user.arn, user.id, 'User', session),
      ['aws:username', user.name],
      ...tags.map(({ name, value }): [string, string] => [`aws:principaltag/${name.toLowerCase()}`, value]),
    ]),
  }
}

/** The caller of temporary keys; undefined if what they are keys of is no longer there. */
export async function sessionCaller(service: Service, session: Session): Promise<Caller | undefined> {
  if (session.kind === 'role') {
    const role = service.fixture.roles.get(session.of)
    return role === undefined ? undefined : roleCaller(service, role, session)
  }
  const user = await findUser(service.store, session.of)
  if (user === undefined) return undefined
  if (session.kind === 'user') return userCaller(service, user, session)
  const arn = federatedArn(user, session.name)
  const userId = `${user.account}:${session.name}`
  return {
    principal: { account: user.account, arn, behind: user.arn },
    partition: partitionOf(user.arn),
    userId,
    user: undefined,
    session,
    // Without a policy of its own a federated user has nothing but what resources give.
    permissions: { ...(await userPermissions(service, user)), session: sessionPolicies(service, session) },
    keys: new Map<string, string>([
      ...common(user.account, arn, userId, 'FederatedUser', session),
      ...sessionTags(session),
    ]),
  }
}

function roleCaller(service: Service, role: Role, session: Session): Caller {
  const limits = session.policy !== undefined || session.policyArns.length > 0
  const userId = `${declaredId('AROA', role.arn)}:${session.name}`
  const arn = assumedRoleArn(role, session.name)
  return {
    principal: { account: role.account, arn, behind: role.arn },
    partition: partitionOf(role.arn),
    userId,
    user: undefined,
    session,
    permissions: {
      ...declaredPermissions(service, role.policies),
      ...(limits && { session: sessionPolicies(service, session) }),
    },
    keys: new Map<string, string>([
      ...common(role.account, role.arn, userId, 'AssumedRole', session),
      ...[...role.tags].map(([name, value]): [string, string] => [
        `aws:principaltag/${name.toLowerCase()}`,
        value,
      ]),
      ...sessionTags(session),
    ]),
  }
}

/** The path of the role is not in it. */
export function assumedRoleArn(
  { arn, account, name }: Pick<Role, 'arn' | 'account' | 'name'>,
  session: string,
): string {
  return `arn:${partitionOf(arn)}:sts::${account}:assumed-role/${name}/${session}`
}

export function federatedArn({ arn, account }: Pick<UserTable, 'arn' | 'account'>, name: string): string {
  return `arn:${partitionOf(arn)}:sts::${account}:federated-user/${name}`
}

export function partitionOf(arn: string): string {
  return arn.split(':')[1] ?? 'aws'
}

function common(
  account: string,
  principalArn: string,
  userId: string,
  type: string,
  session: Session | undefined,
): readonly (readonly [string, string])[] {
  return [
    ['aws:principalaccount', account],
    ['aws:principalarn', principalArn],
    ['aws:principaltype', type],
    ['aws:userid', userId],
    ...(session === undefined
      ? []
      : ([
          ['aws:multifactorauthpresent', 'false'],
          ['aws:tokenissuetime', new Date(session.issued).toISOString()],
        ] as const)),
    ...(session?.sourceIdentity === undefined
      ? []
      : ([['aws:sourceidentity', session.sourceIdentity]] as const)),
  ]
}

function sessionTags({ tags }: Session): readonly (readonly [string, string])[] {
  return Object.entries(tags).map(
    ([name, value]) => [`aws:principaltag/${name.toLowerCase()}`, value] as const,
  )
}
