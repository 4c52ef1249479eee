import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openWorkspace, type PlanOptions } from '../../src/app.js'
import { type Diagnostic, Failure } from '../../src/core/diagnostic.js'
import { diagnosticsText } from '../../src/views/diagnostic.js'
import { diagnosticJson } from '../../src/views/diagnostic-json.js'
import { chooseStyle } from '../../src/views/style.js'
import { rolecall } from '../commands/rolecall.js'
import { canary, plainCanary, traces, tracesInFolder } from './canaries.js'

const mistakes = `
variable "hush" {
  type      = string
  sensitive = true
}

variable "number" {
  type      = number
  sensitive = true
}

variable "judged" {
  type      = string
  sensitive = true
  validation {
    condition     = length(var.judged) > 1000
    error_message = "\${var.judged} is too short."
  }
}

variable "shaped" {
  type      = object({ a = number })
  sensitive = true
}

provider "trifacta" {
  endpoint = "embedded"
}

locals {
  number = tonumber(var.hush)
  json   = jsondecode(var.hush)
  yaml   = yamldecode("a: [\${var.hush}")
  index  = [1, 2][var.hush]
  key    = { a = 1 }[var.hush]
  file   = file(var.hush)
  regex  = regex(var.hush, "x")
  sum    = var.hush + 1
  parse  = parseint(var.hush, 10)
  time   = timeadd(var.hush, "1h")
  base64 = base64decode(var.hush)
  cidr   = cidrhost(var.hush, 1)
  member = var.hush.member
  format = format("%d", var.hush)
  bool   = var.hush ? 1 : 2
}

resource "trifacta_person" "email" {
  email = var.hush
}

resource "trifacta_person" "admin" {
  email    = "admin2@example.com"
  is_admin = var.hush
}

resource "trifacta_person" "each" {
  for_each = toset([var.hush])
  email    = "each@example.com"
}

resource "trifacta_person" "keys" {
  for_each = { (var.hush) = 1 }
  email    = "keys@example.com"
}

resource "trifacta_person" "count" {
  count = var.hush
  email = "count@example.com"
}

resource "trifacta_aws_config" "wrong" {
  person_id           = var.hush
  credential_provider = var.hush
  role                = var.hush
  default_bucket      = var.hush
  extra_buckets       = [var.hush]
}

resource "trifacta_aws_config" "type" {
  person_id           = "3"
  credential_provider = "default"
  key                 = { a = var.hush }
  secret              = [var.hush]
  default_bucket      = "b-1"
}

provider "vault" {
  endpoint = "embedded"
}

provider "tines" {
  endpoint = "embedded"
}

provider "outerproduct" {
  endpoint = "embedded"
}

resource "vault_aws_role" "wrong" {
  name            = var.hush
  credential_type = "assumed_role"
  role_arns       = [var.hush]
  policy_document = var.hush
  default_sts_ttl = var.hush
}

resource "tines_credential" "wrong" {
  name        = "wrong"
  mode        = "JWT"
  team_id     = var.hush
  jwt_payload = var.hush
  expires_at  = var.hush
}

resource "outerproduct_s3_connector" "wrong" {
  credential_name                  = "wrong"
  role_arn                         = "arn:\${var.hush}:iam::123456789012:role/x"
  bucket_uri                       = "s3a://\${var.hush}/x"
  expected_bucket_owner_account_id = var.hush
}

output "bare" {
  value = var.hush
}
`

type Env = Readonly<Record<string, string>>

/** All that `validate` and `plan` say, as text and as JSON. */
async function messages(folder: string, env: Env, options: PlanOptions = {}): Promise<string> {
  const workspace = await openWorkspace({
    cwd: folder,
    env,
    now: () => new Date(),
    stop: new AbortController().signal,
    progress: () => {},
  })
  const said: string[] = []
  const style = chooseStyle({ flag: false, env: {}, terminal: false })
  const say = (found: readonly Diagnostic[]) => {
    said.push(diagnosticsText(found, workspace.sources, { style }))
    for (const one of found) said.push(JSON.stringify(diagnosticJson(one, workspace.sources)))
  }
  for (const work of [async () => say(await workspace.validate(options)), () => workspace.plan(options)]) {
    await work().catch((cause: unknown) => {
      if (!(cause instanceof Failure)) throw cause
      say(cause.diagnostics)
    })
  }
  await workspace.close()
  return said.join('\n')
}

