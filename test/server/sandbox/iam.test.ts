import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetGroupPolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupPoliciesCommand,
  ListGroupsForUserCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts'
import t, { type Test } from 'tap'
import type { AwsIdentity } from '../../../src/aws/access.js'
import { iamClient, stsClient } from '../../../src/aws/clients.js'
import { identities, openTestSandbox, type TestSandbox, temporary } from './sandbox-fixture.js'

const UserName = 'vault-1'
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
})

async function openIam(
  t: Test,
  identity: AwsIdentity = identities.plane,
): Promise<TestSandbox & { iam: IAMClient }> {
  const world = await openTestSandbox(t)
  return { ...world, iam: await iamClient(world.as(identity)) }
}

t.test('a user is made, has keys that work, and goes', async (t) => {
  const { iam, as } = await openIam(t)
  const made = await iam.send(
    new CreateUserCommand({ UserName, Path: '/vault/', Tags: [{ Key: 'a', Value: '1 & <2>' }] }),
  )
  t.equal(made.User?.Arn, 'arn:aws:iam::111122223333:user/vault/vault-1')
  t.match(made.User?.UserId, /^AIDA[A-Z2-7]{17}$/)
  t.strictSame(made.User?.Tags, [{ Key: 'a', Value: '1 & <2>' }])
  await t.rejects(iam.send(new CreateUserCommand({ UserName: 'VAULT-1' })), {
    name: 'EntityAlreadyExistsException',
    $metadata: { httpStatusCode: 409 },
  })

  const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const own = { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' }
  const sts = await stsClient(as(own))
  t.equal((await sts.send(new GetCallerIdentityCommand({}))).Arn, made.User?.Arn)
  await iam.send(new CreateAccessKeyCommand({ UserName }))
  await t.rejects(iam.send(new CreateAccessKeyCommand({ UserName })), { name: 'LimitExceededException' })
  const { AccessKeyMetadata: keys = [] } = await iam.send(new ListAccessKeysCommand({ UserName }))
  t.equal(keys.length, 2)
  t.notMatch(JSON.stringify(keys), own.secretAccessKey)

  await t.rejects(iam.send(new DeleteUserCommand({ UserName })), {
    name: 'DeleteConflictException',
    message: 'Cannot delete entity, must delete access keys first.',
  })
  for (const { AccessKeyId } of keys) await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }))
  await t.rejects(sts.send(new GetCallerIdentityCommand({})), { name: 'InvalidClientTokenId' })
  await iam.send(new DeleteUserCommand({ UserName }))
  await t.rejects(iam.send(new GetUserCommand({ UserName })), {
    name: 'NoSuchEntityException',
    message: 'The user with name vault-1 cannot be found.',
    $metadata: { httpStatusCode: 404 },
  })
})

t.test('inline policies, managed policies, groups and tags are kept, listed and taken away', async (t) => {
  const { iam } = await openIam(t)
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'
  await iam.send(new CreateUserCommand({ UserName }))
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument: everything }))
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
  await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
  await iam.send(new AddUserToGroupCommand({ UserName, GroupName: 'analysts' }))
  await iam.send(new TagUserCommand({ UserName, Tags: [{ Key: 'team', Value: 'data' }] }))

  t.strictSame((await iam.send(new ListUserPoliciesCommand({ UserName }))).PolicyNames, ['p'])
  const { PolicyDocument } = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName: 'p' }))
  t.equal(decodeURIComponent(PolicyDocument ?? ''), everything)
  t.strictSame((await iam.send(new ListAttachedUserPoliciesCommand({ UserName }))).AttachedPolicies, [
    { PolicyName: 'AmazonS3ReadOnlyAccess', PolicyArn },
  ])
  t.match((await iam.send(new ListGroupsForUserCommand({ UserName }))).Groups, [{ GroupName: 'analysts' }])
  t.strictSame((await iam.send(new ListUserTagsCommand({ UserName }))).Tags, [{ Key: 'team', Value: 'data' }])

  const remove = () => iam.send(new DeleteUserCommand({ UserName }))
  await t.rejects(remove(), { message: /must delete policies first/ })
  await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'p' }))
  await t.rejects(remove(), { message: /must detach all policies first/ })
  await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }))
  await t.rejects(remove(), { message: /must remove users from group first/ })
  await iam.send(new RemoveUserFromGroupCommand({ UserName, GroupName: 'analysts' }))
  await remove()
  const absent = { name: 'NoSuchEntityException' }
  await t.rejects(iam.send(new DeleteUserPolicyCommand({ UserName: 'nobody', PolicyName: 'p' })), absent)
  await t.rejects(iam.send(new DetachUserPolicyCommand({ UserName: 'nobody', PolicyArn })), absent)
  await t.rejects(iam.send(new AddUserToGroupCommand({ UserName: 'nobody', GroupName: 'g' })), absent)
  await t.rejects(
    iam.send(new DeleteAccessKeyCommand({ UserName: 'nobody', AccessKeyId: 'AKIAVENDOR0000000001' })),
    absent,
  )
  await t.rejects(
    iam.send(
      new AttachUserPolicyCommand({ UserName: 'nobody', PolicyArn: 'arn:aws:iam::aws:policy/Unknown' }),
    ),
    absent,
  )
})

