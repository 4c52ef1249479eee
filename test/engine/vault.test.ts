import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { ListAccessKeysCommand } from '@aws-sdk/client-iam'
import t, { type Test } from 'tap'
import { iamClient } from '../../src/aws/clients.js'
import type { Failure } from '../../src/core/diagnostic.js'
import type { Plan } from '../../src/core/plan.js'
import { openSandbox } from '../../src/server/sandbox/sandbox.js'
import { serve } from '../../src/server/serve.js'
import { rolecall } from '../commands/rolecall.js'
import { awsFixture, behind, vault } from '../conformance/vault.js'
import { type Folder, openFolder } from '../fixtures/plane-folder.js'
import { dataOf, openVaultPlane, vaultOf } from '../fixtures/vault-plane.js'

const mount = (path: string) => `
resource "vault_aws_mount" "aws" { path = "${path}" }
`
const root = (more: string) => `
resource "vault_aws_root" "aws" {
  mount      = vault_aws_mount.aws.path
  access_key = "AKIAIOSFODNN7ENGINE0"
  secret_key = env("AWS_SECRET")
  ${more}
}
`
const role = (more = '') => `
resource "vault_aws_role" "ci" {
  mount           = vault_aws_mount.aws.path
  name            = "ci"
  credential_type = "iam_user"
  iam_groups      = ["readers"]
  ${more}
}
`

const open = (t: Test) => openFolder(t, { generation: 'C', transport: 'in process', service: vault })

async function mistakes(folder: Folder): Promise<string> {
  const failed = await folder.plan().catch((cause: Failure) => cause)
  const { diagnostics } = failed as Plan | Failure
  return diagnostics.map((d) => `${d.severity} ${d.summary}: ${d.detail} ${d.help}`).join('\n')
}

const seen = async (folder: Folder) =>
  (await folder.plan()).changes.map(({ action, address, id }) => `${action} ${address} ${id ?? ''}`.trim())

t.test('what lives in a mount comes along when it is moved, and is not made anew', async (t) => {
  const folder = await open(t)
  folder.declare(mount('aws') + root('') + role())
  t.match((await folder.apply()).counts, { add: 3, failed: 0 })
  folder.declare(mount('teams/data') + root('') + role())
  const plan = await folder.plan()
  t.strictSame(
    plan.changes.map(({ action, address, fields }) => [action, address, fields.map((f) => f.name)]),
    [
      ['update', 'vault_aws_mount.aws', ['path']],
      ['update', 'vault_aws_root.aws', ['mount', 'id']],
      ['update', 'vault_aws_role.ci', ['mount', 'id']],
    ],
  )
  t.match((await folder.apply()).counts, { add: 0, change: 3, destroy: 0, failed: 0 })
  t.strictSame(
    [...(await folder.state()).rows.values()]
      .map((row) => row.id)
      .slice(1)
      .sort(),
    ['teams/data/config/root', 'teams/data/roles/ci'],
  )
  t.strictSame(
    (await folder.plan()).changes.map((change) => change.action),
    ['keep', 'keep', 'keep'],
  )
  folder.declare(
    mount('teams/data') + root('') + role('provider = vault').replace('vault_aws_mount.aws.path', '"other"'),
  )
  t.match(await seen(folder), /replace vault_aws_role.ci/, 'another mount is another role')
})

for (const written of ['"AKIAIOSFODNN7ENGINE0"', 'sensitive("AKIAIOSFODNN7ENGINE0")'])
  t.test(`a rotated key is not overwritten, where the declared one is ${written}`, async (t) => {
    const folder = await open(t)
    const declare = (more: string) =>
      folder.declare(mount('aws') + root(more).replace('"AKIAIOSFODNN7ENGINE0"', written))
    declare('region = "eu-west-1"')
    await folder.apply()
    await behind(folder.plane, 'POST', 'aws/config/rotate-root')
    declare('region = "us-east-1"')
    t.match(await mistakes(folder), /most likely it has rotated its key/)
    folder.declare(
      mount('aws') +
        root('region = "us-east-1"').replace('"AKIAIOSFODNN7ENGINE0"', 'sensitive("AKIANEWPAIR")'),
    )
    t.match((await folder.apply()).counts, { change: 1, failed: 0 }, 'a new pair is sent')
  })

