import {
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import t, { type Test } from 'tap'
import type { AwsIdentity } from '../../../src/aws/access.js'
import { s3Client, stsClient } from '../../../src/aws/clients.js'
import { identities, openTestSandbox, type TestSandbox, temporary } from './sandbox-fixture.js'

const Bucket = 'acme-shared'

async function openS3(
  t: Test,
  { identity = identities.plane, region = 'eu-west-1' }: { identity?: AwsIdentity; region?: string } = {},
): Promise<TestSandbox & { s3: S3Client }> {
  const world = await openTestSandbox(t)
  return { ...world, s3: await s3Client(world.as(identity), { region }) }
}

t.test('a bucket is there, for those who may list it', async (t) => {
  const { s3, as } = await openS3(t)
  t.equal((await s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion, 'eu-west-1')
  await t.rejects(s3.send(new HeadBucketCommand({ Bucket: 'acme-missing' })), {
    name: 'NotFound',
    $metadata: { httpStatusCode: 404 },
  })
  const nobody = await s3Client(as(identities.nobody), { region: 'eu-west-1' })
  await t.rejects(nobody.send(new HeadBucketCommand({ Bucket })), {
    name: /./,
    $metadata: { httpStatusCode: 403 },
  })
  await t.rejects(nobody.send(new ListObjectsV2Command({ Bucket })), {
    name: 'AccessDenied',
    message: 'Access Denied',
    $metadata: { httpStatusCode: 403 },
  })
  await t.rejects(s3.send(new ListObjectsV2Command({ Bucket: 'acme-missing' })), { name: 'NoSuchBucket' })
  await t.rejects(s3.send(new ListObjectsV2Command({ Bucket: 'Acme_Missing' })), {
    name: 'InvalidBucketName',
  })
})

t.test('a permission does not reach over accounts', async (t) => {
  const { s3, as } = await openS3(t, { region: 'us-east-1' })
  await t.rejects(s3.send(new ListObjectsV2Command({ Bucket: 'vendor-bucket' })), { name: 'AccessDenied' })
  const vendor = await s3Client(as(identities.vendor), { region: 'us-east-1' })
  await t.rejects(vendor.send(new ListObjectsV2Command({ Bucket: 'vendor-bucket' })), {
    name: 'AccessDenied',
  })
})

t.test('the owner that is expected is compared', async (t) => {
  const { s3 } = await openS3(t)
  const list = (ExpectedBucketOwner: string) =>
    s3.send(new ListObjectsV2Command({ Bucket, ExpectedBucketOwner }))
  t.ok(await list('111122223333'))
  await t.rejects(list('999988887777'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } })
  await t.rejects(list('company'), {
    name: 'InvalidBucketOwnerAWSAccountID',
    $metadata: { httpStatusCode: 400 },
  })
})

t.test('another region says where the bucket is', async (t) => {
  const { s3, as, sandbox } = await openS3(t, { region: 'us-east-1' })
  const headers = { 'x-amz-bucket-region': 'eu-west-1' }
  await t.rejects(s3.send(new ListObjectsV2Command({ Bucket })), {
    name: 'PermanentRedirect',
    Endpoint: 'acme-shared.s3.eu-west-1.amazonaws.com',
    $metadata: { httpStatusCode: 301 },
    $response: { headers },
  })
  const anywhere = await s3Client(as(identities.plane), {
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:4566',
  })
  await t.rejects(anywhere.send(new ListObjectsV2Command({ Bucket })), {
    name: 'AuthorizationHeaderMalformed',
    Region: 'eu-west-1',
    $metadata: { httpStatusCode: 400 },
    $response: { headers },
  })
  t.equal((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint, 'eu-west-1')
  const unsigned = (host: string) => sandbox.fetch(new Request(`https://${host}`, { method: 'HEAD' }))
  const there = await unsigned('acme-shared.s3.eu-west-1.amazonaws.com/')
  t.equal(there.status, 403)
  t.equal(there.headers.get('x-amz-bucket-region'), 'eu-west-1')
  const elsewhere = await unsigned('s3.us-east-1.amazonaws.com/acme-shared')
  t.equal(elsewhere.status, 301)
  t.equal(elsewhere.headers.get('x-amz-bucket-region'), 'eu-west-1')
  t.equal((await unsigned('s3.us-east-1.amazonaws.com/acme-missing')).status, 404)
})

t.test('keys, clock and session are refused in the words of S3', async (t) => {
  const world = await openS3(t)
  const list = async (identity: AwsIdentity) =>
    (await s3Client(world.as(identity), { region: 'eu-west-1' })).send(new ListObjectsV2Command({ Bucket }))
  await t.rejects(list({ accessKeyId: 'AKIAUNKNOWN000000001', secretAccessKey: 'x' }), {
    name: 'InvalidAccessKeyId',
  })
  await t.rejects(list({ ...identities.plane, secretAccessKey: 'x' }), { name: 'SignatureDoesNotMatch' })
  await t.rejects(list({ ...identities.plane, sessionToken: 'x' }), {
    name: 'InvalidToken',
    $metadata: { httpStatusCode: 400 },
  })
  const sts = await stsClient(world.as(identities.plane))
  world.wait(-300)
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::111122223333:role/data/analytics',
      RoleSessionName: 'me',
      DurationSeconds: 900,
    }),
  )
  t.ok(await list(temporary(Credentials)))
  world.wait(900)
  await t.rejects(list(temporary(Credentials)), { name: 'ExpiredToken', $metadata: { httpStatusCode: 400 } })
  world.wait(400)
  await t.rejects(list(identities.plane), {
    name: 'RequestTimeTooSkewed',
    $metadata: { httpStatusCode: 403 },
  })
})