t.test('what is no policy is refused', async (t) => {
  const { iam } = await openIam(t)
  for (const [document, message] of [
    ['{', 'Syntax errors in policy.'],
    ['{"Version":"2012-10-17"}', 'Missing required field Statement'],
    [
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*"}}',
      'Policy statement must contain resources.',
    ],
    [
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3","Resource":"*"}}',
      /prefaced by a vendor/,
    ],
    [
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"bucket"}}',
      /must be in ARN format/,
    ],
  ] as const)
    await t.rejects(
      iam.send(new PutUserPolicyCommand({ UserName: 'nobody', PolicyName: 'p', PolicyDocument: document })),
      { name: 'MalformedPolicyDocumentException', message },
    )
  await t.rejects(
    iam.send(
      new PutUserPolicyCommand({
        UserName: 'nobody',
        PolicyName: 'p',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Action: '*', Resource: `arn:aws:s3:::${'x'.repeat(2048)}` },
        }),
      }),
    ),
    { name: 'LimitExceededException' },
  )
})

t.test('a boundary takes away what it does not allow', async (t) => {
  const { iam, as } = await openIam(t)
  const PermissionsBoundary = 'arn:aws:iam::aws:policy/AmazonS3FullAccess'
  await iam.send(new CreateUserCommand({ UserName, PermissionsBoundary }))
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument: everything }))
  const { User } = await iam.send(new GetUserCommand({ UserName }))
  t.equal(User?.PermissionsBoundary?.PermissionsBoundaryArn, PermissionsBoundary)
  const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const own = { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' }
  const bounded = await iamClient(as(own))
  await t.rejects(bounded.send(new GetUserCommand({})), { name: 'AccessDenied' })
  await iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName }))
  t.equal((await bounded.send(new GetUserCommand({}))).User?.UserName, UserName)
  await iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary }))
  await t.rejects(bounded.send(new GetUserCommand({})), { name: 'AccessDenied' })
})

t.test('lists come in pages', async (t) => {
  const { iam } = await openIam(t)
  const names: (string | undefined)[] = []
  let Marker: string | undefined
  do {
    const page = await iam.send(new ListUsersCommand({ MaxItems: 1, Marker }))
    names.push(...(page.Users ?? []).map((user) => user.UserName))
    Marker = page.Marker
  } while (Marker !== undefined)
  t.strictSame(names, ['nobody', 'plane'])
})

t.test('roles are shown with their trust policies', async (t) => {
  const { iam } = await openIam(t)
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'chained' }))
  t.match(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')), {
    Statement: { Principal: { AWS: '*' } },
  })
  t.equal((await iam.send(new ListRolesCommand({}))).Roles?.length, 2)
  await t.rejects(iam.send(new GetRoleCommand({ RoleName: 'gone' })), { name: 'NoSuchEntityException' })
})

t.test('permissions are asked for, and sessions without a second factor stay out', async (t) => {
  const { iam, as } = await openIam(t, identities.nobody)
  await t.rejects(iam.send(new CreateUserCommand({ UserName: 'x', Path: '/p/' })), {
    name: 'AccessDenied',
    message:
      'User: arn:aws:iam::111122223333:user/nobody is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::111122223333:user/p/x',
  })
  const sts = await stsClient(as(identities.plane))
  const own = await sts.send(new GetSessionTokenCommand({}))
  const session = await iamClient(as(temporary(own.Credentials)))
  await t.rejects(session.send(new GetUserCommand({})), { name: 'InvalidClientTokenId' })
  const role = await sts.send(
    new AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::111122223333:role/data/analytics',
      RoleSessionName: 's3',
    }),
  )
  const s3Only = await iamClient(as(temporary(role.Credentials)))
  await t.rejects(s3Only.send(new GetUserCommand({ UserName: 'plane' })), { name: 'AccessDenied' })
})

t.test('the policies of groups and roles are as the fixture has them', async (t) => {
  const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } }
  const world = await openTestSandbox(t, {
    fixture: JSON.stringify({
      accounts: {
        '111122223333': {
          users: {
            plane: {
              access_keys: [{ id: identities.plane.accessKeyId, secret: identities.plane.secretAccessKey }],
              policies: ['arn:aws:iam::aws:policy/IAMReadOnlyAccess'],
            },
          },
          groups: {
            readers: {
              inline_policies: { b: document, a: document },
              policies: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'],
            },
          },
          roles: {
            idle: {
              path: '/x/',
              trust: {
                Version: '2012-10-17',
                Statement: { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' },
              },
              inline_policies: { only: document },
            },
          },
        },
      },
    }),
  })
  const iam = await iamClient(world.as(identities.plane))
  const GroupName = 'readers'
  t.strictSame((await iam.send(new ListGroupPoliciesCommand({ GroupName }))).PolicyNames, ['a', 'b'])
  const { PolicyDocument } = await iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName: 'a' }))
  t.strictSame(JSON.parse(decodeURIComponent(PolicyDocument ?? '')), document)
  t.strictSame((await iam.send(new ListAttachedGroupPoliciesCommand({ GroupName }))).AttachedPolicies, [
    { PolicyName: 'AmazonS3ReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' },
  ])
  const RoleName = 'idle'
  t.strictSame((await iam.send(new ListRolePoliciesCommand({ RoleName }))).PolicyNames, ['only'])
  t.match(await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'only' })), { RoleName })
  t.strictSame((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))).AttachedPolicies, [])
  const absent = { name: 'NoSuchEntityException' }
  await t.rejects(iam.send(new GetGroupPolicyCommand({ GroupName, PolicyName: 'c' })), absent)
  await t.rejects(iam.send(new ListGroupPoliciesCommand({ GroupName: 'writers' })), absent)
  await t.rejects(iam.send(new ListRolePoliciesCommand({ RoleName: 'busy' })), absent)
})
