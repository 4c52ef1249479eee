import t from 'tap'
import { load, problems } from './loading.js'

/** The only message of a text, with its place and everything that is said. */
function only(text: string) {
  const { diagnostics } = load(text)
  if (diagnostics.length !== 1)
    throw new Error(
      `${diagnostics.length} messages: ${JSON.stringify(diagnostics.map((d) => [d.code, d.detail]))}`,
    )
  const [{ span, severity, code, detail, help }] = diagnostics as readonly [(typeof diagnostics)[number]]
  return { at: span && `${span.start.line}:${span.start.column}`, severity, code, detail, help }
}

const person = 'resource "trifacta_person" "jane" {\n  email = "jane@example.com"\n}\n'

t.test('blocks that do not exist are errors, with the nearest that does', async (t) => {
  t.match(only('resuorce "trifacta_person" "x" {}'), {
    at: '1:1',
    code: 'lang/unknown-block',
    help: 'Did you mean "resource"?',
  })
  t.match(only('zebra {}'), { code: 'lang/unknown-block', help: /There are: rolecall, provider, variable/ })
  t.match(only('x = 1'), { at: '1:1', code: 'lang/unknown-block' })
  t.match(only('locals = { a = 1 }'), { code: 'lang/unknown-attribute', help: /without "="/ })
  t.match(only('variable "x" {\n  validaton {}\n}'), {
    at: '2:3',
    code: 'lang/unknown-block',
    help: 'Did you mean "validation"?',
  })
  t.match(
    only(
      `${person}resource "vault_aws_role" "x" {\n  name = "x"\n  tags {\n    a = 1\n  }\n}\nprovider "vault" {\n  endpoint = "e"\n}`,
    ),
    {
      at: '6:3',
      code: 'lang/unknown-block',
      help: /tags = \{ … \}/,
    },
  )
})

t.test("Terraform's constructs that are not built are refused, each with what to use instead", async (t) => {
  const blocks = [
    'module "m" {}',
    'import {}',
    'moved {}',
    'removed {}',
    'check "c" {}',
    'terraform {}',
    'ephemeral "a" "b" {}',
  ]
  for (const block of blocks)
    t.match(
      only(`${block.slice(0, -2)} {\n  anything = goes\n}`),
      { at: '1:1', code: 'lang/not-built', help: /./ },
      block,
    )
  const inside = [
    'dynamic "tag" {}',
    'provisioner "local-exec" {}',
    'connection {}',
    'lifecycle {\n precondition {}\n }',
    'lifecycle {\n postcondition {}\n }',
    'lifecycle {\n replace_triggered_by = [x]\n }',
  ]
  for (const block of inside)
    t.match(only(person.replace('}', `${block}\n}`)), { code: 'lang/not-built', help: /./ }, block)
  t.match(only('provider "trifacta" {\n  version = "1"\n}'), { at: '2:3', code: 'lang/not-built' })
  t.match(only('output "x" {\n  value = 1\n  precondition {}\n}'), { at: '3:3', code: 'lang/not-built' })
})

t.test('labels are counted and must be names', async (t) => {
  t.match(only('resource "trifacta_person" {}'), {
    code: 'lang/wrong-labels',
    help: /resource "TYPE" "NAME"/,
  })
  t.match(only('locals "x" {}'), { code: 'lang/wrong-labels' })
  t.match(only('variable "no good" {}'), { at: '1:10', code: 'lang/invalid-name' })
  t.match(only('variable "1x" {}'), { code: 'lang/invalid-name' })
  t.match(only('variable "count" {}'), { code: 'lang/invalid-name', detail: /reserved/ })
  t.match(only('provider "trifacta" {\n  alias = "a b"\n}'), { at: '2:11', code: 'lang/invalid-name' })
})

