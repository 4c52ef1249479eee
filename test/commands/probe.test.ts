import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openWorkspace } from '../../src/app.js'
import type { Progress } from '../../src/core/plan.js'
import { openSandbox } from '../../src/server/sandbox/sandbox.js'
import { canary, traces, tracesInFolder } from '../faults/canaries.js'
import { rolecall } from './rolecall.js'

const role = 'arn:aws:iam::222222222222:role/reader'

/** `externalId`: demanded by the role. `assume`: what the plane's user may do. */
const fixture = (externalId: string, assume = 'sts:AssumeRole') => `
control_plane: arn:aws:iam::111111111111:user/backend
accounts:
  "111111111111":
    users:
      backend:
        access_keys: [{ id: AKIAIOSFODNN7BACKEND, secret: backend-secret }]
        inline_policies:
          own: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: [ "${assume}", "iam:*" ], Resource: "*" }] }
  "222222222222":
    users:
      reader:
        access_keys: [{ id: AKIAIOSFODNN7READER0, secret: reader-secret }]
        inline_policies:
          list: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:ListBucket", Resource: "*" }] }
    roles:
      reader:
        trust:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: { AWS: "arn:aws:iam::111111111111:user/backend" }
              Action: sts:AssumeRole
              ${externalId === '' ? '' : `Condition: { StringEquals: { "sts:ExternalId": "${externalId}" } }`}
        inline_policies:
          list: { Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "s3:ListBucket", Resource: "*" }] }
    buckets:
      data: { region: eu-west-1, objects: { in/a.csv: "1" } }
`

const preamble = `
rolecall {
  aws = "sandbox:aws.yaml"
}

provider "outerproduct" {
  endpoint = "embedded"
}
`

const connector = (name: string, more: Readonly<Record<string, string>> = {}) => {
  const inputs = {
    credential_name: name,
    role_arn: role,
    bucket_uri: 's3://data/in/',
    expected_bucket_owner_account_id: '222222222222',
    ...more,
  }
  const lines = Object.entries(inputs).map(([key, value]) => `  ${key} = "${value}"`)
  return `resource "outerproduct_s3_connector" "${name}" {\n${lines.join('\n')}\n}\n`
}

/** A folder whose role demands the external id that the plane has. */
async function prepared(t: Test): Promise<{ readonly cwd: string; write(text: string): void }> {
  const cwd = t.testdir({ 'aws.yaml': fixture('') })
  const write = (text: string) => writeFileSync(join(cwd, 'main.hcl'), `${preamble}${text}`)
  write(
    'data "outerproduct_aws_setup" "us" {}\noutput "id" {\n  value = data.outerproduct_aws_setup.us.external_id\n}\n',
  )
  await rolecall(['apply', '-auto-approve'], { cwd })
  const { stdout } = await rolecall(['output', '-raw', 'id'], { cwd })
  t.match(stdout, /^op-[0-9a-f]{32}$/)
  writeFileSync(join(cwd, 'aws.yaml'), fixture(stdout))
  return { cwd, write }
}

