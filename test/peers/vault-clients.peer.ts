import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { ListUsersCommand } from '@aws-sdk/client-iam'
import vaultClient from 'node-vault'
import t from 'tap'
import { iamClient } from '../../src/aws/clients.js'
import { serve } from '../../src/server/serve.js'
import { openTestPlane } from '../fixtures/test-plane.js'
import { identities, openTestSandbox } from '../server/sandbox/sandbox-fixture.js'
import { run } from './programs.js'
import { peersPython } from './python.js'

// Python may have to be installed first.
t.setTimeout(240_000)
const python = await peersPython()
const { as } = await openTestSandbox(t)
const plane = await openTestPlane({
  now: () => new Date(),
  random: randomBytes,
  aws: async () => as(identities.plane),
  authorize: async (request) =>
    request.headers.get('x-vault-token') === 'root'
      ? { name: 'root', scopes: new Set(['read', 'write', 'issue']) }
      : undefined,
})
const server = await serve(plane, { host: '127.0.0.1', port: 0 })
t.teardown(async () => {
  await server.close()
  await plane.close()
})

/** The users that were made for leases. */
async function users(): Promise<number> {
  const iam = await iamClient(as(identities.plane))
  const { Users = [] } = await iam.send(new ListUsersCommand({}))
  return Users.filter(({ UserName = '' }) => UserName.startsWith('vault-')).length
}

t.test('node-vault configures the engine, and uses it', async (t) => {
  const vault = vaultClient({ endpoint: server.url, token: 'root' })
  t.match(await vault.health(), { initialized: true, sealed: false })
  t.match(await vault.tokenLookupSelf(), { data: { policies: ['root'] } })
  await vault.mount({ mount_point: 'node', type: 'aws' })
  t.match(await vault.mounts(), { data: { 'node/': { type: 'aws' } } })
  await vault.write('node/config/root', { access_key: 'AKIAPLANE00000000001', secret_key: 'plane-secret' })
  await vault.write('node/config/lease', { lease: '10m', lease_max: '1h' })
  const refused = await vault.list('node/roles').catch((cause: unknown) => cause)
  t.match(refused, { response: { statusCode: 404 } })
  await vault.write('node/roles/ci', { credential_type: 'iam_user' })
  t.match(await vault.list('node/roles'), { data: { keys: ['ci'] } })
  t.match(await vault.read('node/roles/ci'), { data: { credential_type: 'iam_user' } })
  const made = await vault.read('node/creds/ci')
  t.match(made, { lease_duration: 600, data: { security_token: null } })
  t.equal(await users(), 1)
  await vault.renew({ lease_id: made.lease_id, increment: 1200 })
  await vault.revoke({ lease_id: made.lease_id })
  t.equal(await users(), 0)
  await t.rejects(vault.write('node/roles/ci', { role_arns: 'x' }), {
    message: /cannot supply role_arns when credential_type isn't assumed_role/,
  })
  await vault.delete('node/roles/ci')
  await vault.remount({ from: 'node', to: 'moved' })
  await vault.unmount({ mount_point: 'moved' })
})

t.test(
  'hvac configures the engine, and uses it',
  { skip: typeof python === 'string' && python },
  async (t) => {
    if (typeof python === 'string') return
    const script = join(process.cwd(), 'test', 'peers', 'vault-clients.py')
    const { code, stdout, stderr } = await run(python.program, [script, server.url, 'root'])
    t.equal(code, 0, stderr)
    t.match(JSON.parse(stdout || '{}'), {
      authenticated: true,
      initialized: true,
      sealed: false,
      mount: 'aws',
      tuned: 1800,
      root: 'eu-west-1',
      lease: { lease: '15m0s', lease_max: '1h0m0s' },
      'no roles': true,
      roles: ['ci'],
      role: {
        credential_type: 'iam_user',
        policy_document:
          '{"Statement":[{"Action":"s3:*","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}',
      },
      credentials: ['access_key', 'secret_key', 'security_token'],
      duration: 900,
      'looked up': true,
      renewed: true,
      listed: 1,
      revoked: /invalid lease/,
      refused: /unrecognized credential type: nonsense/,
      child: true,
    })
    t.equal(await users(), 0)
  },
)