t.test('attributes are those of the schema', async (t) => {
  t.match(only(person.replace('}', '  nmae = "x"\n}')), {
    at: '3:3',
    code: 'lang/unknown-attribute',
    help: 'Did you mean "name"?',
  })
  t.match(only(person.replace('}', '  id = "1"\n}')), {
    at: '3:3',
    code: 'lang/read-only-attribute',
    help: /trifacta_person\.jane\.id/,
  })
  t.match(only('resource "trifacta_person" "x" {}'), {
    at: '1:1',
    code: 'core/missing-attribute',
    detail: /email/,
  })
  t.match(only('resource "trifacta_person" "x" {\n  email = ["a"]\n}'), {
    at: '2:11',
    code: 'lang/wrong-type',
    detail: /^email: /,
  })
  t.match(only(person.replace('}', '  is_admin = "maybe"\n}')), { at: '3:14', code: 'lang/wrong-type' })
  t.match(only('resource "trifacta_person" "x" {\n  email = "a"\n}'), { at: '2:11', code: 'core/too-short' })
  t.match(only('resource "trifacta_person" "x" {\n  email = upper(1, 2)\n}'), { at: /^2:/ })
  t.match(only('provider "trifacta" {\n  timeout = 0\n}'), { at: '2:13', code: 'core/too-small' })
  t.match(only('provider "trifacta" {\n  endpiont = "x"\n}'), {
    at: '2:3',
    code: 'lang/unknown-attribute',
    help: 'Did you mean "endpoint"?',
  })
})

t.test('a word for yes or no says what to write instead', async (t) => {
  const { diagnostics } = load({
    'a.yaml': 'resource: { trifacta_person: { x: { email: a@b, is_admin: yes } } }\n',
  })
  t.match(diagnostics, [{ code: 'lang/wrong-type', help: /^Write true or false/ }])
})

t.test('rules between attributes are checked as far as they are known', async (t) => {
  const config = (more: string) =>
    `${person}resource "trifacta_aws_config" "x" {\n  default_bucket = "acme"\n${more}\n}`
  t.match(only(config('')), { at: '4:1', code: 'core/missing-attribute' })
  t.match(only(config('  person_id = trifacta_person.jane.id\n  workspace_id = "1"')), {
    code: 'core/conflicting-attributes',
  })
  t.match(only(config('  workspace_id = "1"\n  credential_provider = "temporary"')), {
    at: '7:25',
    code: 'core/missing-attribute',
    detail: /role/,
  })
  t.same(problems(config('  person_id = local.y\n  workspace_id = "1"\n}\nlocals {\n  y = null')), [])
  t.same(problems(config('  person_id = trifacta_person.jane.id')), [])
})

t.test('types that do not exist are errors', async (t) => {
  t.match(only('resource "trifacta_persn" "x" {}'), {
    at: '1:10',
    code: 'lang/unknown-type',
    help: 'Did you mean "trifacta_person"?',
  })
  t.match(only('resource "trifacta_people" "x" {}'), {
    code: 'lang/unknown-type',
    help: /data "trifacta_people"/,
  })
  t.match(only('resource "aws_s3_bucket_object_thing" "x" {}'), {
    code: 'lang/unknown-type',
    help: /The providers are: trifacta, vault/,
  })
  t.match(only('provider "trifcta" {}'), {
    at: '1:10',
    code: 'lang/unknown-provider',
    help: 'Did you mean "trifacta"?',
  })
})

t.test('what is declared twice is an error that names the first place', async (t) => {
  t.match(only(`${person}resource "trifacta_person" "jane" {\n  email = "other@example.com"\n}`), {
    at: '4:1',
    code: 'lang/duplicate',
    detail: /main\.hcl:1/,
  })
  t.match(only('variable "a" {}\nvariable "a" {}'), { at: '2:1', code: 'lang/duplicate' })
  t.match(only('locals {\n  a = 1\n}\nlocals {\n  a = 2\n}'), {
    at: '5:3',
    code: 'lang/duplicate',
    detail: /main\.hcl:2/,
  })
  t.match(only('output "a" {\n  value = 1\n}\noutput "a" {\n  value = 1\n}'), {
    at: '4:1',
    code: 'lang/duplicate',
  })
  t.match(only('provider "trifacta" {}\nprovider "trifacta" {}'), { at: '2:1', code: 'lang/duplicate' })
  t.match(only('provider "trifacta" {\n  alias = "eu"\n}\nprovider "trifacta" {\n  alias = "eu"\n}'), {
    code: 'lang/duplicate',
    detail: /trifacta\.eu/,
  })
  t.match(only('rolecall {\n  state "file" {}\n}\nrolecall {\n  state "s3" {}\n}'), {
    at: '5:3',
    code: 'lang/duplicate',
  })
  t.match(only(person.replace('}', '  lifecycle {}\n  lifecycle {}\n}')), {
    at: '4:3',
    code: 'lang/duplicate-block',
  })
})

