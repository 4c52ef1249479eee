import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { rolecall } from './rolecall.js'

const aws = `
accounts:
  "111111111111":
    users:
      engine:
        access_keys: [{ id: AKIAIOSFODNN7ENGINE0, secret: canary-root-secret }]
        inline_policies:
          all: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "*", Resource: "*" }] }
      backup: {}
    roles:
      reader:
        trust: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::111111111111:root" }, Action: sts:AssumeRole }] }
      writer:
        trust: { Version: "2012-10-17", Statement: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::111111111111:root" }, Action: sts:AssumeRole }] }
`

const configuration = `
rolecall { aws = "sandbox:aws.yaml" }
provider "vault" { endpoint = "embedded" }
resource "vault_aws_mount" "aws" { max_lease_ttl = "12h" }
resource "vault_aws_root" "aws" {
  mount      = vault_aws_mount.aws.path
  access_key = "AKIAIOSFODNN7ENGINE0"
  secret_key = env("ROOT_SECRET")
}
resource "vault_aws_role" "reader" {
  mount           = vault_aws_mount.aws.path
  name            = "reader"
  credential_type = "assumed_role"
  role_arns       = ["arn:aws:iam::111111111111:role/reader"]
  depends_on      = [vault_aws_root.aws]
}
resource "vault_aws_role" "both" {
  mount           = vault_aws_mount.aws.path
  name            = "both"
  credential_type = "assumed_role"
  role_arns       = ["arn:aws:iam::111111111111:role/reader", "arn:aws:iam::111111111111:role/writer"]
  depends_on      = [vault_aws_root.aws]
}
resource "vault_aws_role" "user" {
  mount           = vault_aws_mount.aws.path
  name            = "user"
  credential_type = "iam_user"
  policy_document = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
  depends_on      = [vault_aws_root.aws]
}
resource "vault_aws_static_role" "nightly" {
  mount           = vault_aws_mount.aws.path
  name            = "nightly"
  username        = "backup"
  rotation_period = "24h"
  depends_on      = [vault_aws_root.aws]
}
`

const env = { ROOT_SECRET: 'canary-root-secret', ROLECALL_LOG: 'trace' }

