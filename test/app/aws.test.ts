import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { ListUsersCommand } from '@aws-sdk/client-iam'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import t, { type Test } from 'tap'
import { awsSource } from '../../src/app/aws.js'
import { startServer } from '../../src/app.js'
import type { AwsAccess } from '../../src/aws/access.js'
import { iamClient, s3Client, stsClient } from '../../src/aws/clients.js'
import { Failure } from '../../src/core/diagnostic.js'
import { company, identities } from '../server/sandbox/sandbox-fixture.js'
import { told as toldByPlan } from './told.js'

function source(t: Test, folder: string, text: string) {
  const aws = awsSource({ folder, env: () => undefined, now: () => new Date() })
  aws.declare({ text })
  t.teardown(() => aws.close())
  return aws
}

async function start(t: Test, folder: string, aws?: string, awsListen?: string) {
  const server = await startServer({
    folder,
    listen: '127.0.0.1:0',
    stop: new AbortController().signal,
    env: () => undefined,
    now: () => new Date(),
    log: () => {},
    ...(aws !== undefined && { aws }),
    ...(awsListen !== undefined && { awsListen }),
  })
  t.teardown(() => server.close())
  return server
}

async function told(promise: Promise<unknown>): Promise<readonly object[]> {
  const thrown = await promise.catch((cause: unknown) => cause)
  if (!(thrown instanceof Failure)) throw new Error('it did not fail', { cause: thrown })
  return thrown.diagnostics
}

t.test('a sandbox answers in the name of its control plane', async (t) => {
  const folder = t.testdir({ 'aws.yaml': company })
  const access = await source(t, folder, 'sandbox:aws.yaml').open()
  const sts = await stsClient(access)
  t.equal((await sts.send(new GetCallerIdentityCommand({}))).Arn, 'arn:aws:iam::111122223333:user/plane')
})

t.test('the real AWS is asked as the SDK is set up', async (t) => {
  const access = await source(t, t.testdir({}), 'real').open()
  t.equal(access.answer, undefined)
  t.equal(access.identity, undefined)
})

t.test('what is no AWS, and no fixture, is told', async (t) => {
  const folder = t.testdir({ 'bad.yaml': 'accounts:\n  "1": {}\n' })
  t.match(await told(source(t, folder, 'moon').open()), [{ code: 'app/aws-unknown', help: /sandbox:FILE/ }])
  t.match(await told(source(t, folder, 'sandbox:none.yaml').open()), [
    { code: 'app/aws-fixture-unreadable', detail: 'none.yaml: there is no such file or folder.' },
  ])
  t.match(await told(source(t, folder, 'sandbox:bad.yaml').open()), [
    { code: 'server/sandbox-fixture', span: { file: 'bad.yaml', start: { line: 2, column: 3 } } },
  ])
  t.match(await told(start(t, folder, 'sandbox:bad.yaml')), [{ code: 'server/sandbox-fixture' }])
  t.match(await told(start(t, folder, undefined, '127.0.0.1:0')), [
    { code: 'app/listen', help: /--aws sandbox:FILE/ },
  ])
  t.match(await told(start(t, folder, 'real', '0.0.0.0:0')), [{ code: 'app/listen' }])
})

t.test('a plan on an embedded control plane tells what is wrong with the AWS behind it', async (t) => {
  const main = (file: string) => `
rolecall { aws = "sandbox:${file}" }
provider "outerproduct" { endpoint = "embedded" }
provider "vault" { endpoint = "embedded" }
data "outerproduct_aws_setup" "a" {}
resource "vault_aws_mount" "m" { path = "aws" }
`
  const missing = t.testdir({ 'main.hcl': main('none.yaml') })
  t.match(await toldByPlan(missing, ['plan']), [
    [{ code: 'app/aws-fixture-unreadable', span: { file: 'main.hcl', start: { line: 2 } } }],
  ])
  const bad = t.testdir({ 'main.hcl': main('aws.yaml'), 'aws.yaml': 'accounts:\n  "1": {}\n' })
  t.match(await toldByPlan(bad, ['plan']), [
    [{ code: 'server/sandbox-fixture', span: { file: 'aws.yaml', start: { line: 2 } } }],
  ])
})

t.test('the sandbox listens, for any client of AWS', async (t) => {
  const folder = t.testdir({ 'aws.yaml': company })
  const { url, awsUrl = '' } = await start(t, folder, 'sandbox:aws.yaml', '127.0.0.1:0')
  t.not(url, awsUrl)
  const access: AwsAccess = { identity: identities.plane, env: () => undefined }
  const at = { endpoint: awsUrl, region: 'eu-west-1' }
  const sts = await stsClient(access, at)
  t.equal((await sts.send(new GetCallerIdentityCommand({}))).Account, '111122223333')
  const iam = await iamClient(access, { ...at, region: 'us-east-1' })
  t.equal((await iam.send(new ListUsersCommand({}))).Users?.length, 2)
  const s3 = await s3Client(access, at)
  const Bucket = 'acme-shared'
  const Key = 'a b/ü+(c).txt'
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello' }))
  t.equal(await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString(), 'hello')
  t.equal((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'a b/' }))).KeyCount, 1)
  for (const client of [sts, iam, s3]) client.destroy()
})

t.test('the real AWS is reached through the proxy that the environment names', async (t) => {
  const folder = t.testdir({ 'aws.yaml': company })
  const { awsUrl } = await start(t, folder, 'sandbox:aws.yaml', '127.0.0.1:0')
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`)
    const target = connect(Number(new URL(awsUrl ?? '').port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      target.write(head)
      target.pipe(socket).pipe(target)
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  t.teardown(() => proxy.close())
  const open = async (more: Readonly<Record<string, string>>) => {
    const env: Readonly<Record<string, string>> = { AWS_ENDPOINT_URL: 'http://aws.example.com', ...more }
    const aws = awsSource({ folder: t.testdirName, env: (name) => env[name], now: () => new Date() })
    t.teardown(() => aws.close())
    return aws.open()
  }
  const port = (proxy.address() as AddressInfo).port
  const access = await open({ HTTP_PROXY: `http://user:p%40ss@127.0.0.1:${port}` })
  const options = { identity: identities.plane, endpoint: 'http://aws.example.com' }
  const sts = await stsClient(access, options)
  t.equal((await sts.send(new GetCallerIdentityCommand({}))).Arn, 'arn:aws:iam::111122223333:user/plane')
  const s3 = await s3Client(access, { ...options, region: 'eu-west-1' })
  const head = { Bucket: 'acme-shared', Key: 'a b/ü&=.txt' }
  await s3.send(new PutObjectCommand({ ...head, Body: 'text' }))
  t.equal(await (await s3.send(new GetObjectCommand(head))).Body?.transformToString(), 'text')
  t.match(asked[0], new RegExp(`^aws\\.example\\.com:80 Basic ${btoa('user:p@ss')}$`))
  const exempt = await open({ HTTP_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: 'example.com' })
  t.equal(exempt.carry, undefined)
  await t.rejects(open({ HTTP_PROXY: 'socks5://p' }), Failure)
})
