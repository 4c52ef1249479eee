import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadSchemas, providerNames } from '../../src/providers/schemas.js'
import { rolecall } from '../commands/rolecall.js'
import { startPlaneFarm } from '../fixtures/plane-farm.js'
import { type Canary, canary, plainCanary, traces, tracesInFolder } from './canaries.js'

t.setTimeout(120_000)
const farm = startPlaneFarm()
t.teardown(() => farm.stop())

/** What each secret of a system's schemas is set to: by type, or provider, and attribute. */
const secrets: Readonly<Record<string, Canary>> = {
  'vault.token': plainCanary('vaulttoken'),
  'vault_aws_root.secret_key': canary('root'),
  'tines.token': plainCanary('tinestoken'),
  'tines_credential.aws_secret_key': canary('aws'),
  'tines_credential.value': canary('value'),
  'tines_credential.jwt_private_key': canary('jwt', '"\\/+=&%<é\n'),
  'tines_credential.oauth_client_secret': canary('oauth'),
  'tines_credential.mtls_client_private_key': canary('mtls', '"\\/+=&%<é\n'),
  'tines_credential.http_request_secret': canary('http'),
  'tines_credential.http_request_secrets': canary('multi'),
  'tines_test_credential.aws_secret_key': canary('testaws'),
  'tines_test_credential.value': canary('testvalue'),
  'tines_test_credential.jwt_private_key': canary('testjwt', '"\\/+=&%<é\n'),
  'tines_test_credential.oauth_client_secret': canary('testoauth'),
  'tines_test_credential.mtls_client_private_key': canary('testmtls', '"\\/+=&%<é\n'),
  'tines_test_credential.http_request_secret': canary('testhttp'),
  'tines_test_credential.http_request_secrets': canary('testmulti'),
  'outerproduct.token': plainCanary('optoken'),
  'outerproduct_snowflake_connector.password': canary('snowflake'),
  'outerproduct_databricks_connector.access_token': canary('databricks'),
}

/** Sensitive values of attributes that are no secrets to their services: before a change, and after. */
const marked = [plainCanary('before'), plainCanary('after')] as const
const all = [...Object.values(secrets), ...marked]

/** The environment variable of a secret, as HCL reads it. */
const variables = new Map(Object.keys(secrets).map((name, i) => [name, `SECRET_${i}`]))
const env = (name: string) => `env("${variables.get(name)}")`

/** The attributes of each mode of Tines; `type` is the credential or its test twin. */
const modes = (type: string): Readonly<Record<string, string>> => ({
  AWS: `aws_authentication_type = "KEY"
    aws_access_key = "AKIAIOSFODNN7EXAMPLE"
    aws_secret_key = ${env(`${type}.aws_secret_key`)}`,
  TEXT: `value = ${env(`${type}.value`)}`,
  JWT: `jwt_algorithm = "RS256"
    jwt_payload = jsonencode({ iss = "me" })
    jwt_private_key = ${env(`${type}.jwt_private_key`)}`,
  OAUTH: `oauth_token_url = "https://login.example.com/token"
    oauth_client_id = "rolecall"
    oauth_client_secret = ${env(`${type}.oauth_client_secret`)}
    oauth_grant_type = "client_credentials"`,
  MTLS: `mtls_client_certificate = "certificate"
    mtls_client_private_key = ${env(`${type}.mtls_client_private_key`)}`,
  HTTP_REQUEST_AGENT: `http_request_options = jsonencode({ url = "https://example.com" })
    http_request_location_of_token = "=body.token"
    http_request_secret = ${env(`${type}.http_request_secret`)}`,
  MULTI_REQUEST: `credential_requests = [jsonencode({ url = "a" }), jsonencode({ url = "b" })]
    http_request_location_of_token = "=body.token"
    http_request_secrets = ["", ${env(`${type}.http_request_secrets`)}]`,
})

const vaultAndTines = (url: string) => `
provider "vault" {
  endpoint = "${url}"
  token    = ${env('vault.token')}
}

provider "tines" {
  endpoint = "${url}"
  token    = ${env('tines.token')}
}

data "tines_team" "ours" {
  name = "Personal team"
}
`

const configuration = (url: string) => `
variable "round" {
  type    = number
  default = 1
}

${vaultAndTines(url)}

provider "outerproduct" {
  endpoint = "${url}/outerproduct"
  token    = ${env('outerproduct.token')}
}

resource "vault_aws_mount" "data" {
  path = "data/aws"
}

resource "vault_aws_root" "data" {
  mount       = vault_aws_mount.data.path
  access_key  = "AKIAIOSFODNN7EXAMPLE"
  secret_key  = ${env('vault_aws_root.secret_key')}
  max_retries = var.round
}

resource "outerproduct_snowflake_connector" "warehouse" {
  credential_name = "warehouse \${var.round}"
  username        = "rolecall"
  password        = ${env('outerproduct_snowflake_connector.password')}
  account         = "acme-data"
  database        = "analytics"
  schema_name     = "public"
}

resource "outerproduct_databricks_connector" "lake" {
  credential_name = "lake \${var.round}"
  access_token    = ${env('outerproduct_databricks_connector.access_token')}
  server_hostname = "acme.cloud.databricks.com"
  http_path       = "/sql/1.0/warehouses/1"
}
${Object.keys(modes(''))
  .map(
    (mode) => `
resource "tines_credential" "${mode}" {
  name        = "${mode}"
  team_id     = data.tines_team.ours.id
  description = "round \${var.round}"
  mode        = "${mode}"
  ${modes('tines_credential')[mode]}
}

resource "tines_test_credential" "${mode}" {
  live_credential_id = tines_credential.${mode}.id
  mode               = "${mode}"
  ${modes('tines_test_credential')[mode]}
}`,
  )
  .join('\n')}
`