const hush = canary('hush')
const number = plainCanary('number')
const judged = canary('judged')
const shaped = plainCanary('shaped')
const searched = [hush, number, judged, shaped]

const hushed = { ROLECALL_VAR_hush: hush.text }
const sound = {
  ...hushed,
  ROLECALL_VAR_number: '1',
  ROLECALL_VAR_judged: 'x'.repeat(1001),
  ROLECALL_VAR_shaped: '{ a = 1 }',
}

const inHcl = `number = "${number.text}"
shaped = { a = "${shaped.text}" }
judged = ${JSON.stringify(judged.core)}
`
const inYaml = `number: "${number.text}"
shaped: { a: "${shaped.text}" }
judged: ${JSON.stringify(judged.core)}
`

interface Case {
  readonly files?: Readonly<Record<string, string>>
  readonly env: Env
  readonly options?: PlanOptions
  /** How many mistakes are told at least. */
  readonly least: number
}

const cases: Readonly<Record<string, Case>> = {
  expressions: { env: sound, least: 10 },
  'values from the environment': {
    env: {
      ...hushed,
      ROLECALL_VAR_number: number.text,
      ROLECALL_VAR_judged: judged.text,
      ROLECALL_VAR_shaped: `{ a = "${shaped.text}" }`,
    },
    least: 3,
  },
  'values from flags': {
    env: sound,
    options: { variables: [{ flag: `number=${number.text}` }, { flag: `shaped={ a = "${shaped.text}" }` }] },
    least: 2,
  },
  'values that are not even expressions': {
    env: { ...sound, ROLECALL_VAR_shaped: `{ a = "${shaped.text}` },
    least: 1,
  },
  'values from an HCL file': { files: { 'secrets.auto.vars.hcl': inHcl }, env: hushed, least: 3 },
  'values from a YAML file': { files: { 'secrets.auto.vars.yaml': inYaml }, env: hushed, least: 3 },
}

function silent(t: Test, said: string, what: string, least: number): void {
  const errors = said.match(/^Error: /gm)?.length ?? 0
  t.ok(errors >= least, `${what}: ${errors} mistakes are told`)
  t.strictSame(traces(said, searched), [], what)
}

t.test('no message about a mistake says a secret, nor shows the line that holds it', async (t) => {
  for (const [what, { files, env, options, least }] of Object.entries(cases))
    silent(t, await messages(t.testdir({ 'main.hcl': mistakes, ...files }), env, options), what, least)
})

t.test('nor does the message about any single expression', async (t) => {
  const head = 'variable "hush" {\n  type = string\n  sensitive = true\n}\n'
  // One mistake at a time: the first one must not hide the others.
  for (const [, text] of mistakes.matchAll(/^ {2}\w+ += (.*var\.hush.*)$/gm)) {
    const output = `output "it" {\n  value = ${text}\n}\n`
    silent(t, await messages(t.testdir({ 'main.hcl': head + output }), hushed), String(text), 1)
  }
})

