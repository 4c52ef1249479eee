import t, { type Test } from 'tap'
import { dataOf, openVaultPlane, refusalOf } from '../../fixtures/vault-plane.js'
import { holdInProcess } from '../../samples/story-plane.js'
import { vaultStories } from '../../samples/vault.js'
import { identities, openTestSandbox } from '../sandbox/sandbox-fixture.js'

/** The server of about release 1.0, as its documentation describes it. */
async function open(t: Test) {
  const { as } = await openTestSandbox(t)
  const opened = await openVaultPlane({ vaultGeneration: '1.0', aws: async () => as(identities.plane) })
  t.teardown(() => opened.plane.close())
  return opened
}

holdInProcess(vaultStories)

t.test('session credentials have no more members than the sample', async (t) => {
  const { ask } = await open(t)
  const policy = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
  await ask('POST', 'aws/roles/fed', { credential_type: 'federation_token', policy_document: policy })
  t.same(Object.keys(dataOf(await ask('GET', 'aws/sts/fed?ttl=900s'))), [
    'access_key',
    'secret_key',
    'security_token',
  ])
})

t.test('what came later is not there', async (t) => {
  const { ask } = await open(t)
  await ask('POST', 'aws/config/root', { access_key: 'a', secret_key: 'b' })
  t.match(refusalOf(await ask('GET', 'aws/config/root')), /^405 /)
  for (const path of ['aws/config/rotate-root', 'aws/static-roles/x', 'aws/static-creds/x'])
    t.equal(refusalOf(await ask('POST', path)), '404 1 error occurred:\n\t* unsupported path\n\n', path)
  t.equal((await ask('POST', 'sys/remount', { from: 'aws', to: 'other' })).status, 204)
  const ignored = { credential_type: 'assumed_role', external_id: 'x', nonsense: 1 }
  t.strictSame(await ask('POST', 'other/roles/r', ignored), { status: 204, body: undefined })
})

t.test('the first mistake is told, in words of its own', async (t) => {
  const { ask } = await open(t)
  for (const [body, expected] of [
    [{}, 'did not supply credential_type'],
    [
      { credential_type: 'session_token', role_arns: 'x' },
      'unrecognized credential_type: "session_token", not one of []string{"iam_user", "assumed_role", "federation_token"}',
    ],
    [
      { credential_type: 'assumed_role', policy_arns: ['p'] },
      "cannot supply policy_arns when credential_type isn't iam_user",
    ],
    [
      { credential_type: 'iam_user', role_arns: ['r'], policy_arns: ['p'] },
      "cannot supply role_arns when credential_type isn't assumed_role",
    ],
    [{ credential_type: 'iam_user', policy_document: 'x' }, 'cannot parse policy document: "x"'],
    [
      { arn: 'arn:aws:iam::1:role/x', role_arns: 'y' },
      'cannot supply deprecated role or policy parameters with role_arns',
    ],
  ] as const)
    t.equal(refusalOf(await ask('POST', 'aws/roles/r', JSON.stringify(body))), `400 ${expected}`)
})

t.test('a write of config/root forgets what it leaves out', async (t) => {
  const { ask } = await open(t)
  const { accessKeyId, secretAccessKey } = identities.nobody
  await ask('POST', 'aws/config/root', { access_key: accessKeyId, secret_key: secretAccessKey })
  await ask('POST', 'aws/roles/u', { credential_type: 'iam_user', policy_document: '{}' })
  t.match(refusalOf(await ask('GET', 'aws/creds/u')), /^400 Error creating IAM user: AccessDenied/)
  await ask('POST', 'aws/config/root', { region: 'eu-west-1' })
  t.match(
    refusalOf(await ask('GET', 'aws/creds/u')),
    /^400 Error putting user policy: MalformedPolicyDocument/,
    "with the server's own credentials",
  )
})

t.test(
  "without keys in config/root the server's own count, in the variables that the documentation names too",
  async (t) => {
    const { sandbox } = await openTestSandbox(t)
    const named: Record<string, string> = {}
    const { plane, ask } = await openVaultPlane({
      aws: async () => ({ env: (name) => named[name], answer: (request) => sandbox.fetch(request) }),
    })
    t.teardown(() => plane.close())
    await ask('POST', 'aws/roles/u', { credential_type: 'iam_user' })
    const { nobody, plane: own } = identities
    Object.assign(named, { AWS_ACCESS_KEY: nobody.accessKeyId, AWS_SECRET_KEY: nobody.secretAccessKey })
    t.match(
      refusalOf(await ask('GET', 'aws/creds/u')),
      'user/nobody is not authorized to perform: iam:CreateUser',
    )
    Object.assign(named, { AWS_ACCESS_KEY_ID: own.accessKeyId, AWS_SECRET_ACCESS_KEY: own.secretAccessKey })
    t.equal((await ask('GET', 'aws/creds/u')).status, 200, 'the usual ones go first')
    const keys = { access_key: nobody.accessKeyId, secret_key: nobody.secretAccessKey }
    await ask('POST', 'aws/config/root', keys)
    t.match(
      refusalOf(await ask('GET', 'aws/creds/u')),
      'user/nobody is not authorized',
      'the payload before all',
    )
  },
)