t.test('a mount whose key was rotated can be moved, and keeps that key', async (t) => {
  const folder = await open(t)
  folder.declare(mount('aws') + root(''))
  await folder.apply()
  await behind(folder.plane, 'POST', 'aws/config/rotate-root')
  const key = async (path: string) =>
    dataOf(await vaultOf(folder.plane)('GET', `${path}/config/root`)).access_key
  const rotated = await key('aws')
  folder.declare(mount('teams/data') + root(''))
  t.match((await folder.apply()).counts, { change: 2, failed: 0 })
  t.equal(await key('teams/data'), rotated)
  t.strictSame(
    (await folder.plan()).changes.map((change) => change.action),
    ['keep', 'keep'],
  )
})

t.test('a key that the engine has rotated stays, and blocks what would break it', async (t) => {
  const folder = await open(t)
  folder.declare(mount('aws') + root('region = "eu-west-1"'))
  await folder.apply()
  await behind(folder.plane, 'POST', 'aws/config/rotate-root')
  t.strictSame((await folder.drift()).drift, [], 'that is no drift')
  t.strictSame(
    (await folder.plan()).changes.map((change) => change.action),
    ['keep', 'keep'],
  )
  folder.declare(mount('aws') + root('region = "us-east-1"'))
  t.match(
    await mistakes(folder),
    /^error The change cannot be made: .*most likely it has rotated its key.*Declare a new access_key/,
  )

  folder.declare(mount('aws') + root('region = "us-east-1"').replace('vault_aws_mount.aws.path', '"other"'))
  t.match(await seen(folder), /replace vault_aws_root.aws/, 'another mount gets the declared key')
  const behindUs = (region: string) => behind(folder.plane, 'POST', 'aws/config/root', { region })
  folder.declare(mount('aws') + root('region = "eu-west-1"'))
  await behindUs('us-west-2')
  t.match(await mistakes(folder), /^error The change cannot be made/)
  t.match((await folder.drift()).drift, [{ kind: 'changed', address: 'vault_aws_root.aws' }], 'drift is told')
  await behindUs('eu-west-1')

  folder.loseState()
  folder.declare(mount('aws') + root('region = "eu-west-1"'))
  t.match(await mistakes(folder), /may have rotated its key.*on_adopt = "trust"/)
  folder.declare(mount('aws') + root('region = "eu-west-1"\n  on_adopt = "trust"'))
  const contents = await folder.contents()
  t.match((await folder.apply()).counts, { adopt: 2, change: 0, failed: 0 })
  t.equal(await folder.contents(), contents, 'nothing was sent')
  t.strictSame(
    (await folder.plan()).changes.map((change) => change.action),
    ['keep', 'keep'],
  )
  folder.loseState()
  await folder.import('vault_aws_mount.aws', 'aws')
  await folder.import('vault_aws_root.aws', 'aws/config/root')
  t.match((await folder.apply()).counts, { change: 0, failed: 0 })
  t.equal(await folder.contents(), contents, 'nor after an import')
})

t.test('taking over never overwrites a key; a change of its own may', async (t) => {
  const folder = await open(t)
  folder.declare(mount('aws') + root(''))
  await folder.apply()
  await behind(folder.plane, 'POST', 'aws/config/rotate-root')
  const contents = await folder.contents()
  folder.loseState()
  folder.declare(mount('aws') + root('on_adopt = "send"'))
  t.match(await mistakes(folder), /may have rotated its key.*first take the configuration over without/)

  folder.declare(mount('aws') + root('').replace(/ +(access|secret)_key .*\n/g, ''))
  t.match((await folder.apply()).counts, { adopt: 2, change: 0, failed: 0 })
  t.equal(await folder.contents(), contents, 'without a key nothing is sent')
  folder.declare(mount('aws') + root(''))
  t.match(await mistakes(folder), /on_adopt = "send" to put the declared one in its place/)
  folder.declare(mount('aws') + root('on_adopt = "send"'))
  t.match((await folder.apply()).counts, { change: 1, failed: 0 })
  t.not(await folder.contents(), contents)
  t.strictSame(
    (await folder.plan()).changes.map((change) => change.action),
    ['keep', 'keep'],
  )
})

t.test('destroying a mount takes along what is in it, and says so', async (t) => {
  const folder = await open(t)
  folder.declare(mount('aws') + role())
  await folder.apply()
  await behind(folder.plane, 'POST', 'aws/roles/theirs', {
    credential_type: 'iam_user',
    policy_document: '{}',
  })
  const { changes } = await folder.plan({ mode: 'destroy' })
  t.match(
    changes.map(({ action, address, consequences }) => [
      action,
      address,
      consequences.map((c) => c.text).join(),
    ]),
    [
      ['delete', 'vault_aws_mount.aws', /^2 roles and its root credentials go with it/],
      ['forget', 'vault_aws_role.ci', /those it has issued are revoked with its mount/],
    ],
  )
  t.match((await folder.apply({ mode: 'destroy' })).counts, { failed: 0 })
  t.strictSame(await folder.contents(), '[]')
})

