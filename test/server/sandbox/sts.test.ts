import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts'
import t from 'tap'
import type { AwsIdentity } from '../../../src/aws/access.js'
import { stsClient } from '../../../src/aws/clients.js'
import { identities, openTestSandbox, type TestSandbox, temporary } from './sandbox-fixture.js'

const analytics = 'arn:aws:iam::111122223333:role/data/analytics'
const chained = 'arn:aws:iam::111122223333:role/chained'

async function assume(
  world: TestSandbox,
  identity: AwsIdentity,
  input: Partial<AssumeRoleCommandInput> & { RoleArn: string },
) {
  const client = await stsClient(world.as(identity))
  return client.send(new AssumeRoleCommand({ RoleSessionName: 'session', ...input }))
}

async function whoIs(world: TestSandbox, identity: AwsIdentity): Promise<string | undefined> {
  const client = await stsClient(world.as(identity))
  return (await client.send(new GetCallerIdentityCommand({}))).Arn
}

t.test('keys say who they are of, and wrong ones are refused', async (t) => {
  const world = await openTestSandbox(t)
  t.strictSame(world.sandbox.identity, identities.plane)
  t.equal(await whoIs(world, identities.nobody), 'arn:aws:iam::111122223333:user/nobody')
  await t.rejects(whoIs(world, { accessKeyId: 'AKIAUNKNOWN000000001', secretAccessKey: 'x' }), {
    name: 'InvalidClientTokenId',
    $metadata: { httpStatusCode: 403 },
  })
  await t.rejects(whoIs(world, { ...identities.nobody, secretAccessKey: 'wrong' }), {
    name: 'SignatureDoesNotMatch',
  })
  await t.rejects(whoIs(world, { ...identities.nobody, sessionToken: 'made up' }), {
    name: 'InvalidClientTokenId',
  })
})

t.test('a clock may be a quarter of an hour off', async (t) => {
  const world = await openTestSandbox(t)
  world.wait(14 * 60)
  t.ok(await whoIs(world, identities.nobody))
  world.wait(2 * 60)
  await t.rejects(whoIs(world, identities.nobody), {
    name: 'SignatureDoesNotMatch',
    message: /^Signature expired/,
  })
})

t.test('a role is assumed across accounts with the external id that it asks for', async (t) => {
  const world = await openTestSandbox(t)
  const answer = await assume(world, identities.vendor, { RoleArn: analytics, ExternalId: 'acme-42' })
  t.equal(answer.AssumedRoleUser?.Arn, 'arn:aws:sts::111122223333:assumed-role/analytics/session')
  t.match(answer.Credentials?.AccessKeyId, /^ASIA[A-Z2-7]{16}$/)
  t.equal(
    await whoIs(world, temporary(answer.Credentials)),
    'arn:aws:sts::111122223333:assumed-role/analytics/session',
  )
})

