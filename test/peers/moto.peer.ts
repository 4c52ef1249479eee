import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import nodeVault from 'node-vault'
import t, { type Test } from 'tap'
import type { JsonObject } from '../../src/core/json.js'
import { spawned } from '../commands/rolecall.js'
import { account, arn, connector, type Keys } from './moto-declared.js'
import { type Aws, type Plane, startAws, startPlane } from './moto-plane.js'
import { peersPython } from './python.js'

// Python may have to be installed first.
t.setTimeout(240_000)
const python = await peersPython()
if (typeof python === 'string') t.test('AWS, played by moto', { skip: python }, async () => {})
else
  t.test('AWS, played by moto', async (t) => {
    const aws = await startAws(t, python)
    const plane = await startPlane(t, aws)
    // Who runs the commands is found as ever, in the environment.
    Object.assign(process.env, aws.env())
    await t.test('what exists is probed', (t) => probesWhatExists(t, aws, plane))
    await t.test('what is planned is probed', (t) => probesWhatIsPlanned(t, plane))
    await t.test('credentials of each type are made, work, and go', (t) => issues(t, aws, plane))
  })

/** Moto refuses a wrong external id, but lets everybody in who names none. */
const weak = 'trust_without_external_id'

async function probesWhatExists(t: Test, aws: Aws, plane: Plane): Promise<void> {
  // The plane itself probes each connector before it makes it.
  await plane.done('apply', '--auto-approve')
  const { code, stdout } = await spawned(['probe', '--json'], {
    cwd: plane.cwd,
    env: { ...plane.env },
  })
  t.equal(code, 0)
  const report = JSON.parse(stdout) as Report
  t.match(report, { caller: arn('user/plane'), counts: { ok: 0, warning: 3, error: 0, skipped: 5 } })
  t.strictSame(classes(report), {
    'outerproduct_s3_connector.lake': ['ok', weak],
    'outerproduct_s3_connector.empty': ['ok_empty_prefix', weak],
    'vault_aws_role.assumed': ['ok', weak],
  })
  t.match(
    report.accesses.find(({ address }) => address === 'outerproduct_s3_connector.lake'),
    { became: `arn:aws:sts::${account}:assumed-role/reader/rolecall-probe`, region: String },
  )

  await t.test('keys that AWS does not know are no fault of the roles', async (t) => {
    t.teardown(() => Object.assign(process.env, aws.env()))
    for (const [keys, said] of [
      [[aws.plane[0], 'wrong'], 'SignatureDoesNotMatch'],
      [['AKIAUNKNOWN000000001', 'unknown'], 'InvalidClientTokenId'],
    ] as const) {
      Object.assign(process.env, aws.env(keys))
      const { code, stdout } = await plane.run('probe', '--json', 'outerproduct_s3_connector.lake')
      t.equal(code, 1)
      const [found] = (JSON.parse(stdout) as Report).accesses
      t.match(found?.outcomes, [{ class: 'caller_credentials_invalid', text: said }])
    }
  })
}

async function probesWhatIsPlanned(t: Test, plane: Plane): Promise<void> {
  plane.declare(
    [
      connector('fine', 'reader', 's3://lake/in/'),
      connector('typo', 'reader', 's3://lack/in/'),
      connector('blind', 'blind', 's3://lake/in/'),
      connector('foreign', 'foreign', 's3://lake/in/'),
    ].join(''),
  )
  const { code, stdout } = await plane.run('plan', '--probe', '--json')
  t.equal(code, 1, 'what would not work fails the plan')
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly type: string; readonly probe?: Report })
  const report = events.find(({ type }) => type === 'probe_summary')?.probe ?? { accesses: [] }
  t.match(report, { counts: { ok: 0, warning: 1, error: 3, skipped: 0 } })
  t.strictSame(classes(report), {
    'outerproduct_s3_connector.fine': ['ok', weak],
    'outerproduct_s3_connector.typo': ['no_such_bucket', weak],
    'outerproduct_s3_connector.blind': ['bucket_denied', weak],
    'outerproduct_s3_connector.foreign': ['assume_denied'],
  })
  plane.declare()
}