t.test('objects are listed by prefix, in pages, and up to a delimiter', async (t) => {
  const { s3 } = await openS3(t)
  const list = async (input: object) => s3.send(new ListObjectsV2Command({ Bucket, ...input }))
  const all = await list({})
  t.strictSame(
    all.Contents?.map(({ Key, Size }) => [Key, Size]),
    [
      ['readme', 5],
      ['reports/2024.csv', 3],
      ['reports/2025.csv', 3],
    ],
  )
  t.match(all, { KeyCount: 3, IsTruncated: false, MaxKeys: 1000 })
  const first = await list({ MaxKeys: 1, Prefix: 'reports/' })
  t.match(first, { KeyCount: 1, IsTruncated: true, Contents: [{ Key: 'reports/2024.csv' }] })
  const second = await list({
    MaxKeys: 1,
    Prefix: 'reports/',
    ContinuationToken: first.NextContinuationToken,
  })
  t.match(second, { IsTruncated: false, Contents: [{ Key: 'reports/2025.csv' }] })
  const folders = await list({ Delimiter: '/', EncodingType: 'url' })
  t.match(folders, { CommonPrefixes: [{ Prefix: 'reports/' }], Contents: [{ Key: 'readme' }], KeyCount: 2 })
  const nothing = await list({ Prefix: 'nothing/' })
  t.match(nothing, { KeyCount: 0, IsTruncated: false })
  await t.rejects(list({ MaxKeys: -1 }), { name: 'InvalidArgument' })
  t.match(await list({ MaxKeys: 0 }), { KeyCount: 0, IsTruncated: false })
})

t.test('objects are kept under any key', async (t) => {
  const { s3, as } = await openS3(t)
  const Key = "odd/ü ('a'+b)/~&=?#.txt"
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'text', ContentType: 'text/plain' }))
  const got = await s3.send(new GetObjectCommand({ Bucket, Key }))
  t.equal(await got.Body?.transformToString(), 'text')
  t.equal(got.ContentType, 'text/plain')
  t.match((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'odd/' }))).Contents, [{ Key, Size: 4 }])
  t.equal((await s3.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength, 4)
  await s3.send(new DeleteObjectCommand({ Bucket, Key }))
  await t.rejects(s3.send(new GetObjectCommand({ Bucket, Key })), { name: 'NoSuchKey' })
  const nobody = await s3Client(as(identities.nobody), { region: 'eu-west-1' })
  await t.rejects(nobody.send(new GetObjectCommand({ Bucket, Key })), { name: 'AccessDenied' })
})

t.test('an account lists its own buckets', async (t) => {
  const { s3 } = await openS3(t)
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}))
  t.strictSame(
    Buckets.map(({ Name }) => Name),
    ['acme-shared', 'acme-private'],
  )
})

t.test('the bucket may be in the host name', async (t) => {
  const { as } = await openS3(t)
  const { S3Client } = await import('@aws-sdk/client-s3')
  const { answerHandler } = await import('../../../src/aws/answer-handler.js')
  const s3 = new S3Client({
    region: 'eu-west-1',
    credentials: identities.plane,
    requestHandler: answerHandler(as(identities.plane).answer ?? (async () => new Response())),
  })
  t.equal((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'reports/' }))).KeyCount, 2)
})

t.test('what the sandbox does not have is said', async (t) => {
  const { s3 } = await openS3(t)
  await t.rejects(s3.send(new GetBucketPolicyCommand({ Bucket })), { name: 'NotImplemented' })
})

t.test('a body that was changed on its way is refused', async (t) => {
  const world = await openTestSandbox(t)
  const access = world.as(identities.plane)
  const client = await s3Client(
    {
      ...access,
      answer: async (request) => {
        await request.arrayBuffer()
        return world.sandbox.fetch(
          new Request(request.url, { method: 'PUT', headers: request.headers, body: 'other' }),
        )
      },
    },
    { region: 'eu-west-1' },
  )
  await t.rejects(client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'text' })), {
    name: 'XAmzContentSHA256Mismatch',
  })
})
