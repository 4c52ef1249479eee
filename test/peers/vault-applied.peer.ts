import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Json } from '../../src/core/json.js'
import { rolecall } from '../commands/rolecall.js'
import { awsFixture } from '../conformance/vault.js'
import { end, started } from './programs.js'
import { peersPython } from './python.js'
import { hvacClient, nodeVaultClient, type VaultClient } from './vault-client.js'
import { configuration, declared, role, unset } from './vault-declared.js'

// Python may have to be installed first.
t.setTimeout(240_000)
const python = await peersPython()
const work = mkdtempSync(join(tmpdir(), 'rolecall-vault-'))
writeFileSync(join(work, 'aws.yaml'), awsFixture)
const made = await rolecall(
  ['serve', 'token', 'create', '--system=vault', '--scope=read', '--scope=write', '--scope=issue'],
  { cwd: work },
)
const token = made.stdout.trim()
const server = await started(
  process.execPath,
  [
    join(process.cwd(), 'bin', 'rolecall.js'),
    'serve',
    '--listen=127.0.0.1:0',
    '--aws=sandbox:aws.yaml',
    '--json',
  ],
  /"url":"([^"]+)"/,
  { cwd: work },
)
const url = server.match[1] ?? ''
t.teardown(async () => {
  await end(server.child)
  rmSync(work, { recursive: true })
})

function peer(name: string, user: string, open: (() => VaultClient) | string): void {
  t.test(
    `${name} and Rolecall see what the other wrote`,
    { skip: typeof open === 'string' && open },
    async (t) => {
      if (typeof open === 'string') return
      const vault = open()
      t.teardown(() => vault.close())
      await seen(t, vault, name, user)
    },
  )
}
peer('node-vault', 'backup', () => nodeVaultClient(url, token))
peer('hvac', 'restore', typeof python === 'string' ? python : () => hvacClient(python, url, token))

