import { HeadBucketCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { AssumeRoleCommand, GetFederationTokenCommand } from '@aws-sdk/client-sts'
import t from 'tap'
import type { AwsIdentity } from '../../../src/aws/access.js'
import { s3Client, stsClient } from '../../../src/aws/clients.js'
import { openTestSandbox, type TestSandbox, temporary } from './sandbox-fixture.js'

const fixture = `
accounts:
  "111122223333":
    users:
      jane:
        access_keys: [{ id: AKIAJANE000000000001, secret: jane }]
        tags: { team: data }
        inline_policies:
          own:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: s3:ListBucket
                Resource: arn:aws:s3:::acme
                Condition: { StringLike: { s3:prefix: ["home/\${aws:username}/*", "team/\${aws:PrincipalTag/team}/*"] } }
              - { Effect: Allow, Action: s3:*, Resource: ["arn:aws:s3:::partner", "arn:aws:s3:::partner/*"] }
              - { Effect: Allow, Action: "sts:*", Resource: "*" }
    roles:
      reader:
        policies: [arn:aws:iam::aws:policy/AmazonS3FullAccess]
        trust:
          Version: "2012-10-17"
          Statement: { Effect: Allow, Principal: { AWS: "111122223333" }, Action: sts:AssumeRole }
    buckets:
      acme: { region: us-east-1, objects: [home/jane/a, team/data/b] }
      guarded:
        region: us-east-1
        policy:
          Version: "2012-10-17"
          Statement:
            - { Effect: Deny, Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::guarded", Condition: { Bool: { aws:SecureTransport: "false" } } }
  "999988887777":
    buckets:
      partner:
        region: us-east-1
        policy:
          Version: "2012-10-17"
          Statement: { Effect: Allow, Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: s3:ListBucket, Resource: "arn:aws:s3:::partner" }
`

const jane = { accessKeyId: 'AKIAJANE000000000001', secretAccessKey: 'jane' }

async function list(
  world: TestSandbox,
  identity: AwsIdentity,
  Bucket: string,
  Prefix?: string,
  endpoint?: string,
) {
  const s3 = await s3Client(world.as(identity), {
    region: 'us-east-1',
    ...(endpoint !== undefined && { endpoint }),
  })
  return s3.send(new ListObjectsV2Command({ Bucket, Prefix }))
}

async function asReader(world: TestSandbox, Policy?: string, policyArns: readonly string[] = []) {
  const sts = await stsClient(world.as(jane))
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::111122223333:role/reader',
      RoleSessionName: 'jane',
      Policy,
      PolicyArns: policyArns.map((arn) => ({ arn })),
    }),
  )
  return temporary(Credentials)
}

const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }

function allowing(Resource: string): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource } })
}

t.test('a permission may be for a prefix, with the caller in it', async (t) => {
  const world = await openTestSandbox(t, { fixture })
  t.equal((await list(world, jane, 'acme', 'home/jane/')).KeyCount, 1)
  t.equal((await list(world, jane, 'acme', 'team/data/')).KeyCount, 1)
  await t.rejects(list(world, jane, 'acme', 'home/joe/'), denied)
  await t.rejects(list(world, jane, 'acme'), denied)
  const s3 = await s3Client(world.as(jane))
  await t.rejects(s3.send(new HeadBucketCommand({ Bucket: 'acme' })), {
    name: /./,
    $metadata: { httpStatusCode: 403 },
  })
})

t.test('a bucket of another account is reached where both sides allow it', async (t) => {
  const world = await openTestSandbox(t, { fixture })
  t.equal((await list(world, jane, 'partner')).KeyCount, 0)
  const s3 = await s3Client(world.as(jane))
  await t.rejects(s3.send(new PutObjectCommand({ Bucket: 'partner', Key: 'a', Body: 'b' })), denied)
})

t.test('a session has what its role and its own policies both allow', async (t) => {
  const world = await openTestSandbox(t, { fixture })
  t.ok(await list(world, await asReader(world), 'acme'))
  const narrow = await asReader(world, allowing('arn:aws:s3:::acme'))
  t.ok(await list(world, narrow, 'acme'))
  await t.rejects(list(world, narrow, 'guarded'), denied)
  await t.rejects(list(world, await asReader(world, allowing('arn:aws:s3:::other')), 'acme'), denied)
  const readOnly = await asReader(world, undefined, ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'])
  t.ok(await list(world, readOnly, 'acme'))
  const s3 = await s3Client(world.as(readOnly))
  await t.rejects(s3.send(new PutObjectCommand({ Bucket: 'acme', Key: 'a', Body: 'b' })), denied)
})

t.test('a federated user has what the user and the policy both allow, and nothing without one', async (t) => {
  const world = await openTestSandbox(t, { fixture })
  const sts = await stsClient(world.as(jane))
  const federated = async (Policy?: string) => {
    const { Credentials } = await sts.send(new GetFederationTokenCommand({ Name: 'guest', Policy }))
    return temporary(Credentials)
  }
  await t.rejects(list(world, await federated(), 'partner'), denied)
  const all = await federated(allowing('*'))
  t.ok(await list(world, all, 'partner'))
  await t.rejects(list(world, all, 'guarded'), denied)
})

t.test('a bucket that demands an encrypted connection is not read over another', async (t) => {
  const world = await openTestSandbox(t, { fixture })
  const reader = await asReader(world)
  t.ok(await list(world, reader, 'guarded'))
  await t.rejects(list(world, reader, 'guarded', undefined, 'http://127.0.0.1:4566'), denied)
})

t.test('a request that was changed on its way is refused', async (t) => {
  const world = await openTestSandbox(t, { fixture })
  const changed = (change: (url: URL, headers: Headers) => void): TestSandbox => ({
    ...world,
    as: (identity) => ({
      ...world.as(identity),
      answer: (request) => {
        const url = new URL(request.url)
        const headers = new Headers(request.headers)
        change(url, headers)
        return world.sandbox.fetch(new Request(url, { headers }))
      },
    }),
  })
  const mismatch = { name: 'SignatureDoesNotMatch' }
  const reader = await asReader(world)
  t.ok(
    await list(
      changed(() => {}),
      reader,
      'acme',
      'home/',
    ),
  )
  await t.rejects(
    list(
      changed((url) => url.searchParams.set('prefix', 'team/')),
      reader,
      'acme',
      'home/',
    ),
    mismatch,
  )
  await t.rejects(
    list(
      changed((url) => (url.pathname = '/guarded')),
      reader,
      'acme',
      'home/',
    ),
    mismatch,
  )
  await t.rejects(
    list(
      changed((_, headers) => headers.set('x-amz-expected-bucket-owner', '1')),
      reader,
      'acme',
      'home/',
    ),
    {
      name: 'AccessDenied',
      message: 'There were headers present in the request which were not signed',
    },
  )
})