t.test('what is planned is tried, and a wrong ARN, owner or bucket fails the plan', async (t) => {
  const { cwd, write } = await prepared(t)
  write(connector('lake'))
  t.match(await rolecall(['plan', '--probe'], { cwd }), {
    code: 0,
    stderr: /lake: Probed: ok \(1 of 1\)[\s\S]*Probed 1 access: 1 ok\./,
  })
  const wrong: readonly (readonly [Record<string, string>, RegExp])[] = [
    [{ role_arn: `${role}s` }, /assume_denied[\s\S]*trust policy/],
    [
      { expected_bucket_owner_account_id: '333333333333' },
      /bucket_denied[\s\S]*333333333333 is not the owner[\s\S]*--confirm-owner tells which/,
    ],
    [{ bucket_uri: 's3://dota/in/' }, /no_such_bucket[\s\S]*Check the spelling/],
  ]
  for (const [more, words] of wrong) {
    write(connector('lake', more))
    const planned = await rolecall(['plan', '--probe', '-out=p.plan'], { cwd })
    t.match(planned, { code: 1, stdout: /Plan: 1 to add/, stderr: words })
    t.match(planned.stderr, /on main\.hcl line \d+, in resource "outerproduct_s3_connector" "lake"/)
    t.throws(() => readFileSync(join(cwd, 'p.plan')), { code: 'ENOENT' }, 'a plan that fails is not saved')
  }
  write(connector('lake', { expected_bucket_owner_account_id: '333333333333' }))
  t.match(await rolecall(['plan', '--probe', '--confirm-owner'], { cwd }), {
    code: 1,
    stderr: /owner_mismatch[\s\S]*does not own the bucket data/,
  })
  t.match(await rolecall(['plan', '--confirm-owner'], { cwd }), { code: 1, stderr: /need --probe/ })
  write(connector('lake', { bucket_uri: 's3://data/out/' }))
  const events = await rolecall(['plan', '--probe', '--json'], { cwd })
  t.match(events, { code: 0, stdout: /ok_empty_prefix/ })
  const types = events.stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { type: string }).type)
  t.ok(types.includes('probe_complete') && types.includes('probe_summary') && types.includes('diagnostic'))
})

t.test('a role and a bucket that are declared as sensitive are tried, and not told', async (t) => {
  const { cwd, write } = await prepared(t)
  const variables = ['role', 'bucket'].map((name) => `variable "${name}" {\n  sensitive = true\n}\n`).join('')
  const hushed = { role_arn: '${var.role}', bucket_uri: 's3://${var.bucket}/in/' }
  write(variables + connector('lake', hushed))
  const sound = { ROLECALL_VAR_role: role, ROLECALL_VAR_bucket: 'data' }
  const told = /reader|s3:\/\/data|bucket data/
  const say = async (args: readonly string[], code: number, env: Readonly<Record<string, string>>) => {
    const ran = await rolecall(args, { cwd, env })
    t.equal(ran.code, code, `${args.join(' ')}\n${ran.stderr}`)
    t.notMatch(`${ran.stdout}${ran.stderr}`, told, args.join(' '))
    return ran.stdout
  }
  for (const [env, code] of [
    [sound, 0],
    [{ ...sound, ROLECALL_VAR_role: `${role}s` }, 1],
    [{ ...sound, ROLECALL_VAR_bucket: 'databank' }, 1],
  ] as const)
    for (const args of [
      ['plan', '--probe'],
      ['plan', '--probe', '--json'],
    ])
      await say(args, code, env)
  await rolecall(['apply', '-auto-approve'], { cwd, env: sound })
  t.match(await say(['probe'], 0, sound), /lake {2}\(sensitive value\) -> .*\(sensitive value\).* ok/)
  await say(['probe', '--json', '--junit=probe.xml'], 0, sound)
  t.notMatch(readFileSync(join(cwd, 'probe.xml'), 'utf8'), told)
  t.match(await say(['access'], 0, sound), /a bucket that is a sensitive value[\s\S]*1 way, 1 of which/)
  t.match(await say(['access', '--bucket=other'], 0, sound), /1 way/, 'it may be that one')
})

