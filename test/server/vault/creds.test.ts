import {
  GetUserCommand,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import t, { type Test } from 'tap'
import type { AwsAccess } from '../../../src/aws/access.js'
import { iamClient, stsClient } from '../../../src/aws/clients.js'
import type { JsonObject } from '../../../src/core/json.js'
import type { WorkLogLine } from '../../../src/server/access-log.js'
import type { ControlPlaneOptions } from '../../../src/server/control-plane.js'
import { dataOf, openVaultPlane, refusalOf } from '../../fixtures/vault-plane.js'
import { identities, openTestSandbox } from '../sandbox/sandbox-fixture.js'

const analytics = 'arn:aws:iam::111122223333:role/data/analytics'
const readShared = 'arn:aws:iam::111122223333:policy/read-shared'
const document = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'

/** A plane over a sandbox, whose clock can be moved and whose AWS can be made to fail. */
async function open(t: Test, options: Partial<ControlPlaneOptions> = {}) {
  const { sandbox, as } = await openTestSandbox(t)
  let ahead = 0
  const calls: string[] = []
  const refused = new Set<string>()
  const late: Request[] = []
  const access: AwsAccess = {
    ...as(identities.plane),
    async answer(request) {
      const action = new URLSearchParams(await request.clone().text()).get('Action') ?? ''
      calls.push(action)
      if (refused.has(`late ${action}`)) {
        late.push(request)
        throw new Error('socket hang up')
      }
      if (refused.has(action))
        return new Response(
          '<ErrorResponse><Error><Type>Sender</Type><Code>ServiceFailure</Code><Message>not now</Message></Error></ErrorResponse>',
          { status: 500 },
        )
      if (refused.has(`throttled ${action}`))
        return new Response(
          '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
          { status: 400 },
        )
      const response = await sandbox.fetch(request)
      if (refused.has(`lost ${action}`)) throw new Error('socket hang up')
      return response
    },
  }
  const opened = await openVaultPlane({
    now: () => new Date(Date.now() + ahead),
    aws: async () => access,
    ...options,
  })
  t.teardown(() => opened.plane.close())
  const iam = await iamClient(as(identities.plane))
  return {
    ...opened,
    calls,
    refused,
    /** Carries out what was cut off as `late`. */
    arrive: async () => {
      for (const request of late.splice(0)) await sandbox.fetch(request)
    },
    iam,
    as,
    wait: (seconds: number) => {
      ahead += seconds * 1_000
    },
    users: async () => {
      const { Users = [] } = await iam.send(new ListUsersCommand({}))
      return Users.map((user) => user.UserName ?? '').filter((name) => name.startsWith('vault-'))
    },
    async whoIs(data: JsonObject) {
      const sts = await stsClient(
        as({
          accessKeyId: String(data.access_key),
          secretAccessKey: String(data.secret_key),
          ...(typeof data.security_token === 'string' ? { sessionToken: data.security_token } : {}),
        }),
      )
      return (await sts.send(new GetCallerIdentityCommand({}))).Arn
    },
  }
}

/** AWS tells when credentials end in whole seconds. */
function near(t: Test, actual: unknown, expected: number): void {
  t.ok(Number(actual) <= expected && Number(actual) >= expected - 3, `${actual} is about ${expected}`)
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('it did not happen')
}

t.test('an assumed role is assumed, with all that the Vault role says', async (t) => {
  const { ask, whoIs } = await open(t)
  await ask('POST', 'aws/roles/dev', { credential_type: 'assumed_role', role_arns: [analytics] })
  const answer = await ask('GET', 'aws/creds/dev')
  const data = dataOf(answer)
  t.match(data, { arn: /assumed-role\/analytics\/vault-anybody-dev-\d+-\w+$/ })
  near(t, data.ttl, 3600)
  t.equal(data.session_token, data.security_token)
  t.match(answer.body, {
    lease_id: /^aws\/creds\/dev\/\w{24}$/,
    renewable: false,
    lease_duration: Number(data.ttl),
  })
  t.equal(await whoIs(data), data.arn)
  const named = await ask('POST', 'aws/sts/dev', { role_session_name: 'a b/c', ttl: '20m' })
  t.match(dataOf(named), { arn: /\/a_b_c$/ })
  near(t, dataOf(named).ttl, 1200)
  t.match(named.body?.lease_id, /^aws\/sts\/dev\//)
  await ask('POST', 'aws/roles/dev', { default_sts_ttl: 900, max_sts_ttl: 1000 })
  near(t, dataOf(await ask('GET', 'aws/creds/dev')).ttl, 900)
  near(t, dataOf(await ask('GET', 'aws/creds/dev?ttl=2h')).ttl, 1000)
  await ask('POST', 'aws/roles/dev', { role_arns: [analytics, 'arn:aws:iam::111122223333:role/chained'] })
  t.equal(
    refusalOf(await ask('GET', 'aws/creds/dev')),
    '400 did not supply a role_arn parameter and unable to determine one',
  )
  t.equal(
    refusalOf(await ask('GET', 'aws/creds/dev?role_arn=x')),
    '400 role_arn "x" not in allowed role arns for Vault role "dev"',
  )
  t.match(dataOf(await ask('GET', `aws/creds/dev?role_arn=${analytics}`)), { arn: /analytics/ })
  t.equal(refusalOf(await ask('GET', 'aws/creds/none')), '400 Role "none" not found')
})

t.test('the external id and the tags of a role reach AWS', async (t) => {
  const { ask } = await open(t)
  const vendor = identities.vendor
  await ask('POST', 'aws/config/root', {
    access_key: vendor.accessKeyId,
    secret_key: vendor.secretAccessKey,
  })
  await ask('POST', 'aws/roles/dev', { credential_type: 'assumed_role', role_arns: [analytics] })
  t.match(
    refusalOf(await ask('GET', 'aws/creds/dev')),
    /^400 Error assuming role: AccessDenied: .*not authorized/,
  )
  await ask('POST', 'aws/roles/dev', { external_id: 'acme-42' })
  t.match(dataOf(await ask('GET', 'aws/creds/dev')), { arn: /analytics/ })
  await ask('POST', 'aws/roles/dev', { session_tags: { team: 'data' } })
  t.match(refusalOf(await ask('GET', 'aws/creds/dev')), 'sts:TagSession', 'which this user may not do')
})

t.test('federation and session tokens are those of the user of config/root', async (t) => {
  const { ask, whoIs } = await open(t)
  await ask('POST', 'aws/roles/fed', { credential_type: 'federation_token' })
  t.equal(
    refusalOf(await ask('GET', 'aws/creds/fed')),
    '400 must specify at least one of policy_arns or policy_document with federation_token credential_type',
  )
  await ask('POST', 'aws/roles/fed', { policy_document: document, default_sts_ttl: 900 })
  const federated = dataOf(await ask('GET', 'aws/sts/fed'))
  t.match(await whoIs(federated), /^arn:aws:sts::111122223333:federated-user\/vault-\d+-\w+$/)
  t.notOk(Object.hasOwn(federated, 'arn'))
  await ask('POST', 'aws/roles/own', { credential_type: 'session_token' })
  t.equal(await whoIs(dataOf(await ask('GET', 'aws/creds/own'))), 'arn:aws:iam::111122223333:user/plane')
})

t.test(
  'an AWS that is asked too often is asked again, as often as config/root says, and then told of',
  async (t) => {
    const { ask, calls, refused } = await open(t)
    await ask('POST', 'aws/config/root', { max_retries: 1 })
    await ask('POST', 'aws/roles/own', { credential_type: 'session_token' })
    refused.add('throttled GetSessionToken')
    t.match(
      refusalOf(await ask('GET', 'aws/creds/own')),
      /^502 Error generating STS keys: Throttling: Rate exceeded/,
    )
    t.strictSame(
      calls.filter((call) => call === 'GetSessionToken'),
      ['GetSessionToken', 'GetSessionToken'],
    )
  },
)

t.test('the policies of iam_groups limit what is federated', async (t) => {
  const { ask, calls, whoIs } = await open(t)
  await ask('POST', 'aws/roles/team', { credential_type: 'federation_token', iam_groups: ['analysts'] })
  t.match(await whoIs(dataOf(await ask('GET', 'aws/creds/team'))), /federated-user/)
  t.strictSame(calls, ['ListAttachedGroupPolicies', 'ListGroupPolicies', 'GetFederationToken'])
})

t.test('a role with an MFA device gives credentials for its code only', async (t) => {
  const { ask } = await open(t)
  const device = 'arn:aws:iam::111122223333:mfa/jane'
  await ask('POST', 'aws/roles/own', { credential_type: 'session_token', mfa_serial_number: device })
  t.match(
    refusalOf(await ask('POST', 'aws/creds/own', { mfa_code: '123456' })),
    /^400 Error generating STS keys: AccessDenied: MultiFactorAuthentication failed/,
    'the sandbox has no device, and looks at the code',
  )
  t.match(
    refusalOf(await ask('POST', 'aws/creds/own', { mfa_code: 'x' })),
    /^400 Error generating STS keys: ValidationError: .*tokenCode/i,
  )
})

t.test('a user is made with all that its role says, and removed with its lease', async (t) => {
  const { ask, iam, whoIs, users } = await open(t)
  await ask('POST', 'aws/config/lease', { lease: '30m', lease_max: '1h' })
  await ask('POST', 'aws/roles/ci', {
    credential_type: 'iam_user',
    policy_arns: [readShared],
    policy_document: document,
    iam_groups: ['analysts'],
    iam_tags: { team: 'data' },
    user_path: '/ci/',
    permissions_boundary_arn: 'arn:aws:iam::aws:policy/AdministratorAccess',
  })
  const answer = await ask('GET', 'aws/creds/ci')
  const data = dataOf(answer)
  t.same(Object.keys(data), ['access_key', 'secret_key', 'security_token'])
  t.equal(data.security_token, null)
  t.match(answer.body, { lease_duration: 1800, renewable: true })
  const [UserName = ''] = await users()
  t.match(UserName, /^vault-anybody-ci-\d{10}-\w{20}$/)
  t.equal(await whoIs(data), `arn:aws:iam::111122223333:user/ci/${UserName}`)
  const of = { UserName }
  t.match(await iam.send(new GetUserCommand(of)), {
    User: {
      Path: '/ci/',
      Tags: [{ Key: 'team', Value: 'data' }],
      PermissionsBoundary: { PermissionsBoundaryArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    },
  })
  t.match(await iam.send(new ListAttachedUserPoliciesCommand(of)), {
    AttachedPolicies: [{ PolicyArn: readShared }],
  })
  t.match(await iam.send(new ListUserPoliciesCommand(of)), { PolicyNames: ['ci'] })
  t.match(await iam.send(new ListGroupsForUserCommand(of)), { Groups: [{ GroupName: 'analysts' }] })

  const lease_id = String(answer.body?.lease_id)
  t.match(dataOf(await ask('POST', 'sys/leases/lookup', { lease_id })), {
    id: lease_id,
    renewable: true,
    last_renewal: null,
  })
  t.same(dataOf(await ask('LIST', 'sys/leases/lookup/aws/creds')), { keys: ['ci/'] })
  t.same(dataOf(await ask('LIST', 'sys/leases/lookup/aws/creds/ci')), { keys: [lease_id.slice(-24)] })
  const renewed = await ask('PUT', 'sys/leases/renew', { lease_id, increment: 7200 })
  t.match(renewed.body, { lease_id, renewable: true, warnings: [/exceeded the effective max_ttl/] })
  t.ok(Number(renewed.body?.lease_duration) > 3590)
  t.equal((await ask('PUT', 'sys/leases/revoke', { lease_id })).status, 204)
  t.same(await users(), [])
  t.equal(refusalOf(await ask('POST', 'sys/leases/lookup', { lease_id })), '400 invalid lease')
  t.equal(refusalOf(await ask('POST', 'sys/leases/renew', { lease_id })), '400 lease not found')
  t.equal((await ask('PUT', `sys/leases/revoke/${lease_id}`)).status, 204, 'again')
  t.equal((await ask('LIST', 'sys/leases/lookup/aws/creds')).status, 404)
})

t.test('leases of sessions are told, and not renewed', async (t) => {
  const { ask } = await open(t)
  await ask('POST', 'aws/roles/own', { credential_type: 'session_token' })
  const lease_id = String((await ask('GET', 'aws/creds/own')).body?.lease_id)
  t.match(dataOf(await ask('POST', 'sys/leases/lookup', { lease_id })), { renewable: false })
  t.equal(refusalOf(await ask('POST', 'sys/leases/renew', { lease_id })), '400 lease is not renewable')
  t.equal(refusalOf(await ask('POST', 'sys/leases/lookup', {})), '400 lease_id must be specified')
})

t.test('a prefix, a mount and a token take their leases with them', async (t) => {
  const { ask, users } = await open(t)
  for (const name of ['a', 'ab']) await ask('POST', `aws/roles/${name}`, { credential_type: 'iam_user' })
  for (const name of ['a', 'ab', 'ab']) await ask('GET', `aws/creds/${name}`)
  t.equal((await users()).length, 3)
  t.equal((await ask('PUT', 'sys/leases/revoke-prefix/aws/creds/a')).status, 204)
  t.equal((await users()).length, 2, 'the role ab has another prefix')

  const made = await ask('POST', 'auth/token/create', { ttl: '1h' })
  const token = (made.body as { auth: { client_token: string } }).auth.client_token
  await ask('GET', 'aws/creds/a', undefined, { 'x-vault-token': token })
  t.equal((await users()).length, 3)
  await ask('POST', 'auth/token/revoke-self', {}, { 'x-vault-token': token })
  await until(async () => (await users()).length === 2)

  const moved = dataOf(await ask('POST', 'sys/remount', { from: 'aws', to: 'other' })).migration_id
  const status = async () => JSON.stringify(dataOf(await ask('GET', `sys/remount/status/${moved}`)))
  await until(async () => (await status()).includes('success'))
  t.same(await users(), [])
  await ask('GET', 'other/creds/a')
  t.equal((await ask('DELETE', 'sys/mounts/other')).status, 204)
  t.same(await users(), [])
})

t.test('what is due is removed, without anybody asking', async (t) => {
  const { ask, users } = await open(t)
  await ask('POST', 'aws/roles/a', { credential_type: 'iam_user' })
  await ask('POST', 'aws/config/lease', { lease: '300ms', lease_max: '1h' })
  await ask('GET', 'aws/creds/a')
  t.equal((await users()).length, 1)
  await until(async () => (await users()).length === 0)
})

t.test('what AWS refuses to make leaves nothing behind', async (t) => {
  const { ask, users, refused, calls } = await open(t)
  await ask('POST', 'aws/roles/a', {
    credential_type: 'iam_user',
    policy_arns: ['arn:aws:iam::aws:policy/NoSuchPolicy'],
  })
  t.match(refusalOf(await ask('GET', 'aws/creds/a')), /^400 Error attaching user policy: NoSuchEntity/)
  t.same(await users(), [])
  t.ok(calls.includes('DeleteUser'))
  refused.add('CreateUser')
  t.match(refusalOf(await ask('GET', 'aws/creds/a')), /^400 Error creating IAM user: /)
})

t.test('a user that is made after the server gave up is removed', async (t) => {
  const { ask, users, refused, arrive, wait } = await open(t)
  await ask('POST', 'aws/roles/a', { credential_type: 'iam_user' })
  refused.add('late CreateUser')
  t.match(
    refusalOf(await ask('GET', 'aws/creds/a')),
    /^400 Error creating IAM user: RequestError: .*hang up/s,
  )
  refused.clear()
  await arrive()
  t.equal((await users()).length, 1)
  wait(61)
  await ask('GET', 'aws/creds/a')
  await until(async () => (await users()).length === 1)
  await ask('PUT', 'sys/leases/revoke-prefix/aws')
  t.same(await users(), [])
})

t.test('what AWS refuses to remove is tried again, and keeps its mount', async (t) => {
  const told: WorkLogLine[] = []
  const { ask, users, refused, wait } = await open(t, { logWork: (line) => told.push(line) })
  await ask('POST', 'aws/roles/a', { credential_type: 'iam_user' })
  const lease_id = String((await ask('GET', 'aws/creds/a')).body?.lease_id)
  refused.add('DeleteUser')
  t.match(
    refusalOf(await ask('PUT', 'sys/leases/revoke', { lease_id, sync: true })),
    /^400 failed to revoke "aws\/creds\/a\/\w+": failed to revoke entry: ServiceFailure: not now/,
  )
  t.match(told, [
    {
      system: 'vault',
      work: /^revoking the lease aws\/creds\/a\/\w+, whose IAM user vault-\S+ has to go$/,
      error: /^ServiceFailure: not now/,
      again: /Z$/,
    },
  ])
  const [first] = told
  t.equal(Date.parse(first?.again ?? '') - Date.parse(first?.at ?? '') <= 1_000, true)
  t.equal(refusalOf(await ask('POST', 'sys/leases/lookup', { lease_id })), '400 invalid lease', 'it is over')
  t.match(refusalOf(await ask('DELETE', 'sys/mounts/aws')), /^400 failed to revoke/)
  t.equal((await ask('GET', 'aws/roles/a')).status, 200)
  refused.clear()
  wait(3_600)
  await ask('POST', 'sys/leases/revoke', { lease_id: 'none' })
  await ask('GET', 'aws/creds/a')
  await until(async () => (await users()).length === 1)
  refused.add('DeleteUser')
  t.equal((await ask('PUT', 'sys/leases/revoke-force/aws/creds')).status, 204, 'whatever AWS says')
  t.equal((await ask('DELETE', 'sys/mounts/aws')).status, 204)
})

t.test('legacy roles tell the paths apart', async (t) => {
  const { ask, whoIs } = await open(t)
  await ask('POST', 'aws/roles/p', { policy: document })
  t.match(await whoIs(dataOf(await ask('GET', 'aws/creds/p'))), /user\/vault-anybody-p/)
  t.match(await whoIs(dataOf(await ask('GET', 'aws/sts/p'))), /federated-user/)
  await ask('POST', 'aws/roles/r', { arn: analytics })
  t.match(dataOf(await ask('GET', 'aws/sts/r')), { arn: /analytics/ })
  t.equal(
    refusalOf(await ask('GET', 'aws/creds/r')),
    '400 attempted to retrieve assumed_role credentials through the creds path; this is not allowed for legacy roles',
  )
  await ask('POST', 'aws/roles/u', { arn: readShared })
  t.equal(
    refusalOf(await ask('GET', 'aws/sts/u')),
    '400 attempted to retrieve iam_user credentials through the sts path; this is not allowed for legacy roles',
  )
})

t.test('names follow the template of config/root', async (t) => {
  const { ask, users } = await open(t)
  const template = (text: string) => ask('POST', 'aws/config/root', { username_template: text })
  await ask('POST', 'aws/roles/ci', { credential_type: 'iam_user' })
  await template('vault-{{ .PolicyName | uppercase }}-{{ if eq .Type "IAM" }}u{{ else }}s{{ end }}')
  await ask('GET', 'aws/creds/ci')
  t.same(await users(), ['vault-CI-u'])
  await template('{{ random 100 }}')
  t.equal(
    refusalOf(await ask('GET', 'aws/creds/ci')),
    '500 unable to generate username: the username generated by the template exceeds the IAM username length limits of 64 chars',
  )
  await template('{{ nonsense }}')
  t.match(refusalOf(await ask('GET', 'aws/creds/ci')), /^500 unable to generate username: .*nonsense/)
})

t.test('the root key is replaced, and nobody but the server knows the new one', async (t) => {
  const { ask, iam } = await open(t)
  const rotate = () => ask('POST', 'aws/config/rotate-root')
  t.match(refusalOf(await rotate()), /^500 /)
  await ask('POST', 'aws/config/root', { region: 'eu-west-1' })
  t.equal(
    refusalOf(await rotate()),
    '400 Cannot call config/rotate-root when either access_key or secret_key is empty',
  )
  const nobody = identities.nobody
  const keys = { access_key: nobody.accessKeyId, secret_key: nobody.secretAccessKey }
  await ask('POST', 'aws/config/root', keys)
  t.match(refusalOf(await rotate()), /^400 error rotating root credentials: AccessDenied/)
  const plane = identities.plane
  await ask('POST', 'aws/config/root', {
    access_key: plane.accessKeyId,
    secret_key: plane.secretAccessKey,
  })
  const access_key = dataOf(await rotate()).access_key
  t.not(access_key, plane.accessKeyId)
  t.match(dataOf(await ask('GET', 'aws/config/root')), { access_key, region: 'eu-west-1' })
  await ask('POST', 'aws/roles/own', { credential_type: 'session_token' })
  t.equal((await ask('GET', 'aws/creds/own')).status, 200, 'with the new key')
  await t.rejects(iam.send(new ListUsersCommand({})), 'the old one is gone')
})

t.test('a key that was made and never told is removed', async (t) => {
  const { ask, iam, refused } = await open(t)
  const keysOf = async (UserName: string) => {
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }))
    return AccessKeyMetadata.map((key) => key.AccessKeyId)
  }
  const { accessKeyId, secretAccessKey } = identities.plane
  await ask('POST', 'aws/config/root', { access_key: accessKeyId, secret_key: secretAccessKey })
  refused.add('lost CreateAccessKey')
  t.match(refusalOf(await ask('POST', 'aws/config/rotate-root')), /^400 error rotating root credentials: /)
  t.match(
    refusalOf(await ask('POST', 'aws/static-roles/s', { username: 'nobody', rotation_period: 60 })),
    /^500 .*unable to rotate the access key of "nobody"/s,
  )
  for (const [user, key] of [
    ['plane', accessKeyId],
    ['nobody', identities.nobody.accessKeyId],
  ] as const) {
    await until(async () => (await keysOf(user)).length === 1)
    t.same(await keysOf(user), [key], 'the one that was there before')
  }
  refused.clear()
  const { access_key } = dataOf(await ask('POST', 'aws/config/rotate-root'))
  refused.add('DeleteAccessKey')
  const again = await ask('POST', 'aws/config/rotate-root')
  t.match(refusalOf(again), /^400 error rotating root credentials: ServiceFailure/)
  const kept = String(dataOf(await ask('GET', 'aws/config/root')).access_key)
  t.not(kept, access_key, 'the new key counts as soon as it is stored')
  refused.clear()
  await ask('POST', 'aws/roles/own', { credential_type: 'session_token' })
  t.equal((await ask('GET', 'aws/creds/own')).status, 200, 'and works')
})