/** The ids of the access keys that the user of the static role has in AWS. */
async function keysOfBackup(folder: Folder): Promise<readonly (string | undefined)[]> {
  const sandbox = await openSandbox({
    fixture: awsFixture,
    file: 'aws.yaml',
    database: join(folder.path, '.rolecall', 'aws.db'),
    now: () => new Date(),
    random: randomBytes,
  })
  const answer = (request: Request) => sandbox.fetch(request)
  const identity = { accessKeyId: 'AKIAIOSFODNN7ENGINE0', secretAccessKey: 'wJalrXUtnFEMI/EXAMPLE' }
  const iam = await iamClient({ env: () => undefined, answer, identity })
  const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: 'backup' }))
  await sandbox.close()
  return AccessKeyMetadata.map(({ AccessKeyId }) => AccessKeyId)
}

for (const depends of ['vault_aws_mount.aws.path', '"aws"'])
  t.test(`a static role goes before its mount, and its key with it, where it names ${depends}`, async (t) => {
    const folder = await open(t)
    folder.declare(mount('aws') + root('') + role())
    await folder.apply()
    folder.declare(`${mount('aws')}${root('')}${role()}
resource "vault_aws_static_role" "x" {
  mount           = ${depends}
  name            = "x"
  username        = "backup"
  rotation_period = "24h"
}
`)
    t.match((await folder.apply()).counts, { add: 1, failed: 0 })
    t.equal((await keysOfBackup(folder)).length, 1)
    const plan = await folder.plan({ mode: 'destroy' })
    t.match(
      plan.changes
        .map(({ action, address, consequences }) => [action, address, consequences.map((c) => c.text).join()])
        .sort(([, a = ''], [, b = '']) => (a < b ? -1 : 1)),
      [
        ['delete', 'vault_aws_mount.aws', /1 static role.*of a static role that is not destroyed before/],
        ['forget', 'vault_aws_role.ci', /are revoked with its mount/],
        ['forget', 'vault_aws_root.aws', ''],
        ['delete', 'vault_aws_static_role.x', /access key of backup .* is deleted in AWS/],
      ],
    )
    const { stdout } = await rolecall(['plan', '-destroy'], { cwd: folder.path, env: { AWS_SECRET: 'x' } })
    t.match(stdout, /vault_aws_role.ci will be dropped from the records/)
    t.notMatch(stdout, /does not delete/)
    t.match((await folder.apply({ mode: 'destroy' })).counts, { destroy: 2, failed: 0 })
    t.strictSame(await keysOfBackup(folder), [], 'the key is gone in AWS')
    t.strictSame(await folder.contents(), '[]')
  })

t.test('a mount that is replaced takes the keys of its static roles out of AWS before', async (t) => {
  const folder = await open(t)
  const declared = (more: string) => `
resource "vault_aws_mount" "aws" {
  path = "aws"
  ${more}
}
${root('')}${role()}
resource "vault_aws_static_role" "x" {
  mount           = vault_aws_mount.aws.path
  name            = "x"
  username        = "backup"
  rotation_period = "24h"
}
`
  folder.declare(declared(''))
  t.match((await folder.apply()).counts, { add: 4, failed: 0 })
  const [old] = await keysOfBackup(folder)
  folder.declare(declared('local = true'))
  t.match(
    (await folder.plan()).changes.map(({ action, address, reason }) => `${action} ${address} ${reason}`),
    [
      'replace vault_aws_mount.aws immutable-field',
      'create vault_aws_root.aws dependency-replaced',
      'create vault_aws_role.ci dependency-replaced',
      'replace vault_aws_static_role.x dependency-replaced',
    ],
  )
  t.match((await folder.apply()).counts, { failed: 0 })
  const keys = await keysOfBackup(folder)
  t.equal(keys.length, 1)
  t.not(keys[0], old)
  t.match(await seen(folder), /^keep.*,keep.*,keep.*,keep/)
})