t.test('whatever keeps somebody from a role, the answer is the same', async (t) => {
  const world = await openTestSandbox(t)
  const missing = 'arn:aws:iam::111122223333:role/missing'
  const refusals = [
    ['vendor', { RoleArn: analytics }],
    ['vendor', { RoleArn: analytics, ExternalId: 'acme-43' }],
    ['vendor', { RoleArn: missing, ExternalId: 'acme-42' }],
    ['vendor', { RoleArn: 'arn:aws-cn:iam::111122223333:role/data/analytics', ExternalId: 'acme-42' }],
    // Named by nobody; trusted by way of its account, without a policy of its own; trusted, but of another account.
    ['powerless', { RoleArn: analytics, ExternalId: 'acme-42' }],
    ['nobody', { RoleArn: analytics }],
    ['powerless', { RoleArn: chained }],
  ] as const
  for (const [user, input] of refusals) {
    const account = user === 'nobody' ? '111122223333' : '999988887777'
    await t.rejects(assume(world, identities[user], input), {
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${account}:user/${user} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`,
      $metadata: { httpStatusCode: 403 },
    })
  }
  t.ok(await assume(world, identities.plane, { RoleArn: analytics }), 'its account, with a policy')
  t.ok(
    await assume(world, identities.nobody, { RoleArn: chained }),
    'in its account the trust alone suffices',
  )
})

t.test('tags need a permission of their own', async (t) => {
  const world = await openTestSandbox(t)
  const tags = { Tags: [{ Key: 'team', Value: 'data' }] }
  t.ok(await assume(world, identities.nobody, { RoleArn: chained }))
  await t.rejects(assume(world, identities.nobody, { RoleArn: chained, ...tags }), {
    name: 'AccessDenied',
    message: /sts:TagSession/,
  })
  t.ok(await assume(world, identities.plane, { RoleArn: analytics, ...tags }))
})

t.test('parameters are checked, all at once', async (t) => {
  const world = await openTestSandbox(t)
  const wrong = [
    [
      { RoleArn: 'short' },
      /at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20/,
    ],
    [{ RoleArn: `${'x'.repeat(30)}` }, /is invalid/],
    [
      { RoleArn: chained, RoleSessionName: 'a b' },
      /at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression/,
    ],
    [{ RoleArn: chained, RoleSessionName: 'a', ExternalId: 'x' }, /^2 validation errors detected/],
    [{ RoleArn: chained, ExternalId: 'a b' }, /at 'externalId'/],
    [{ RoleArn: chained, DurationSeconds: 899 }, /greater than or equal to 900/],
    [{ RoleArn: chained, DurationSeconds: 43_201 }, /less than or equal to 43200/],
    [{ RoleArn: chained, DurationSeconds: 3601 }, /exceeds the MaxSessionDuration set for this role/],
    [{ RoleArn: chained, TokenCode: '12345' }, /at 'tokenCode'/],
    [{ RoleArn: chained, Policy: 'x'.repeat(2049) }, /at 'policy'/],
    [
      {
        RoleArn: chained,
        PolicyArns: Array.from({ length: 11 }, () => ({ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })),
      },
      /at 'policyArns'/,
    ],
  ] as const
  for (const [input, message] of wrong)
    await t.rejects(
      assume(world, identities.nobody, {
        ...input,
        PolicyArns: 'PolicyArns' in input ? [...input.PolicyArns] : undefined,
      }),
      {
        name: 'ValidationError',
        message,
        $metadata: { httpStatusCode: 400 },
      },
    )
  await t.rejects(assume(world, identities.nobody, { RoleArn: chained, Policy: '{}' }), {
    name: 'MalformedPolicyDocument',
  })
})

t.test('a session of a role may begin another for an hour', async (t) => {
  const world = await openTestSandbox(t)
  const first = await assume(world, identities.plane, { RoleArn: analytics, DurationSeconds: 7200 })
  const keys = temporary(first.Credentials)
  await t.rejects(assume(world, keys, { RoleArn: chained, DurationSeconds: 3601 }), {
    name: 'ValidationError',
    message: /role chaining/,
  })
  const second = await assume(world, keys, { RoleArn: chained })
  t.equal(
    await whoIs(world, temporary(second.Credentials)),
    'arn:aws:sts::111122223333:assumed-role/chained/session',
  )
})

t.test('a session ends when it is due', async (t) => {
  const world = await openTestSandbox(t)
  world.wait(-300)
  const { Credentials } = await assume(world, identities.nobody, { RoleArn: chained, DurationSeconds: 900 })
  const keys = temporary(Credentials)
  world.wait(890)
  t.ok(await whoIs(world, keys))
  world.wait(10)
  await t.rejects(whoIs(world, keys), { name: /^ExpiredToken/ })
})

t.test('tokens are for the keys that they were given with', async (t) => {
  const world = await openTestSandbox(t)
  const one = temporary((await assume(world, identities.nobody, { RoleArn: chained })).Credentials)
  const two = temporary((await assume(world, identities.nobody, { RoleArn: chained })).Credentials)
  await t.rejects(whoIs(world, { ...one, sessionToken: two.sessionToken ?? '' }), {
    name: 'InvalidClientTokenId',
  })
  await t.rejects(whoIs(world, { accessKeyId: one.accessKeyId, secretAccessKey: one.secretAccessKey }), {
    name: 'InvalidClientTokenId',
  })
})

t.test('federated users and session tokens are for keys that last', async (t) => {
  const world = await openTestSandbox(t)
  const plane = await stsClient(world.as(identities.plane))
  const federated = await plane.send(new GetFederationTokenCommand({ Name: 'jane', DurationSeconds: 900 }))
  t.equal(federated.FederatedUser?.Arn, 'arn:aws:sts::111122223333:federated-user/jane')
  t.equal(
    await whoIs(world, temporary(federated.Credentials)),
    'arn:aws:sts::111122223333:federated-user/jane',
  )
  const own = await plane.send(new GetSessionTokenCommand({}))
  const keys = temporary(own.Credentials)
  t.equal(await whoIs(world, keys), 'arn:aws:iam::111122223333:user/plane')
  const again = await stsClient(world.as(keys))
  await t.rejects(again.send(new GetSessionTokenCommand({})), { name: 'AccessDenied' })
  await t.rejects(again.send(new GetFederationTokenCommand({ Name: 'jane' })), { name: 'AccessDenied' })
  t.ok(await assume(world, keys, { RoleArn: analytics }))
  await t.rejects(assume(world, temporary(federated.Credentials), { RoleArn: analytics }), {
    name: 'AccessDenied',
  })
  const nobody = await stsClient(world.as(identities.nobody))
  await t.rejects(nobody.send(new GetFederationTokenCommand({ Name: 'jane' })), { name: 'AccessDenied' })
})

t.test('the region that is signed for is the endpoint', async (t) => {
  const world = await openTestSandbox(t)
  const client = await stsClient(world.as(identities.nobody), {
    region: 'eu-west-1',
    endpoint: 'https://sts.us-east-1.amazonaws.com',
  })
  await t.rejects(client.send(new GetCallerIdentityCommand({})), { name: 'SignatureDoesNotMatch' })
  const china = await stsClient(world.as(identities.nobody), { region: 'cn-north-1' })
  await t.rejects(china.send(new GetCallerIdentityCommand({})), { name: 'InvalidClientTokenId' })
})