t.test('what waits for apply is said not to be tried', async (t) => {
  const { cwd, write } = await prepared(t)
  const person = '${trifacta_person.jane.id}'
  write(`provider "trifacta" {
  endpoint = "embedded"
}
resource "trifacta_person" "jane" {
  email = "jane@example.com"
}
${connector('lake', { bucket_uri: `s3://data/${person}` })}`)
  t.match(await rolecall(['plan', '--probe'], { cwd }), {
    code: 0,
    stderr: /lake: not probed: bucket_uri is known only after apply[\s\S]*1 not probed\./,
  })
})

t.test('what exists is tried, as a table, as JSON and as JUnit', async (t) => {
  const { cwd, write } = await prepared(t)
  const both = `${connector('lake')}${connector('empty', { bucket_uri: 's3://data/out/' })}`
  write(both)
  t.match(await rolecall(['probe', 'outerproduct_s3_connector.lake'], { cwd }), {
    code: 1,
    stderr: /declared, but not in the state[\s\S]*plan --probe/,
  })
  t.match(await rolecall(['apply', '-auto-approve'], { cwd }), { code: 0 })
  const fine = await rolecall(['probe'], { cwd })
  t.match(fine, { code: 0, stdout: /lake +arn:[^ ]+ -> s3:\/\/data\/in\/ +ok\n/ })
  t.match(fine.stdout, /Warning: ok_empty_prefix outerproduct_s3_connector\.empty\n.*\n.*prefix/)
  t.match(fine.stdout, /Probed 2 accesses: 1 ok, 1 with a warning\.\n$/)
  t.notMatch(fine.stdout, /Roles were assumed by/, 'the plane has the same principal')

  // Somebody takes the external id out of the trust policy, and another one the object's owner away.
  writeFileSync(join(cwd, 'aws.yaml'), fixture('').replace('"222222222222":', '"222222222223":'))
  t.match(await rolecall(['probe', 'outerproduct_s3_connector.lake', '--junit=p.xml'], { cwd }), {
    code: 1,
    stdout: /assume_denied/,
  })
  const xml = readFileSync(join(cwd, 'p.xml'), 'utf8')
  t.match(xml, /<testsuite name="rolecall probe" tests="1" failures="1" errors="0" skipped="0"/)
  t.match(xml, /<failure message="[^"]*cannot be assumed[^"]*" type="assume_denied">/)
  writeFileSync(join(cwd, 'aws.yaml'), fixture(''))
  const weak = await rolecall(['probe', 'outerproduct_s3_connector.lake', '--json'], { cwd })
  t.equal(weak.code, 0)
  t.match(JSON.parse(weak.stdout), {
    caller: 'arn:aws:iam::111111111111:user/backend',
    counts: { ok: 0, warning: 1, error: 0, skipped: 0 },
    accesses: [
      {
        address: 'outerproduct_s3_connector.lake',
        verdict: 'warning',
        region: 'eu-west-1',
        became: 'arn:aws:sts::222222222222:assumed-role/reader/rolecall-probe',
        proves_permissions_only: false,
        outcomes: [{ class: 'ok' }, { class: 'trust_without_external_id', remedy: /ExternalId/ }],
      },
    ],
  })
  t.match(await rolecall(['probe', 'outerproduct_s3_connector.lak'], { cwd }), {
    code: 1,
    stderr: /neither declared nor in the state[\s\S]*Did you mean outerproduct_s3_connector\.lake\?/,
  })
})

t.test('keys are tried where they are at hand, and stand in no output', async (t) => {
  const secret = canary('secret', '/')
  const cwd = t.testdir({
    'aws.yaml': fixture('').replace('secret: reader-secret', `secret: "${secret.text}"`),
    'main.hcl': `
rolecall {
  aws = "sandbox:aws.yaml"
}
provider "trifacta" {
  endpoint = "embedded"
}
resource "trifacta_person" "jane" {
  email = "jane@example.com"
}
resource "trifacta_aws_config" "jane" {
  person_id           = trifacta_person.jane.id
  credential_provider = "default"
  key                 = env("KEY")
  secret              = env("SECRET")
  default_bucket      = "data"
  extra_buckets       = ["dota"]
}
`,
  })
  const env = { KEY: 'AKIAIOSFODNN7READER0', SECRET: secret.text }
  t.match(await rolecall(['apply', '-auto-approve'], { cwd, env }), { code: 0 })
  const probed = await rolecall(['probe', '--junit=p.xml'], { cwd, env })
  t.match(probed, {
    code: 1,
    stdout: /access key -> s3:\/\/data +ok[\s\S]*access key -> s3:\/\/dota +no_such_bucket/,
  })
  const json = await rolecall(['probe', '--json'], { cwd, env })
  t.match(JSON.parse(json.stdout), { accesses: [{ became: 'arn:aws:iam::222222222222:user/reader' }, {}] })
  t.strictSame(traces(JSON.stringify([probed, json]), [secret]), [])
  t.notMatch(JSON.stringify([probed, json]), /AKIAIOSFODNN7READER0/)
  t.strictSame(traces(readFileSync(join(cwd, 'p.xml')), [secret]), [])
  t.match(await rolecall(['probe'], { cwd, env: { ...env, SECRET: 'another' } }), {
    code: 0,
    stdout: /not probed: key and secret are not at hand/,
  })
})

t.test('a role that is for its service alone may be a warning', async (t) => {
  const cwd = t.testdir({
    'aws.yaml': fixture('only-the-service-knows'),
    'main.hcl': `
rolecall {
  aws = "sandbox:aws.yaml"
}
provider "trifacta" {
  endpoint = "embedded"
}
resource "trifacta_person" "jane" {
  email = "jane@example.com"
}
resource "trifacta_aws_config" "jane" {
  person_id           = trifacta_person.jane.id
  credential_provider = "temporary"
  role                = "${role}"
  default_bucket      = "data"
}
`,
  })
  t.match(await rolecall(['plan', '--probe'], { cwd }), {
    code: 0,
    stderr: /not probed: external_id is known only after apply/,
  })
  t.match(await rolecall(['apply', '-auto-approve'], { cwd }), { code: 0 })
  t.match(await rolecall(['probe'], { cwd }), {
    code: 1,
    stdout: /Failed: assume_denied[\s\S]*lets in only whom it is for \(Trifacta\)[\s\S]*--untrusted-ok/,
  })
  t.match(await rolecall(['probe', '--untrusted-ok'], { cwd }), {
    code: 0,
    stdout:
      /Warning: assume_denied[\s\S]*Roles were assumed by [\s\S]*Probed 1 access: 0 ok, 1 with a warning\./,
  })
})

t.test('passwords and tokens leave no trace', async (t) => {
  const [password, token] = [canary('password'), canary('token')]
  const cwd = t.testdir({
    'main.hcl': `
provider "outerproduct" {
  endpoint = "embedded"
}
resource "outerproduct_snowflake_connector" "sales" {
  credential_name = "sales"
  username        = "loader"
  password        = env("PASSWORD")
  account         = "acme-eu"
  database        = "SALES"
  schema_name     = "PUBLIC"
}
resource "outerproduct_databricks_connector" "bricks" {
  credential_name = "bricks"
  access_token    = env("TOKEN")
  server_hostname = "adb.example.com"
  http_path       = "/sql/1"
}
`,
  })
  const env = { PASSWORD: password.text, TOKEN: token.text, ROLECALL_LOG: 'trace' }
  const told = [
    await rolecall(['plan', '-out=p.plan'], { cwd, env }),
    await rolecall(['apply', '-auto-approve'], { cwd, env }),
    await rolecall(['plan', '--json'], { cwd, env }),
    await rolecall(['show', '--json'], { cwd, env }),
    await rolecall(['probe'], { cwd, env }),
    // A new password cannot be sent to a connector that exists: it replaces.
    await rolecall(['plan'], { cwd, env: { ...env, PASSWORD: `${password.text}2` } }),
  ]
  t.strictSame(
    told.map(({ code }) => code),
    [0, 0, 0, 0, 0, 0],
  )
  t.match(told[0]?.stdout, /experimental/)
  t.match(told[4]?.stdout, /no access to probe/)
  t.match(told[5]?.stdout, /sales" must be replaced|sales must be replaced/)
  t.match(told[5]?.stdout, /until its successor is proven to work/)
  t.strictSame(traces(JSON.stringify(told), [password, token]), [])
  t.strictSame(tracesInFolder(cwd, [password, token]), [])
})

t.test('a new connector waits until AWS lets the service in, and not for ever', async (t) => {
  const cwd = t.testdir({
    'aws.yaml': fixture('', 's3:ListBucket'),
    'main.hcl': `${preamble}${connector('lake')}`,
  })
  const apply = async (sleep: (milliseconds: number) => Promise<void>) => {
    const told: Progress[] = []
    const workspace = await openWorkspace({
      cwd,
      env: {},
      now: () => new Date(),
      stop: new AbortController().signal,
      progress: (event) => told.push(event),
      test: { settle: 0, sleep },
    })
    try {
      const applied = await workspace.apply({ confirm: async () => true })
      return { applied, waits: told.filter(({ kind }) => kind === 'operation-wait') }
    } finally {
      await workspace.close()
    }
  }
  let waited = 0
  const inVain = await apply(async (milliseconds) => {
    waited += milliseconds
  })
  t.match(inVain.applied?.counts, { failed: 1 })
  t.match(inVain.applied?.diagnostics[0], { detail: /assume_denied/, help: /trust the principal/ })
  t.equal(waited, 120_000)

  const late = await apply(async () => allowAssuming(cwd))
  t.match(late.applied?.counts, { failed: 0, add: 1 })
  t.match(late.waits, [
    { kind: 'operation-wait', address: 'outerproduct_s3_connector.lake', message: /assume_denied/ },
  ])
})

/** What IAM would have spread by then: the plane's user may assume roles. */
async function allowAssuming(cwd: string): Promise<void> {
  const sandbox = await openSandbox({
    fixture: fixture('', 's3:ListBucket'),
    file: 'aws.yaml',
    database: join(cwd, '.rolecall', 'aws.db'),
    now: () => new Date(),
    random: randomBytes,
  })
  const { identity } = sandbox
  const { iamClient } = await import('../../src/aws/clients.js')
  const { PutUserPolicyCommand } = await import('@aws-sdk/client-iam')
  const client = await iamClient({
    answer: (request) => sandbox.fetch(request),
    env: () => undefined,
    ...(identity !== undefined && { identity }),
  })
  await client.send(
    new PutUserPolicyCommand({
      UserName: 'backend',
      PolicyName: 'assume',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }],
      }),
    }),
  )
  await sandbox.close()
}

