import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import t from 'tap'
import { iamClient, stsClient } from '../../../src/aws/clients.js'
import { company, identities, openTestSandbox, temporary } from './sandbox-fixture.js'

t.test('what is made is there for others who open the same database, and later', async (t) => {
  const database = join(t.testdir({}), 'aws.db')
  const one = await openTestSandbox(t, { database })
  const other = await openTestSandbox(t, { database })
  const iam = await iamClient(one.as(identities.plane))
  await iam.send(new CreateUserCommand({ UserName: 'made' }))
  const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName: 'made' }))
  const made = { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' }
  const arn = 'arn:aws:iam::111122223333:user/made'
  t.equal((await (await stsClient(other.as(made))).send(new GetCallerIdentityCommand({}))).Arn, arn)

  const sts = await stsClient(one.as(identities.plane))
  const role = 'arn:aws:iam::111122223333:role/data/analytics'
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'me' }))
  const session = await stsClient(other.as(temporary(Credentials)))
  t.match((await session.send(new GetCallerIdentityCommand({}))).Arn, /assumed-role\/analytics\/me$/)
  await one.sandbox.close()
  await other.sandbox.close()

  const stored = readFileSync(database).toString('latin1')
  t.notMatch(stored, made.secretAccessKey)
  t.notMatch(stored, identities.plane.secretAccessKey)
  const later = await openTestSandbox(t, { database })
  t.equal((await (await stsClient(later.as(made))).send(new GetCallerIdentityCommand({}))).Arn, arn)
})

t.test('what requests made of a user holds until the fixture says something else', async (t) => {
  const database = join(t.testdir({}), 'aws.db')
  const users = async (
    fixture: string,
    use?: (iam: Awaited<ReturnType<typeof iamClient>>) => Promise<unknown>,
  ) => {
    const world = await openTestSandbox(t, { database, fixture })
    const iam = await iamClient(world.as(identities.plane))
    await use?.(iam)
    const names = (await iam.send(new ListUsersCommand({}))).Users?.map(({ UserName }) => UserName)
    const sts = await stsClient(world.as(identities.nobody))
    const known = await sts.send(new GetCallerIdentityCommand({})).then(
      () => true,
      () => false,
    )
    await world.sandbox.close()
    return { names, known }
  }
  const AccessKeyId = identities.nobody.accessKeyId
  const removed = await users(company, (iam) =>
    iam.send(new DeleteAccessKeyCommand({ UserName: 'nobody', AccessKeyId })),
  )
  t.strictSame(removed, { names: ['nobody', 'plane'], known: false })
  t.strictSame(await users(company), { names: ['nobody', 'plane'], known: false })
  const changed = company.replace('      nobody:\n', '      nobody:\n        tags: { changed: "1" }\n')
  t.strictSame(await users(changed), { names: ['nobody', 'plane'], known: true })
  const renamed = company.replace('      nobody:\n', '      somebody:\n')
  t.strictSame(await users(renamed), { names: ['plane', 'somebody'], known: true })
})

t.test('requests that nobody signed, or that are for other services, are refused', async (t) => {
  const { sandbox } = await openTestSandbox(t)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const post = (url: string, headers: Record<string, string>, body: string) =>
    sandbox.fetch(new Request(url, { method: 'POST', headers: { ...form, ...headers }, body }))
  const unsigned = await post(
    'https://sts.eu-west-1.amazonaws.com/',
    {},
    'Action=GetCallerIdentity&Version=2011-06-15',
  )
  t.equal(unsigned.status, 403)
  t.match(await unsigned.text(), /<Code>MissingAuthenticationToken<\/Code>/)
  const malformed = await post(
    'https://iam.amazonaws.com/',
    { authorization: 'Bearer x' },
    'Action=ListUsers',
  )
  t.equal(malformed.status, 400)
  t.match(await malformed.text(), /<Code>IncompleteSignature<\/Code>/)
  const credential = `Credential=AKIAPLANE00000000001/20250101/us-east-1/sqs/aws4_request`
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=${'0'.repeat(64)}`
  const queue = await post('https://sqs.us-east-1.amazonaws.com/', { authorization }, 'Action=ListQueues')
  t.equal(queue.status, 404)
  const large = await sandbox.fetch(
    new Request('https://s3.us-east-1.amazonaws.com/acme-private/a', {
      method: 'PUT',
      body: new Uint8Array(9 << 20),
    }),
  )
  t.equal(large.status, 413)
})

t.test('the fixture in the documentation works as it says', async (t) => {
  const fixture = /```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/sandbox.md', 'utf8'))?.[1] ?? ''
  const { sandbox, as } = await openTestSandbox(t, { fixture })
  t.equal(sandbox.externalId, 'acme-42')
  if (sandbox.identity === undefined) throw new Error('it has no control plane')
  const sts = await stsClient(as(sandbox.identity))
  const input = { RoleArn: 'arn:aws:iam::444455556666:role/data/analytics', RoleSessionName: 'docs' }
  const assume = (ExternalId?: string) => sts.send(new AssumeRoleCommand({ ...input, ExternalId }))
  t.match((await assume('acme-42')).AssumedRoleUser?.Arn, /assumed-role\/analytics\/docs$/)
  await t.rejects(assume(), { name: 'AccessDenied' })
})
