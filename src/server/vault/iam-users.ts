import type { AwsIdentity } from '../../aws/access.js'
import { VaultError } from './api-error.js'
import { isMissing, type MountAws, refusal } from './mount-aws.js'
import type { RoleSettings } from './role-settings.js'

/** Milliseconds in which a user is made, with all it needs. */
export const makingTime = 60_000

/**
 * Makes an IAM user as the role says, with a key of its own. `inTime` throws when it took too long: then somebody else may
 * already be clearing up. Throws a `VaultError` with what AWS refused; what was made until then is the caller's to remove.
 */
export async function makeUser(
  aws: MountAws,
  name: string,
  role: RoleSettings,
  policyName: string,
  inTime: () => void,
): Promise<AwsIdentity> {
  const iam = await import('@aws-sdk/client-iam')
  const step = async <T>(what: string, ask: Parameters<typeof aws.iam<T>>[0]): Promise<T> => {
    inTime()
    try {
      return await aws.iam(ask)
    } catch (cause) {
      throw refusal(`Error ${what}: `, cause)
    }
  }
  const UserName = name
  await step('creating IAM user', (client) =>
    client.send(
      new iam.CreateUserCommand({
        UserName,
        Path: role.user_path === '' ? '/' : role.user_path,
        ...(role.permissions_boundary_arn === ''
          ? {}
          : { PermissionsBoundary: role.permissions_boundary_arn }),
      }),
    ),
  )
  for (const PolicyArn of role.policy_arns ?? [])
    await step('attaching user policy', (client) =>
      client.send(new iam.AttachUserPolicyCommand({ UserName, PolicyArn })),
    )
  if (role.policy_document !== '')
    await step('putting user policy', (client) =>
      client.send(
        new iam.PutUserPolicyCommand({
          UserName,
          PolicyName: policyName,
          PolicyDocument: role.policy_document,
        }),
      ),
    )
  for (const GroupName of role.iam_groups ?? [])
    await step('adding user to group', (client) =>
      client.send(new iam.AddUserToGroupCommand({ UserName, GroupName })),
    )
  const tags = Object.entries(role.iam_tags ?? {})
  if (tags.length > 0)
    await step('adding tags to user', (client) =>
      client.send(new iam.TagUserCommand({ UserName, Tags: tags.map(([Key, Value]) => ({ Key, Value })) })),
    )
  const { AccessKey: key } = await step('creating access keys', (client) =>
    client.send(new iam.CreateAccessKeyCommand({ UserName })),
  )
  if (key?.AccessKeyId === undefined || key.SecretAccessKey === undefined)
    throw new VaultError(400, ['Error creating access keys: AWS answered without a key'])
  return { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey }
}

/**
 * Removes a user with all that belongs to it; can be done again from after any of its requests. `absent`: there was none.
 * Throws what AWS throws.
 */
export async function removeUser(aws: MountAws, name: string): Promise<'removed' | 'absent'> {
  const iam = await import('@aws-sdk/client-iam')
  const UserName = name
  const send: MountAws['iam'] = (ask) => aws.iam(ask)
  const gone = async (ask: Parameters<typeof aws.iam<unknown>>[0]) => {
    try {
      await send(ask)
    } catch (cause) {
      if (!isMissing(cause)) throw cause
    }
  }
  try {
    const { Groups = [] } = await send((client) =>
      client.send(new iam.ListGroupsForUserCommand({ UserName })),
    )
    for (const { GroupName } of Groups)
      await gone((client) => client.send(new iam.RemoveUserFromGroupCommand({ UserName, GroupName })))
    const { AccessKeyMetadata = [] } = await send((client) =>
      client.send(new iam.ListAccessKeysCommand({ UserName })),
    )
    for (const { AccessKeyId } of AccessKeyMetadata)
      await gone((client) => client.send(new iam.DeleteAccessKeyCommand({ UserName, AccessKeyId })))
    const { PolicyNames = [] } = await send((client) =>
      client.send(new iam.ListUserPoliciesCommand({ UserName })),
    )
    for (const PolicyName of PolicyNames)
      await gone((client) => client.send(new iam.DeleteUserPolicyCommand({ UserName, PolicyName })))
    const { AttachedPolicies = [] } = await send((client) =>
      client.send(new iam.ListAttachedUserPoliciesCommand({ UserName })),
    )
    for (const { PolicyArn } of AttachedPolicies)
      await gone((client) => client.send(new iam.DetachUserPolicyCommand({ UserName, PolicyArn })))
    await send((client) => client.send(new iam.DeleteUserCommand({ UserName })))
    return 'removed'
  } catch (cause) {
    if (isMissing(cause)) return 'absent'
    throw cause
  }
}