async function seen(t: Test, vault: VaultClient, mount: string, user: string): Promise<void> {
  const cwd = join(work, mount)
  mkdirSync(cwd)
  const env = { VAULT_TOKEN: token, AWS_SECRET: 'wJalrXUtnFEMI/EXAMPLE' }
  const run = async (code: number, ...args: string[]) => {
    const ran = await rolecall(args, { cwd, env })
    t.equal(ran.code, code, `${args.join(' ')}${ran.code === code ? '' : `: ${ran.stderr}`}`)
    return ran.stdout
  }
  const declare = (extra?: string) =>
    writeFileSync(join(cwd, 'main.hcl'), configuration(url, mount, user, extra))
  const apply = () => run(0, 'apply', '--auto-approve')
  const told = async (code: number, ...flags: string[]) =>
    (JSON.parse(await run(code, 'drift', '--json', ...flags)) as { readonly drift: readonly Told[] }).drift
  const drift = async (code: number) => {
    const drift = await told(code)
    return Object.fromEntries(
      drift.map(({ address, kind, fields }) => [
        address,
        kind === 'changed' ? fields.map(({ name, before, after }) => [name, before, after]) : kind,
      ]),
    )
  }
  const isDeclared = async (t: Test) => {
    t.match((await vault.mounts())[`${mount}/`], declared.mount)
    const root = await vault.root(mount)
    t.match(root, declared.root)
    t.notOk('secret_key' in root)
    t.strictSame(await vault.lease(mount), declared.lease)
    t.strictSame(await vault.roles(mount), Object.keys(declared.roles))
    for (const [name, content] of Object.entries(declared.roles))
      t.strictSame(await vault.role(mount, name), content, name)
    t.match(await vault.staticRole(mount, 'nightly'), {
      name: 'nightly',
      username: user,
      rotation_period: 86400,
    })
  }

  await t.test('what Rolecall applied is what the client reads', async (t) => {
    declare()
    await apply()
    await isDeclared(t)
  })
  await t.test('what the client writes is drift, and the next apply repairs it', async (t) => {
    t.strictSame(await drift(0), {})
    await run(0, 'plan', '--detailed-exitcode')
    await vault.tune(mount, { default_lease_ttl: '1h' })
    await vault.setRoot(mount, 'AKIAIOSFODNN7ENGINE0', 'wJalrXUtnFEMI/EXAMPLE', 'us-west-2', 4)
    await vault.setLease(mount, '10m', '45m')
    await vault.setRole(mount, 'assumed', 'assumed_role', {
      role_arns: ['arn:aws:iam::123456789012:role/a'],
      default_sts_ttl: 600,
    })
    await vault.setRole(mount, 'federated', 'federation_token', {
      policy_document: '{"Version":"2012-10-17","Statement":[]}',
    })
    await vault.setRole(mount, 'user', 'iam_user', { iam_tags: ['team=ops'] })
    await vault.deleteRole(mount, 'session')
    await vault.setStaticRole(mount, 'nightly', { rotation_period: '12h' })
    t.strictSame(await drift(2), {
      'vault_aws_mount.aws': [['default_lease_ttl', '30m', '1h']],
      'vault_aws_root.aws': [
        ['region', 'eu-west-1', 'us-west-2'],
        ['max_retries', -1, 4],
      ],
      'vault_aws_lease.aws': [
        ['lease', '15m', '10m'],
        ['lease_max', '1h', '45m'],
      ],
      'vault_aws_role.assumed': [
        ['role_arns', declared.roles.assumed.role_arns, [declared.roles.assumed.role_arns[0]]],
        ['default_sts_ttl', '30m', '10m'],
      ],
      'vault_aws_role.federated': [
        [
          'policy_document',
          declared.roles.federated.policy_document,
          '{"Version":"2012-10-17","Statement":[]}',
        ],
      ],
      'vault_aws_role.session': 'vanished',
      'vault_aws_role.user': [['iam_tags', { team: 'data' }, { team: 'ops' }]],
      'vault_aws_static_role.nightly': [['rotation_period', '24h', '12h']],
    })
    await apply()
    await isDeclared(t)
    await run(0, 'plan', '--detailed-exitcode')
  })

  const theirs = { role_arns: ['arn:aws:iam::123456789012:role/theirs'], max_sts_ttl: '1h' }
  await t.test('a role that the client made is adopted, and the plan says so', async (t) => {
    await vault.setRole(mount, 'found', 'assumed_role', theirs)
    t.match(await told(2, '--unmanaged'), [
      { kind: 'unmanaged', type: 'vault_aws_role', id: `${mount}/roles/found` },
    ])
    const ours = 'credential_type = "assumed_role"\n  role_arns = ["arn:aws:iam::123456789012:role/ours"]'
    declare(role('found', ours))
    const plan = await run(2, 'plan', '--detailed-exitcode')
    t.match(plan, `imported from "${mount}/roles/found"`)
    t.match(plan, 'adopted: it exists at the service already')
    t.match(plan, /- "arn:aws:iam::123456789012:role\/theirs",\n +\+ "arn:aws:iam::123456789012:role\/ours"/)
    t.match(plan, /- max_sts_ttl = "1h" -> null/)
    t.match(plan, 'Plan: 1 to import, 0 to add, 1 to change, 0 to destroy.')
    t.match(await vault.role(mount, 'found'), { role_arns: theirs.role_arns }, 'a plan changes nothing')
    await apply()
    t.strictSame(await vault.role(mount, 'found'), {
      ...unset,
      credential_type: 'assumed_role',
      role_arns: ['arn:aws:iam::123456789012:role/ours'],
    })
    await run(0, 'plan', '--detailed-exitcode')
    declare()
    await apply()
    await isDeclared(t)
  })
  const same = `credential_type = "assumed_role"\n  role_arns = ["${theirs.role_arns[0]}"]\n  max_sts_ttl = "60m"`
  await t.test('a role that the client made is imported as it is', async (t) => {
    await vault.setRole(mount, 'imported', 'assumed_role', theirs)
    declare(role('imported', same))
    await run(0, 'import', 'vault_aws_role.imported', `${mount}/roles/imported`)
    t.strictSame(await drift(0), {})
    await run(0, 'plan', '--detailed-exitcode')
  })
  await t.test('roles that the client made are data', async (t) => {
    await vault.setRole(mount, 'theirs', 'assumed_role', theirs)
    declare(`${role('imported', same)}
data "vault_aws_roles" "assumed" {
  mount           = vault_aws_mount.aws.path
  credential_type = "assumed_role"
}
output "roles" { value = { for r in data.vault_aws_roles.assumed.roles : r.name => r.role_arns } }
`)
    await apply()
    t.strictSame(JSON.parse(await run(0, 'output', '--json', 'roles')), {
      assumed: declared.roles.assumed.role_arns,
      imported: theirs.role_arns,
      theirs: theirs.role_arns,
    })
  })
  await t.test('what Rolecall destroyed is gone for the client', async (t) => {
    await run(0, 'destroy', '--auto-approve')
    t.notOk(`${mount}/` in (await vault.mounts()))
  })
}

interface Told {
  readonly address: string
  readonly kind: string
  readonly fields: readonly { readonly name: string; readonly before: Json; readonly after: Json }[]
}
