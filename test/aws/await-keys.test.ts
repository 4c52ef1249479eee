import { randomBytes } from 'node:crypto'
import { CreateAccessKeyCommand } from '@aws-sdk/client-iam'
import t, { type Test } from 'tap'
import type { AwsAccess, AwsIdentity } from '../../src/aws/access.js'
import { awaitKeys } from '../../src/aws/await-keys.js'
import { iamClient } from '../../src/aws/clients.js'
import { openSandbox } from '../../src/server/sandbox/sandbox.js'

/** An AWS that learns of a new key after so many seconds, by a clock that only waiting moves. */
async function open(t: Test, seconds: number) {
  let waited = 0
  const started = Date.now()
  const now = () => new Date(started + waited)
  const sandbox = await openSandbox({
    fixture: `
control_plane: arn:aws:iam::111111111111:user/admin
new_keys_after: ${seconds}
accounts:
  "111111111111":
    users:
      admin:
        access_keys: [{ id: AKIAIOSFODNN70ADMIN0, secret: admin-secret }]
        policies: [arn:aws:iam::aws:policy/AdministratorAccess]
      new: {}
`,
    file: 'aws.yaml',
    database: ':memory:',
    now,
    random: randomBytes,
  })
  t.teardown(() => sandbox.close())
  const access: AwsAccess = {
    env: () => undefined,
    answer: (request) => sandbox.fetch(request),
    ...(sandbox.identity !== undefined && { identity: sandbox.identity }),
  }
  const iam = await iamClient(access)
  const { AccessKey: made } = await iam.send(new CreateAccessKeyCommand({ UserName: 'new' }))
  const identity: AwsIdentity = {
    accessKeyId: made?.AccessKeyId ?? '',
    secretAccessKey: made?.SecretAccessKey ?? '',
  }
  const sleep = async (milliseconds: number) => {
    waited += milliseconds
  }
  const wait = (as = identity, through = access) => awaitKeys(as, through, { now, sleep })
  return { access, identity, wait, waited: () => waited / 1000 }
}

t.test('a new key is waited for until AWS knows it', async (t) => {
  const { wait, waited } = await open(t, 7)
  t.equal(await wait(), undefined)
  t.equal(waited(), 7)
  t.equal(await wait(), undefined)
  t.equal(waited(), 7, 'one that is known is not waited for')
})

t.test('the wait has an end', async (t) => {
  const { wait, waited } = await open(t, 999)
  t.match(await wait(), /does not know the access key yet, 30 s after it was made/)
  t.equal(waited(), 30)
})

t.test('what is no matter of time is not waited for', async (t) => {
  const { access, identity, wait, waited } = await open(t, 0)
  const wrong = { ...identity, secretAccessKey: 'other' }
  t.match(await wait(wrong), /could not be tried .*\(SignatureDoesNotMatch\)/)
  const down = async () => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  }
  t.match(await wait(identity, { ...access, answer: down }), /could not be tried .*\(ECONNREFUSED\)/)
  t.equal(waited(), 0)
})