t.test('what the vendor calls invalid is refused before anything is asked', async (t) => {
  const folder = await open(t)
  const refused = async (text: string) => {
    folder.declare(text)
    return mistakes(folder)
  }
  const session = (more: string) => `resource "vault_aws_role" "x" {
    name = "x"
    credential_type = "session_token"
    ${more}
  }`
  t.match(
    await refused(session('policy_document = "{}"')),
    /policy_document does not apply when credential_type is "session_token"/,
  )
  t.match(
    await refused(role('default_sts_ttl = "1h"')),
    /default_sts_ttl does not apply when credential_type is "iam_user"/,
  )
  t.match(
    await refused(session('default_sts_ttl = "2h"\n max_sts_ttl = "3600"')),
    /default_sts_ttl cannot be longer than max_sts_ttl/,
  )
  t.match(await refused(session('default_sts_ttl = "soon"')), /must be a duration, not "soon".*"30m"/)
  t.match(
    await refused(role('name = "a b"').replace('name            = "ci"', '')),
    /must begin and end with a letter/,
  )
  t.match(await refused(mount('/aws/')), /must be a path without slashes at its ends/)
  for (const path of ['sys', 'sys/x', 'auth/aws', 'identity'])
    t.match(await refused(mount(path)), /not at or below sys, auth, .* which are Vault's own/)
  t.notMatch(await refused(mount('system')), /Vault's own/)
  t.match(
    await refused(`resource "vault_aws_role" "x" {
  name            = "x"
  credential_type = "assumed_role"
}`),
    /role_arns is required when credential_type is "assumed_role"/,
  )
  t.match(await refused(mount('a/../b')), /must be a path without slashes at its ends/)
  t.match(
    await refused(
      mount('aws') + root('identity_token_audience = "x"\n role_arn = "arn:aws:iam::123456789012:role/r"'),
    ),
    /An engine works with a key or with workload identity/,
  )
  t.match(
    await refused(mount('aws') + root('sts_fallback_endpoints = ["a", "b"]\n sts_fallback_regions = ["c"]')),
    /they need the same length/,
  )
  t.match(await refused(mount('aws') + root('rotation_period = "5s"')), /must be at least 10 s, not "5s"/)
  t.match(
    await refused(session('default_sts_ttl = "1500ms"')),
    /default_sts_ttl must be a whole number of seconds, not "1500ms"/,
  )
  t.match(
    await refused(role('policy_document = { Version = "2012-10-17", Statement = [] }')),
    /A string is needed, but this is an object\. Write policy_document = jsonencode\(…\)/,
  )
  t.match(
    await refused(role('policy_document = "[]"')),
    /must be a policy document, which is a JSON object\. Write it like policy_document = jsonencode/,
  )
  t.match(
    await refused(role('policy_arns = "arn:aws:iam::aws:policy/ReadOnlyAccess"')),
    /A set of strings is needed.*Put it in brackets: policy_arns = \[…\]/,
  )
  t.match(
    await refused(
      'resource "vault_aws_static_role" "x" {\n name = "x"\n username = "a b"\n rotation_period = "1h"\n}',
    ),
    /username must be the name of an IAM user/,
  )
})

t.test('what the service remarks on what it did is a warning of the apply', async (t) => {
  const { plane } = await openVaultPlane({
    intercept: async (request, next) => {
      const answer = await next(request)
      if (request.method !== 'POST' || !request.url.endsWith('/roles/ci')) return answer
      return Response.json({ data: null, warnings: ['the policy \u001b]0;evil\u0007 is wide'] })
    },
  })
  const server = await serve(plane, { host: '127.0.0.1', port: 0 })
  t.teardown(async () => {
    await server.close()
    await plane.close()
  })
  const cwd = t.testdir({
    'main.hcl': `provider "vault" {
  endpoint = "${server.url}"
  token    = "hvs.x"
}
resource "vault_aws_role" "ci" {
  name            = "ci"
  credential_type = "iam_user"
  iam_groups      = ["readers"]
}
`,
  })
  const { code, stderr } = await rolecall(['apply', '--auto-approve'], { cwd })
  t.equal(code, 0, stderr)
  t.match(
    stderr,
    /Warning: The service gives a warning[\s\S]*vault_aws_role\.ci: the policy \\u001b\]0;evil\\u0007 is wide/,
  )
})

t.test(
  'a static role for a user that is not there is refused at once, and nothing is left open',
  async (t) => {
    const folder = await open(t)
    folder.declare(`${mount('aws')}${root('')}
resource "vault_aws_static_role" "x" {
  mount           = vault_aws_mount.aws.path
  name            = "x"
  username        = "nobody"
  rotation_period = "24h"
  depends_on      = [vault_aws_root.aws]
}
`)
    const { counts, diagnostics } = await folder.apply()
    t.match(counts, { add: 2, failed: 1 })
    t.match(
      diagnostics.filter((d) => d.severity === 'error'),
      [
        {
          summary: 'The service refused a request',
          detail: /HTTP 500\): unable to validate username/,
          help: /IAM user exists/,
        },
      ],
    )
    const { open: left, rows } = await folder.state()
    t.equal(left.size, 0)
    t.equal(rows.size, 2)
  },
)