const environment = Object.fromEntries([
  ...[...variables].map(([name, variable]) => [variable, secrets[name]?.text ?? '']),
  ['ROLECALL_LOG', 'trace'],
])

async function scene(t: Test, declared = configuration) {
  const plane = await farm.open({})
  t.teardown(() => plane.close())
  const folder = join(t.testdir(), 'folder')
  mkdirSync(folder)
  writeFileSync(join(folder, 'main.hcl'), declared(plane.url))
  return {
    plane,
    async run(args: readonly string[], expected: number, env: Readonly<Record<string, string>> = {}) {
      const what = args.join(' ')
      const ran = await rolecall(args, { cwd: folder, env: { ...environment, ...env } })
      t.equal(ran.code, expected, `${what}\n${ran.code === expected ? '' : ran.stderr}`)
      t.strictSame(traces(ran.stdout, all), [], `stdout of ${what}`)
      t.strictSame(traces(ran.stderr, all), [], `stderr of ${what}`)
      t.strictSame(tracesInFolder(folder, all), [], `nothing is left by ${what}`)
      return ran
    },
  }
}

t.test('every secret attribute has a canary', async (t) => {
  const declared = providerNames().flatMap((name) => {
    const { provider, resources, data } = loadSchemas(name)
    return [provider, ...resources.values(), ...data.values()].flatMap((schema) =>
      [...schema.attributes.values()].flatMap((one) => (one.sensitive ? [`${schema.type}.${one.name}`] : [])),
    )
  })
  // Those of Trifacta are in canary.test.ts.
  const here = declared.filter((name) => !name.startsWith('trifacta'))
  t.strictSame(here.sort(), Object.keys(secrets).sort())
})

t.test('no command says or keeps a secret of any system', async (t) => {
  const { run } = await scene(t)
  await run(['plan', '--out=p.plan'], 0)
  await run(['show', '--json', 'p.plan'], 0)
  await run(['apply', 'p.plan'], 0)
  await run(['plan', '--detailed-exitcode', '--json'], 0)
  await run(['apply', '--auto-approve', '--json', '--var=round=2'], 0)
  await run(['show'], 0)
  await run(['show', '--json'], 0)
  await run(['drift', '--unmanaged', '--json', '--var=round=2'], 0)
  await run(['access'], 0)
  await run(['probe'], 1)
  await run(['destroy', '--auto-approve'], 0)
})

t.test('a service that quotes what it was sent makes us say no secret', async (t) => {
  const { plane, run } = await scene(t)
  const paths = ['/v1/data/aws/config/root', '/api/v1/user_credentials', '/outerproduct/v1/connectors']
  await plane.faults(paths.map((path) => ({ method: 'POST', path, kind: 'echo', form: 'json', status: 422 })))
  const { stderr } = await run(['apply', '--auto-approve'], 1)
  for (const type of [
    'vault_aws_root',
    'tines_credential',
    'outerproduct_snowflake_connector',
    'outerproduct_databricks_connector',
  ])
    t.match(
      stderr,
      new RegExp(`with ${type}\\.[\\s\\S]{0,400}?cannot take[\\s\\S]{0,400}?\\(sensitive value\\)`),
      `${type} is quoted, with what is secret covered up`,
    )
})

/** Wherever a type has something to say about who may do more, who less, or why not. */
const sensitive = (url: string) => `
variable "hush" {
  type      = string
  sensitive = true
}

provider "trifacta" {
  endpoint = "${url}"
  token    = ${env('tines.token')}
}

${vaultAndTines(url)}

locals {
  arn = "arn:aws:iam::123456789012:role/\${var.hush}"
}

resource "vault_aws_mount" "data" {
  path        = "data/aws"
  description = var.hush
}

resource "vault_aws_root" "data" {
  mount      = vault_aws_mount.data.path
  access_key = "AKIAIOSFODNN7EXAMPLE"
  secret_key = ${env('vault_aws_root.secret_key')}
}

resource "vault_aws_role" "reader" {
  mount           = vault_aws_mount.data.path
  name            = "reader"
  credential_type = "assumed_role"
  role_arns       = [local.arn]
  policy_arns     = ["arn:aws:iam::123456789012:policy/\${var.hush}"]
}

resource "tines_credential" "reader" {
  name                    = "reader"
  team_id                 = data.tines_team.ours.id
  mode                    = "AWS"
  aws_authentication_type = "ROLE"
  aws_assumed_role_arn    = local.arn
  description             = var.hush
}

resource "trifacta_person" "jane" {
  email = "jane@example.com"
  name  = var.hush
}

resource "trifacta_aws_config" "jane" {
  person_id           = trifacta_person.jane.id
  credential_provider = "temporary"
  role                = local.arn
  default_bucket      = var.hush
  extra_buckets       = ["\${var.hush}-more"]
}
`

t.test('what a plan means for access quotes nothing sensitive, old or new', async (t) => {
  const { run } = await scene(t, sensitive)
  const [before, after] = marked.map(({ text }) => ({ ROLECALL_VAR_hush: text }))
  await run(['apply', '--auto-approve'], 0, before)
  await run(['probe'], 1, before)
  await run(['access', '--json'], 0, before)
  const { stdout } = await run(['plan', '--out=p.plan'], 0, after)
  t.match(stdout, /widens access: .*\(sensitive value\) can be assumed/)
  t.match(stdout, /loses access: Buckets \(sensitive value\), .* can no longer be reached/)
  await run(['show', '--json', 'p.plan'], 0, after)
  await run(['plan', '--json', '--replace=trifacta_aws_config.jane'], 0, after)
  await run(['apply', 'p.plan'], 0, after)
  await run(['destroy', '--auto-approve', '--json'], 0, after)
})
