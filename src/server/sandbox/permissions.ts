import type { PolicySet } from './fixture.js'
import type { Permissions } from './policy-decision.js'
import { type Policy, parsePolicyText } from './policy-document.js'
import type { Service } from './service.js'
import type { Session } from './session.js'
import type { UserTable } from './tables.js'

/** What a user's own policies say: inline, attached, and those of groups. */
export async function userPermissions({ fixture, store }: Service, user: UserTable): Promise<Permissions> {
  const inline = await store
    .selectFrom('sandbox_user_policies')
    .select('document')
    .where('user_id', '=', user.id)
    .execute()
  const attached = await store
    .selectFrom('sandbox_attached_policies')
    .select('arn')
    .where('user_id', '=', user.id)
    .execute()
  const groups = await store
    .selectFrom('sandbox_memberships')
    .select('group_arn')
    .where('user_id', '=', user.id)
    .execute()
  const managed = (arn: string): Policy | undefined => fixture.policies.get(arn)?.policy
  return {
    identity: [
      ...inline.map(({ document }) => parsePolicyText(document, 'identity')),
      ...attached.flatMap(({ arn }) => managed(arn) ?? []),
      ...groups.flatMap(({ group_arn }) => {
        const policies = fixture.groups.get(group_arn)?.policies
        if (policies === undefined) return []
        return [
          ...[...policies.inline.values()].map(({ policy }) => policy),
          ...policies.attached.flatMap((arn) => managed(arn) ?? []),
        ]
      }),
    ],
    // A boundary that is no longer there allows nothing.
    ...(user.boundary !== null && { boundary: managed(user.boundary) ?? nothing }),
  }
}

const nothing: Policy = { statements: [] }

/** The same for what a fixture declares. */
export function declaredPermissions(
  { fixture }: Service,
  { inline, attached, boundary }: PolicySet,
): Permissions {
  return {
    identity: [
      ...[...inline.values()].map(({ policy }) => policy),
      ...attached.flatMap((arn) => fixture.policies.get(arn)?.policy ?? []),
    ],
    ...(boundary !== undefined && { boundary: fixture.policies.get(boundary)?.policy ?? nothing }),
  }
}

/** The policies that a session was begun with. */
export function sessionPolicies({ fixture }: Service, { policy, policyArns }: Session): readonly Policy[] {
  return [
    ...(policy === undefined ? [] : [parsePolicyText(policy, 'identity')]),
    ...policyArns.flatMap((arn) => fixture.policies.get(arn)?.policy ?? []),
  ]
}