t.test('nor does the message about a line that is no HCL or YAML', async (t) => {
  const quoted = plainCanary('quoted')
  const typed = (text: string) => ({ 'main.hcl': mistakes, 'broken.hcl': text })
  const block = (line: string) => `resource "trifacta_aws_config" "b" {\n  ${line}\n}\n`
  const files: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'an unclosed quote': typed(block(`secret = "${quoted.text}`)),
    'two on one line': typed(block(`key = "${quoted.text}" secret = "${quoted.text}"`)),
    'no equals sign': typed(block(`secret "${quoted.text}"`)),
    'an open interpolation': typed(block(`secret = "\${${quoted.text}"`)),
    'an open heredoc': typed(block(`secret = <<EOT\n${quoted.text} \${\nEOT`)),
    'a default': typed(`variable "d" {\n  sensitive = true\n  default = "${quoted.text}\n}\n`),
    'a quote in YAML': { 'main.yaml': `provider:\n  trifacta:\n    token: "${quoted.text}\n` },
    'a value in HCL': { 'main.hcl': mistakes, 'a.auto.vars.hcl': `hush = "${quoted.text}\n` },
    'a value in YAML': { 'main.hcl': mistakes, 'a.auto.vars.yaml': `hush: "${quoted.text}\n` },
    'a value in JSON': { 'main.hcl': mistakes, 'a.auto.vars.yaml': `{ "hush": "${quoted.text}", ]\n` },
    'no quotes': typed(block(`secret = ${quoted.text}`)),
    'no quotes in YAML': {
      'main.yaml': `resource:\n  trifacta_aws_config:\n    b:\n      secret: '\${${quoted.text}}'\n`,
    },
    'no quotes, in parts': typed(block(`secret = a.${quoted.text} + ${quoted.text}/1`)),
    'no quotes, and misspelt': typed(block(`secrt = ${quoted.text}`)),
    'no quotes, of a provider': typed(`provider "trifacta" {\n  token = ${quoted.text}\n}\n`),
    'no quotes, as a default': typed(`variable "d" {\n  sensitive = true\n  default = ${quoted.text}\n}\n`),
    'no quotes, as a value': { 'main.hcl': mistakes, 'a.auto.vars.hcl': `hush = ${quoted.text}\n` },
    'a block as a value': { 'main.hcl': mistakes, 'a.auto.vars.hcl': `hush { a = "${quoted.text}" }\n` },
    'text around an interpolation': typed(block(`secret = "${quoted.text}\${nothing}"`)),
    'an unknown block': typed(`provder "trifacta" { token = "${quoted.text}" }\n`),
    'an unknown block, and misspelt': typed(`provder "trifacta" { tokn = "${quoted.text}" }\n`),
    'an unknown provider': typed(`provider "trifcta" { token = "${quoted.text}" }\n`),
    'an unknown type': typed(`resource "trifacta_aws_confg" "b" { secret = "${quoted.text}" }\n`),
    'an unknown type, no quotes': typed(`resource "trifacta_aws_confg" "b" { secret = ${quoted.text} }\n`),
    'an unknown type in YAML': {
      'main.yaml': `resource: { trifacta_aws_confg: { b: { secret: "${quoted.text}" } } }\n`,
    },
    'a missing label': typed(`resource "trifacta_aws_config" { secret = "${quoted.text}" }\n`),
    'a block that is refused': typed(`module "m" { token = "${quoted.text}" }\n`),
    'a second block': typed(
      `provider "trifacta" { endpoint = "embedded" }\nprovider "trifacta" { token = "${quoted.text}" }\n`,
    ),
    'a block for an attribute': typed(block(`secret { value = "${quoted.text}" }`)),
    'an attribute in the wrong block': typed(`rolecall {\n  token = "${quoted.text}"\n}\n`),
    'a misspelt attribute in a broken file': typed(`${block(`secrt = "${quoted.text}`)}`),
    'a misspelt attribute': typed(block(`secrt = "${quoted.text}"`)),
    'a misspelt variable': { 'main.hcl': mistakes, 'a.auto.vars.hcl': `hsh = "${quoted.text}"\n` },
    'a comment after half of it': typed(block(`secret = half//${quoted.text}`)),
    'a comment after half of a misspelt one': typed(block(`secert = half//${quoted.text}`)),
    'a comment in a default': typed(
      `variable "d" {\n  sensitive = true\n  default = half//${quoted.text}\n}\n`,
    ),
    'a comment after it': typed(block(`secret = X # old: ${quoted.text}`)),
    'a comment after a text': typed(block(`secret = "X" /* ${quoted.text} */`)),
    'no equals sign and no quotes': typed(block(`secret ${quoted.text}+abc/XUtn==`)),
    'no equals sign and no quotes, in a resource of its own': typed(
      `resource "vault_aws_root" "r" {\n  secret_key abc/${quoted.text}\n}\n`,
    ),
    'braces around it': typed(block(`secret { ${quoted.text} }`)),
    'a number at its beginning': typed(block(`secret = 9${quoted.text}+abc`)),
    'a call': typed(block(`secret = ${quoted.text}(1)`)),
    'a call of something': typed(block(`secret = ${quoted.text}(var.hush)`)),
    'a text in a call': typed(block(`secret = coalesce(var.nothing, "${quoted.text}")`)),
    'a key in it': typed(block(`secret = { ${quoted.text} = var.nothing }`)),
    'a local value': typed(`locals {\n  aws_secret_key = abc/${quoted.text}\n}\n`),
    'a call in a local value': typed(`locals {\n  password = ${quoted.text}(var.hush)\n}\n`),
    'a local value in a broken file': typed(`locals {\n  aws_secret_key = 9${quoted.text}/x\n}\n`),
    'a comment after a value': {
      'main.hcl': mistakes,
      'a.auto.vars.hcl': `hush = half//${quoted.text}\n`,
    },
    'a value that starts with a number': {
      'main.hcl': mistakes,
      'a.auto.vars.hcl': `hush = 9${quoted.text}+abc\n`,
    },
    'a value without an equals sign': { 'main.hcl': mistakes, 'a.auto.vars.hcl': `hush ${quoted.text}\n` },
    'a value in braces': { 'main.hcl': mistakes, 'a.auto.vars.hcl': `hush { ${quoted.text} }\n` },
    'a value that is a call': { 'main.hcl': mistakes, 'a.auto.vars.hcl': `hush = ${quoted.text}(1)\n` },
    'a misspelt name': { 'main.hcl': mistakes, 'a.auto.vars.hcl': `hsh = "${quoted.text}\n` },
  }
  for (const [what, inFolder] of Object.entries(files)) {
    const said = await messages(t.testdir(inFolder), {})
    t.match(said, /^Error: /m, what)
    t.strictSame(traces(said, [quoted]), [], what)
  }
})