t.test('for an object that is not declared, one that is and was probably meant is named', async (t) => {
  const helpOf = (reference: string, ...names: string[]) => {
    const declared = names.map(
      (name) => `resource "trifacta_person" "${name}" {\n  email = "${name}@x.org"\n}\n`,
    )
    return only(
      `${declared.join('')}data "trifacta_person" "d" {\n  email = "d@x.org"\n}\noutput "o" {\n  value = ${reference}\n}\n`,
    ).help
  }
  t.equal(
    helpOf('trifacta_person.aa.id', 'a'),
    'Did you mean trifacta_person.a? It is the only one declared.',
  )
  t.equal(helpOf('trifacta_person.jan.id', 'jane', 'a'), 'Did you mean trifacta_person.jane?')
  t.equal(helpOf('trifacta_aws_config.jane.id', 'jane'), 'Did you mean trifacta_person.jane?')
  t.equal(helpOf('trifacta_person.x.id', 'aa', 'bb'), 'There are: trifacta_person.aa, trifacta_person.bb.')
  t.equal(
    helpOf('trifacta_person.d.id', 'aa'),
    'There is a data source of that name: write data.trifacta_person.d.',
  )
  t.equal(helpOf('trifacta_aws_config.zz.id'), 'Declare it, or correct the name.')
})