t.test('a static role keeps a key of an existing user, and rotates it', async (t) => {
  const told: WorkLogLine[] = []
  const { ask, iam, whoIs, wait, refused } = await open(t, { logWork: (line) => told.push(line) })
  const write = (body: JsonObject) => ask('POST', 'aws/static-roles/s', body)
  t.equal(refusalOf(await write({ rotation_period: 60 })), '400 missing "username" parameter')
  t.equal(refusalOf(await write({ username: 'nobody' })), '400 missing "rotation_period" parameter')
  t.match(
    refusalOf(await write({ username: 'nobody', rotation_period: 59 })),
    /^500 .*role rotation period out of range: must be greater than 60\.00 seconds/s,
  )
  t.match(
    refusalOf(await write({ username: 'missing', rotation_period: 60 })),
    /^500 .*unable to validate username/s,
  )
  t.equal((await ask('LIST', 'aws/static-roles')).status, 404)
  t.match(dataOf(await write({ username: 'nobody', rotation_period: '1h' })), {
    name: 's',
    username: 'nobody',
    rotation_period: 3600,
    id: /^AIDA/,
  })
  t.same(dataOf(await ask('LIST', 'aws/static-roles')), { keys: ['s'] })
  const keys = async () => {
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: 'nobody' }))
    return AccessKeyMetadata.map((key) => key.AccessKeyId).sort()
  }
  const first = dataOf(await ask('GET', 'aws/static-creds/s'))
  t.equal(await whoIs(first), 'arn:aws:iam::111122223333:user/nobody')
  t.same(await keys(), [identities.nobody.accessKeyId, first.access_key].sort())
  refused.add('CreateAccessKey')
  wait(3_601)
  await write({ username: 'nobody' })
  await until(async () => told.length > 0)
  t.match(told, [{ work: 'rotating the key of aws/static-roles/s', error: /not now/, again: /Z$/ }])
  t.strictSame(dataOf(await ask('GET', 'aws/static-creds/s')), first, 'the old key stays')
  refused.clear()
  wait(61)
  await write({ username: 'nobody' })
  await until(async () => dataOf(await ask('GET', 'aws/static-creds/s')).access_key !== first.access_key)
  const second = dataOf(await ask('GET', 'aws/static-creds/s'))
  t.same(await keys(), [first.access_key, second.access_key].sort(), 'the oldest went')
  t.equal((await ask('DELETE', 'aws/static-roles/s')).status, 204)
  t.equal((await ask('DELETE', 'aws/static-roles/s')).status, 204)
  t.same(await keys(), [first.access_key])
  t.equal((await ask('GET', 'aws/static-creds/s')).status, 404)
})