t.test('nor does the program, with a trace of its requests', async (t) => {
  const cwd = t.testdir({ 'main.hcl': mistakes, 'secrets.auto.vars.hcl': inHcl })
  for (const args of [['validate'], ['validate', '--json'], ['plan'], ['plan', '--json']]) {
    const ran = await rolecall(args, { cwd, env: { ...hushed, ROLECALL_LOG: 'trace' } })
    t.equal(ran.code, 1)
    t.match(`${ran.stdout}${ran.stderr}`, /Error|"error"/)
    t.strictSame(traces(`${ran.stdout}${ran.stderr}`, searched), [], args.join(' '))
  }
})

t.test('a secret that stands in the configuration itself is not shown with its line', async (t) => {
  const literal = plainCanary('literal')
  const files = {
    'main.hcl': `provider "trifacta" {
  endpoint = "embedded"
  token    = "${literal.text}"
}

resource "trifacta_person" "p" {
  email    = "p@example.com"
  password = "${literal.text}"
}

resource "trifacta_aws_config" "c" {
  person_id           = trifacta_person.p.id
  credential_provider = "default"
  key                 = "${literal.text}"
  secret              = "${literal.text}"
  default_bucket      = "bucket"
}
`,
  }
  const cwd = t.testdir(files)
  for (const args of [
    ['validate'],
    ['validate', '--json'],
    ['plan'],
    ['plan', '--json'],
    ['apply', '--auto-approve'],
  ]) {
    const ran = await rolecall(args, { cwd })
    t.strictSame(traces(`${ran.stdout}${ran.stderr}`, [literal]), [], args.join(' '))
  }
  t.strictSame(tracesInFolder(join(cwd, '.rolecall'), [literal]), [])
})

t.test('a mask has one width, and the caret stands where it did', async (t) => {
  const told = (line: string) =>
    messages(t.testdir({ 'main.hcl': `provider "trifacta" {\n  token = ${line}\n}\n` }), {})
  const broken = '   2:   token = "********" ********\n                           ^^^^^^^^\n'
  t.match(await told('"ab" +'), broken)
  t.match(await told('"abcdefghijklmnopqrstuvwxyz yz" +'), broken)
  const literal = await told('"ab"')
  t.match(literal, '   2:   token = ********\n                ^^^^^^^^\n')
  t.equal(await told('"abcdefghijklmnopqrstuvwxyz"'), literal, 'nor do places in JSON tell the length')
})