t.test('credentials come from roles, in the form that AWS tools take', async (t) => {
  const cwd = t.testdir({ 'main.hcl': configuration, 'aws.yaml': aws })
  const run = (...args: string[]) => rolecall(args, { cwd, env })
  const applied = await run('apply', '--auto-approve')
  t.equal(applied.code, 0, applied.stderr)
  const secrets = ['canary-root-secret']
  const issued = async (...args: string[]) => {
    const { code, stdout, stderr } = await run('creds', ...args)
    t.equal(code, 0, stderr)
    const parsed: Record<string, unknown> = JSON.parse(stdout)
    for (const name of ['SecretAccessKey', 'SessionToken'])
      if (typeof parsed[name] === 'string') secrets.push(parsed[name])
    for (const secret of secrets) t.notOk(stderr.includes(secret), 'stderr has no secret')
    return parsed
  }

  t.match(await issued('vault_aws_role.reader'), {
    Version: 1,
    AccessKeyId: /^ASIA/,
    SecretAccessKey: /.{20}/,
    SessionToken: /.+/,
    Expiration: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  })
  const short = await issued('aws/reader', '--ttl=15m')
  const left = Date.parse(String(short.Expiration)) - Date.now()
  t.ok(left > 13 * 60_000 && left <= 15 * 60_000, 'as long as was asked for')
  t.match(await issued('aws/both', '--role-arn=arn:aws:iam::111111111111:role/writer'), { Version: 1 })
  const user = await issued('aws/roles/user')
  t.match(user, { AccessKeyId: /^AKIA/, Expiration: /Z$/ })
  t.notOk('SessionToken' in user)
  const key = await issued('vault_aws_static_role.nightly')
  t.match(key, { AccessKeyId: /^AKIA/ })
  t.equal((await issued('aws/static-roles/nightly')).AccessKeyId, key.AccessKeyId, 'the one key that it has')

  const other = await run('creds', 'aws/roles/user', '--ttl=15m')
  t.match(other, { code: 0, stdout: /"AKIA/ })
  t.match(
    other.stderr.replace(/\s+/g, ' '),
    /Warning: .*not the 900 s that were asked for\. The key of an IAM user lives as long as the lease settings of aws say/,
  )

  const lines = await run('creds', 'aws/reader', '--export')
  t.match(
    lines.stdout,
    /^export AWS_ACCESS_KEY_ID='ASIA\w+'\nexport AWS_SECRET_ACCESS_KEY='[^'\n]+'\nexport AWS_SESSION_TOKEN='[^'\n]+'\nexport AWS_CREDENTIAL_EXPIRATION='[^'\n]+'\n$/,
  )
  t.match((await run('creds', 'aws/user', '--export')).stdout, /^unset AWS_SESSION_TOKEN$/m)

  const state = join(cwd, '.rolecall', 'state')
  const recorded = readdirSync(state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('')
  const plane = readFileSync(join(cwd, '.rolecall', 'plane.db'), 'latin1')
  t.ok(secrets.length > 8)
  for (const secret of secrets) t.notOk(recorded.includes(secret), 'nothing of it is recorded')
  t.notOk(plane.includes('canary-root-secret'), 'the control plane seals what it keeps')

  await t.test('what cannot be got is told on stderr', async (t) => {
    const refused = async (...args: string[]) => {
      const { code, stdout, stderr } = await run('creds', ...args)
      t.equal(code, 1)
      t.equal(stdout, '')
      return stderr.replace(/\s+/g, ' ')
    }
    t.match(
      await refused('vault_aws_role.readr'),
      /vault_aws_role.readr is not in the state.*Did you mean vault_aws_role.reader\?/,
    )
    t.match(
      await refused('vault_aws_mount.aws'),
      /hands out no credentials.*vault_aws_role, vault_aws_static_role/,
    )
    t.match(await refused('aws/nobody'), /getting credentials of role nobody of aws \(HTTP 400\)/)
    const which = await refused('aws/both')
    t.match(which, /getting credentials of role both of aws \(HTTP 400\)/)
    t.match(
      which,
      /Say which one with --role-arn: the role allows arn:aws:iam::111111111111:role\/reader, arn:aws:iam::111111111111:role\/writer\./,
    )
    t.match(
      await refused('aws/both', '--role-arn=arn:aws:iam::111111111111:role/other'),
      /not in allowed role arns.*the role allows arn:aws:iam::111111111111:role\/reader/,
    )
    t.match(await refused('aws/reader', '--mfa-code=12'), /--mfa-code is the six digits/)
    t.match(await refused('nonsense'), /"nonsense" names nothing that hands out credentials/)
    t.match(await refused('aws/reader', '--provider=vault.eu'), /There is no provider "vault.eu"/)
    t.match(await refused('aws/reader', '--ttl=soon'), /--ttl "soon" is not a duration/)
    t.match(
      await refused('aws/static-roles/nightly', '--ttl=1h'),
      /Leave out --role-arn, --ttl, --session-name and/,
    )
  })
})

t.test('the key of a user is given out when AWS knows it, or at once if that is wanted', async (t) => {
  const cwd = t.testdir({ 'main.hcl': configuration, 'aws.yaml': aws })
  const run = (...args: string[]) => rolecall(args, { cwd, env })
  const applied = await run('apply', '--auto-approve')
  t.equal(applied.code, 0, applied.stderr)
  writeFileSync(join(cwd, 'aws.yaml'), `new_keys_after: 1\n${aws}`)
  const started = Date.now()
  t.match(await run('creds', 'aws/user'), { code: 0, stdout: /"AKIA/, stderr: /^((?!Warning).)*$/s })
  t.ok(Date.now() - started >= 1000)
  writeFileSync(join(cwd, 'aws.yaml'), `new_keys_after: 999\n${aws}`)
  t.match(await run('creds', 'aws/user', '--no-wait'), { code: 0, stdout: /"AKIA/ })
})

t.test('two providers that may have a role have to be told apart', async (t) => {
  const cwd = t.testdir({
    'main.hcl': `provider "vault" { endpoint = "embedded:a.db" }
provider "vault" {
  alias    = "eu"
  endpoint = "embedded:b.db"
}
resource "vault_aws_mount" "a" {}
resource "vault_aws_mount" "b" { provider = vault.eu }
`,
  })
  const asked = async (...args: string[]) => (await rolecall(['creds', 'aws/ci', ...args], { cwd })).stderr
  t.match(await asked(), /Several providers may have aws\/ci: vault, vault\.eu[\s\S]*--provider/)
  t.match(await asked('--provider=vault.eu'), /role ci of aws/)
})

t.test('an answer without credentials in it may have made some, and is not shown', async (t) => {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    response.setHeader('x-request-id', 'r-17')
    response.end('{"data": {"access_key": "AKIACANARY", "secret": "canary"}}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const cwd = t.testdir({
    'main.hcl': `provider "vault" {\n  endpoint = "http://127.0.0.1:${port}"\n  token = env("TOKEN")\n}\n`,
  })
  const { code, stdout, stderr } = await rolecall(['creds', 'aws/roles/ci'], { cwd, env: { TOKEN: 'hvs.x' } })
  t.match({ code, stdout }, { code: 1, stdout: '' })
  t.match(stderr, /\(HTTP 200\): the answer has not the expected form[\s\S]*\[request r-17\]/)
  t.match(stderr, /may have made\s+credentials\s+that\s+nobody\s+has/)
  t.notMatch(stderr, /canary/i)
  t.strictSame(requests, ['POST /v1/aws/creds/ci'])
})