t.test('references to what is not declared are errors, with the nearest that is', async (t) => {
  const output = (value: string) =>
    `${person}variable "region" {}\nlocals {\n  bucket = "b"\n}\ndata "trifacta_person" "joe" {\n  email = "joe@example.com"\n}\noutput "x" {\n  value = ${value}\n}`
  t.match(only(output('var.regoin')), {
    at: '12:15',
    code: 'lang/unknown-reference',
    help: 'Did you mean "region"?',
  })
  t.match(only(output('local.bukcet')), { code: 'lang/unknown-reference', help: 'Did you mean "bucket"?' })
  t.match(only(output('local.zzzzzzzz')), { code: 'lang/unknown-reference', help: /locals \{ zzzzzzzz/ })
  t.match(only(output('trifacta_person.jnae.id')), {
    at: '12:27',
    code: 'lang/unknown-reference',
    help: 'Did you mean trifacta_person.jane?',
  })
  t.match(only(output('trifacta_person.joe.id')), {
    code: 'lang/unknown-reference',
    help: /data\.trifacta_person\.joe/,
  })
  t.match(only(output('data.trifacta_person.jane.id')), {
    code: 'lang/unknown-reference',
    help: /write trifacta_person\.jane/,
  })
  t.match(only(output('data.trifacta_persn.joe.id')), {
    at: '12:16',
    code: 'lang/unknown-reference',
    help: 'Did you mean "trifacta_person"?',
  })
  t.match(only(output('trifacta_persn.jane.id')), {
    at: '12:11',
    code: 'lang/unknown-reference',
    help: 'Did you mean "trifacta_person"?',
  })
  t.match(only(output('trifacta_person.jane.emial')), {
    at: '12:32',
    code: 'lang/unknown-attribute',
    help: 'Did you mean "email"?',
  })
  t.match(only(output('"a ${trifacta_person.jane["nmae"]} b"')), {
    code: 'lang/unknown-attribute',
    help: 'Did you mean "name"?',
  })
  t.match(only(output('[for r in [1] : r + s]')), {
    at: '12:31',
    code: 'lang/unknown-reference',
    help: /quotes: "s"/,
  })
  t.match(only(output('region')), { code: 'lang/unknown-reference', help: 'Write var.region.' })
  t.match(only(output('var')), { code: 'lang/incomplete-reference' })
  t.match(only(output('data.trifacta_person')), { code: 'lang/incomplete-reference' })
  t.match(only(output('trifacta_person')), {
    code: 'lang/unknown-reference',
    help: 'Write trifacta_person.NAME.',
  })
  t.match(only(output('self.id')), { code: 'lang/reference-out-of-place' })
  t.match(only(output('terraform.workspace')), { code: 'lang/reference-out-of-place' })
  t.match(only(output('path.modul')), { code: 'lang/unknown-reference', help: 'Did you mean "module"?' })
  t.same(
    problems(
      output(
        '"${path.module}/${var.region}/${local.bucket}/${trifacta_person.jane.id}/${data.trifacta_person.joe.id}"',
      ),
    ),
    [],
  )
})

t.test('each and count stand only where there are instances', async (t) => {
  const block = (meta: string, email: string) =>
    `resource "trifacta_person" "p" {\n  ${meta}\n  email = ${email}\n}`
  t.match(only(block('', 'each.key')), { at: '3:11', code: 'lang/reference-out-of-place' })
  t.match(only(block('count = 2', 'each.key')), { code: 'lang/reference-out-of-place', help: /count\.index/ })
  t.match(only(block('for_each = { a = "x" }', 'count.index')), {
    code: 'lang/reference-out-of-place',
    help: /each\.key/,
  })
  t.match(only(block('for_each = each.value', '"x@y"')), { at: '2:14', code: 'lang/reference-out-of-place' })
  t.match(only(block('for_each = { a = "x" }', 'each.vaule')), {
    code: 'lang/unknown-reference',
    help: 'Did you mean "value"?',
  })
  t.match(only('output "x" {\n  value = each.key\n}'), { code: 'lang/reference-out-of-place' })
  t.match(only(block('for_each = {}\n  count = 1', '"x@y"')), { at: '3:3', code: 'lang/count-and-for-each' })
})

t.test('instances need a key, and single blocks have none', async (t) => {
  const text = (value: string) =>
    `resource "trifacta_person" "many" {\n  for_each = { a = "a@b" }\n  email = each.value\n}\n${person}output "x" {\n  value = ${value}\n}`
  t.match(only(text('trifacta_person.many.id')), {
    at: '9:32',
    code: 'lang/missing-key',
    help: /many\[each\.key\]\.id/,
  })
  t.match(only(text('trifacta_person.jane[0].id')), { at: '9:32', code: 'lang/unwanted-key' })
  t.match(only(text('trifacta_person.many["a"].emial')), { code: 'lang/unknown-attribute' })
  t.same(problems(text('[for p in trifacta_person.many : p.id]')), [])
  t.same(problems(text('values(trifacta_person.many)[*].id')), [])
})

t.test('circles are reported with the whole path', async (t) => {
  t.match(only('locals {\n  a = local.b\n  b = local.c + 1\n  c = local.a\n}'), {
    at: '2:7',
    code: 'lang/cycle',
    detail: 'local.a -> local.b -> local.c -> local.a (main.hcl:2, main.hcl:3, main.hcl:4).',
  })
  t.match(only('resource "trifacta_person" "x" {\n  email = trifacta_person.x.name\n}'), {
    at: '2:11',
    code: 'lang/cycle',
    detail: /^trifacta_person\.x -> trifacta_person\.x /,
  })
  t.match(
    only(
      'data "trifacta_person" "x" {\n  email = "a@b"\n}\nprovider "trifacta" {\n  endpoint = data.trifacta_person.x.id\n}',
    ),
    { code: 'lang/cycle', detail: /provider\.trifacta/ },
  )
  t.match(
    only(
      'resource "trifacta_person" "x" {\n  email = "a@b"\n  depends_on = [trifacta_person.y]\n}\nresource "trifacta_person" "y" {\n  email = trifacta_person.x.email\n}',
    ),
    { code: 'lang/cycle' },
  )
  t.same(
    problems(
      'variable "x" {\n  validation {\n    condition = var.x != ""\n    error_message = "no ${var.x}"\n  }\n}',
    ),
    [],
  )
})

t.test('provider settings must not wait for a resource, however they reach it', async (t) => {
  const text = (value: string) =>
    `provider "vault" {\n  endpoint = ${value}\n}\nlocals {\n  where = "https://${'${trifacta_person.jane.id}'}"\n}\n${person}data "trifacta_people" "all" {\n  depends_on = [trifacta_person.jane]\n}\ndata "trifacta_people" "free" {}`
  t.match(only(text('trifacta_person.jane.id')), { at: '2:14', code: 'lang/provider-depends-on-resource' })
  t.match(only(text('local.where')), {
    at: '2:14',
    code: 'lang/provider-depends-on-resource',
    detail: /^provider\.vault -> local\.where -> trifacta_person\.jane /,
  })
  t.match(only(text('data.trifacta_people.all.domain')), { code: 'lang/provider-depends-on-resource' })
  t.same(problems(text('data.trifacta_people.free.domain')), [])
})

t.test('the provider of a block must exist and have its type', async (t) => {
  const text = (provider: string) =>
    `provider "trifacta" {\n  alias = "eu"\n}\nresource "trifacta_person" "x" {\n  email = "a@b"\n  provider = ${provider}\n}`
  t.same(problems(text('trifacta.eu')), [])
  t.same(problems(text('trifacta')), [])
  t.match(only(text('trifacta.ue')), {
    at: '6:14',
    code: 'lang/unknown-provider',
    help: 'Did you mean "trifacta.eu"?',
  })
  t.match(only(text('vault')), { at: '6:14', code: 'lang/wrong-provider' })
  t.match(only(text('"trifacta.eu"')), { at: '6:14', code: 'lang/invalid-provider' })
})

t.test('a lifecycle is made of constants and names of attributes', async (t) => {
  const text = (line: string) => person.replace('}', `  lifecycle {\n    ${line}\n  }\n}\nvariable "x" {}`)
  t.match(only(text('prevent_destroy = var.x')), { at: '4:23', code: 'lang/not-constant' })
  t.match(only(text('prevent_destroy = "perhaps"')), { at: '4:23', code: 'lang/wrong-type' })
  t.match(only(text('ignore_changes = [nmae]')), {
    at: '4:23',
    code: 'lang/unknown-attribute',
    help: 'Did you mean "name"?',
  })
  t.match(only(text('ignore_changes = ["name"]')), { at: '4:23', code: 'lang/invalid-ignore-changes' })
  t.match(only(text('ignore_changes = [id]')), { at: '4:23', code: 'lang/unknown-attribute' })
  t.match(only(text('prevent_destory = true')), { at: '4:5', code: 'lang/unknown-attribute' })
  t.match(only('data "trifacta_people" "x" {\n  lifecycle {}\n}'), { at: '2:3', code: 'lang/unknown-block' })
})

t.test('depends_on takes whole objects that exist', async (t) => {
  const text = (value: string) => `${person}output "x" {\n  value = 1\n  depends_on = ${value}\n}`
  t.same(problems(text('[trifacta_person.jane]')), [])
  t.match(only(text('[trifacta_person.jnae]')), { at: '6:33', code: 'lang/unknown-reference' })
  for (const value of [
    '[trifacta_person.jane.id]',
    '["trifacta_person.jane"]',
    'trifacta_person.jane',
    '[var.x]',
  ]) {
    t.match(
      only(text(value)),
      { code: value === '[var.x]' ? 'lang/unknown-reference' : 'lang/invalid-depends-on' },
      value,
    )
  }
})

t.test('a secret that stands in the text is a warning', async (t) => {
  t.match(only(person.replace('}', '  password = "hunter22"\n}')), {
    at: '3:14',
    severity: 'warning',
    code: 'lang/literal-secret',
    help: /env\("NAME"\)/,
  })
  t.match(only('provider "trifacta" {\n  token = "abc"\n}'), {
    at: '2:11',
    severity: 'warning',
    code: 'lang/literal-secret',
  })
  const loaded = load(person.replace('}', '  password = "hunter22"\n}'))
  t.notMatch(JSON.stringify(loaded.diagnostics), /hunter22/)
  t.match([...loaded.sources.values()][0], /password = \u0001{10}\n/, 'nor is it shown with its line')
  t.same(problems(person.replace('}', '  password = env("PASSWORD")\n}')), [])
  t.same(problems(person.replace('}', '  password = null\n}')), [])
})

t.test('blocks that plainly are one object are an error', async (t) => {
  const config = (name: string, owner: string) =>
    `resource "trifacta_aws_config" "${name}" {\n  ${owner}\n  default_bucket = "acme"\n}\n`
  const same = `${person}${config('a', 'person_id = trifacta_person.jane.id')}${config('b', 'person_id = trifacta_person.jane.id')}`
  t.match(only(same), {
    at: '9:3',
    code: 'lang/same-object',
    detail: /trifacta_aws_config\.b and trifacta_aws_config\.a \(main\.hcl:4\).*person_id/,
  })
  t.match(only(`${config('a', 'workspace_id = "1"')}${config('b', 'workspace_id = 1')}`), {
    code: 'lang/same-object',
  })
  t.match(only(`${person}resource "trifacta_person" "other" {\n  email = "Jane@Example.com"\n}`), {
    at: '5:3',
    code: 'lang/same-object',
  })
  t.same(
    problems(
      `${person}provider "trifacta" {\n  alias = "eu"\n}\nresource "trifacta_person" "other" {\n  provider = trifacta.eu\n  email = "jane@example.com"\n}`,
    ),
    [],
  )
  t.same(
    problems(
      `${person}${config('a', 'person_id = trifacta_person.jane.id')}${config('b', 'workspace_id = "1"')}`,
    ),
    [],
  )
})

t.test('the version of the tool is checked', async (t) => {
  t.same(problems('rolecall {\n  required_version = ">= 0.1"\n}'), [])
  t.match(only('rolecall {\n  required_version = ">= 2"\n}'), {
    at: '2:22',
    code: 'lang/required-version',
    detail: /Rolecall 0\.1\.0/,
  })
  t.match(only('rolecall {\n  required_version = "newest"\n}'), { at: '2:22', code: 'lang/required-version' })
  t.match(only('rolecall {\n  state "file" {\n    path = var.x\n  }\n}\nvariable "x" {}'), {
    at: '3:12',
    code: 'lang/not-constant',
  })
})

t.test('variables are checked when they are declared', async (t) => {
  const text = (line: string) => `variable "x" {\n  ${line}\n}`
  t.match(only(text('type = strng')), {
    at: '2:10',
    code: 'lang/invalid-type',
    help: 'Did you mean "string"?',
  })
  t.match(only(text('type = "string"')), {
    at: '2:10',
    code: 'lang/invalid-type',
    help: 'Write type = string.',
  })
  t.match(only(text('type = list')), { code: 'lang/invalid-type', help: /list\(string\)/ })
  t.match(only(text('type = object({ a = optional(number, "x") })')), { at: '2:40', code: 'lang/wrong-type' })
  t.match(only(text('type = optional(string)')), { code: 'lang/invalid-type' })
  t.match(only(text('type = number\n  default = "x"')), { at: '3:13', code: 'lang/wrong-type' })
  t.match(only(text('default = env("HOME")')), { at: '2:13', code: 'lang/not-constant' })
  t.match(only(text('default = null\n  nullable = false')), { code: 'lang/null-variable' })
  t.match(only(text('validation {\n    condition = true\n  }')), {
    at: '2:3',
    code: 'lang/missing-attribute',
    detail: /error_message/,
  })
  t.match(
    only(
      `locals {\n  l = 1\n}\n${text('validation {\n    condition = local.l > 0\n    error_message = "m"\n  }')}`,
    ),
    { code: 'lang/reference-out-of-place' },
  )
  t.match(only('output "x" {}'), { at: '1:8', code: 'lang/missing-attribute', detail: /value/ })
})

t.test('all mistakes of all files are reported in one run', async (t) => {
  t.same(
    problems({
      'b.hcl': 'resource "trifacta_person" "x" {\n  emial = var.nope\n}\n',
      'a.hcl': 'locals {\n  a = local.b\n}\nvariable "v" {\n  type = strng\n}\n',
      'c.yaml': 'resource:\n  trifacta_person:\n    y:\n      email: 012\n      id: 3\n',
    }),
    [
      'a.hcl:2:13 lang/unknown-reference',
      'a.hcl:5:10 lang/invalid-type',
      'b.hcl:2:3 lang/unknown-attribute',
      'b.hcl:2:15 lang/unknown-reference',
      'c.yaml:4:14 lang/yaml-number',
      'c.yaml:5:7 lang/read-only-attribute',
    ],
  )
})

t.test('what a broken file may have declared is not called unknown', async (t) => {
  const found = problems({
    'a.hcl': 'resource "trifacta_person" "jane" {\n  email = = "x"\n',
    'b.hcl':
      'output "o" {\n  value = trifacta_person.jane.id\n}\noutput "p" {\n  value = trifacta_person.joe.id\n}\n',
  })
  t.ok(found.some((line) => line.startsWith('a.hcl:2:')))
  t.same(
    found.filter((line) => line.startsWith('b.hcl')),
    ['b.hcl:5:27 lang/unknown-reference'],
  )
})