async function issues(t: Test, aws: Aws, plane: Plane): Promise<void> {
  const issued = async (role: string): Promise<Keys> => {
    const made = JSON.parse(await plane.done('creds', role)) as Partial<Record<string, string>>
    t.match(made, { Version: 1 })
    const token = made.SessionToken === undefined ? [] : [made.SessionToken]
    return [made.AccessKeyId ?? '', made.SecretAccessKey ?? '', ...token]
  }
  const lists = (keys: Keys) => aws.client.call('s3.list_objects_v2', { Bucket: 'lake' }, keys)
  const users = async () => {
    const { Users } = await aws.client.call('iam.list_users', {}, aws.plane)
    return (Users as readonly { UserName: string }[]).map(({ UserName }) => UserName).sort()
  }
  const keysOf = async (UserName: string) => {
    const { AccessKeyMetadata } = await aws.client.call('iam.list_access_keys', { UserName }, aws.plane)
    return (AccessKeyMetadata as readonly { AccessKeyId: string }[]).map(({ AccessKeyId }) => AccessKeyId)
  }
  const vault = nodeVault({ endpoint: plane.url, token: 'any' })

  await t.test('of an assumed role', async (t) => {
    const keys = await issued('vault_aws_role.assumed')
    t.match(keys[0], /^ASIA/)
    const { Arn } = await aws.client.call('sts.get_caller_identity', {}, keys)
    t.match(Arn, new RegExp(`^arn:aws:sts::${account}:assumed-role/reader/`))
    t.match(await lists(keys), { KeyCount: 1 })
    await t.rejects(aws.client.call('iam.list_users', {}, keys), { message: /AccessDenied/ })
  })
  await t.test('as the credential_process of a profile', async (t) => {
    const program = join(process.cwd(), 'bin', 'rolecall.js')
    const command = `"${process.execPath}" "${program}" "--chdir=${aws.cwd}" creds aws/assumed --ttl=20m`
    writeFileSync(join(aws.cwd, 'config'), `[profile reports]\ncredential_process = ${command}\n`)
    const { Arn } = await aws.client.call('sts.get_caller_identity', {}, ['reports'])
    t.match(Arn, /:assumed-role\/reader\//)
  })
  await t.test('of a federated user, and of a session', async (t) => {
    // Moto makes up one session for all: what boto3 gets from it is what it has to be.
    for (const [role, method, given] of [
      ['federated', 'get_federation_token', { Name: 'any-name' }],
      ['session', 'get_session_token', {}],
    ] as const) {
      const { Credentials } = await aws.client.call(`sts.${method}`, given, aws.engine)
      const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials as JsonObject
      t.strictSame(await issued(`vault_aws_role.${role}`), [AccessKeyId, SecretAccessKey, SessionToken])
    }
  })
  await t.test('of a user of its own, who goes with the lease', async (t) => {
    const before = await users()
    t.strictSame(before, ['engine', 'nightly', 'plane'])
    const keys = await issued('vault_aws_role.user')
    const [made = ''] = (await users()).filter((name) => !before.includes(name))
    t.match(made, /^vault-.*-user-/)
    t.strictSame(await keysOf(made), [keys[0]])
    t.match(await lists(keys), { KeyCount: 1 })
    await t.rejects(aws.client.call('iam.list_users', {}, keys), { message: /AccessDenied/ })
    const listed = await vault.list('sys/leases/lookup/aws/creds/user')
    const lease_id = `aws/creds/user/${listed.data.keys[0]}`
    t.match(await vault.write('sys/leases/lookup', { lease_id }), { data: { renewable: true } })
    t.match(await vault.write('sys/leases/renew', { lease_id, increment: 1800 }), { lease_duration: 1800 })
    await vault.revoke({ lease_id })
    t.strictSame(await users(), before)
    await t.rejects(lists(keys), { message: /InvalidAccessKeyId/ })
  })
  await t.test('of a user that was there, whose key is Vault’s', async (t) => {
    const keys = await issued('vault_aws_static_role.nightly')
    t.strictSame(await keysOf('nightly'), [keys[0]])
  })
  await t.test('with a root key that was rotated', async (t) => {
    const { data } = await vault.write('aws/config/rotate-root', {})
    t.strictSame(await keysOf('engine'), [data.access_key])
    t.not(data.access_key, aws.engine[0])
    const keys = await issued('vault_aws_role.user')
    t.match(await lists(keys), { KeyCount: 1 })
  })
  await t.test('for as long as there is an engine', async (t) => {
    await plane.done('destroy', '--auto-approve')
    t.strictSame(await users(), ['engine', 'nightly', 'plane'])
    t.strictSame(await keysOf('nightly'), [])
  })
}

interface Report {
  readonly accesses: readonly {
    readonly address: string
    readonly outcomes: readonly { readonly class: string; readonly text: string }[]
  }[]
}

/** What was found at each address that was probed. */
function classes({ accesses }: Report): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    accesses
      .filter(({ outcomes }) => outcomes.length > 0)
      .map(({ address, outcomes }) => [address, outcomes.map((outcome) => outcome.class)]),
  )
}