t.test('what is not probed is named, with the reason', async (t) => {
  const cwd = t.testdir({
    'main.hcl': `
provider "vault" { endpoint = "embedded" }
resource "vault_aws_mount" "aws" {}
resource "vault_aws_role" "user" {
  mount           = vault_aws_mount.aws.path
  name            = "user"
  credential_type = "iam_user"
  iam_groups      = ["readers"]
}
resource "trifacta_person" "jane" { email = "jane@example.com" }
provider "trifacta" { endpoint = "embedded" }
`,
  })
  t.match(await rolecall(['plan', '--probe'], { cwd }), {
    code: 0,
    stderr: /vault_aws_role\.user[\s\S]*not probed: credentials of the type iam_user/,
  })
  t.match(await rolecall(['apply', '-auto-approve'], { cwd }), { code: 0 })
  const all = await rolecall(['probe'], { cwd })
  t.match(all, { code: 0, stdout: /Probed 0 accesses: 0 ok\. 1 not probed\./ })
  t.notMatch(all.stdout, /trifacta_person/, 'what reaches no AWS is not asked about')
  const named = await rolecall(['probe', 'trifacta_person.jane', 'vault_aws_mount.aws'], { cwd })
  t.match(named, { code: 0, stdout: /jane +- +not probed: it has no access to AWS/ })
  t.match(named.stdout, /vault_aws_mount\.aws +- +not probed/)
})
