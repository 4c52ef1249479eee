import t from 'tap'
import { stringValue, type Value } from '../../src/core/value.js'
import { validateConfiguration } from '../../src/lang/validate.js'
import { brief, load, world } from './loading.js'
import { testSchemas } from './schemas.js'

function validate(text: string, variables: Readonly<Record<string, Value>> = {}, env = {}) {
  const { configuration, diagnostics } = load(text)
  if (configuration === undefined || diagnostics.length > 0)
    throw new Error(diagnostics.map(brief).join(', '))
  return validateConfiguration(configuration, testSchemas, new Map(Object.entries(variables)), world(env))
}

const jane = 'resource "trifacta_person" "jane" {\n  email = "jane@example.com"\n}\n'

t.test('what services would say is unknown, of the type of the schema', async (t) => {
  t.same(validate(`${jane}output "x" {\n  value = upper(trifacta_person.jane.id)\n}`), [])
  t.match(validate(`${jane}output "x" {\n  value = trifacta_person.jane.id.nope\n}`).map(brief), [
    /^main\.hcl:5:/,
  ])
  t.match(
    validate(
      `${jane}resource "vault_aws_role" "r" {\n  name = "x"\n  tags = { (trifacta_person.jane.email) = "x" }\n  ttl = trifacta_person.jane.is_admin\n}\nprovider "vault" {\n  endpoint = "e"\n}`,
    ).map(brief),
    ['main.hcl:7:9 lang/wrong-type'],
  )
})

t.test('secrets may be absent where only validate runs', async (t) => {
  t.same(
    validate(
      'provider "trifacta" {\n  token = env("TOKEN")\n  timeout = env("TIMEOUT")\n}\nlocals {\n  t = env("TOKEN")\n  f = secretfile("token.txt")\n}',
    ),
    [],
  )
  t.same(validate('provider "trifacta" {\n  timeout = env("TIMEOUT")\n}', {}, { TIMEOUT: 'x' }).map(brief), [
    'main.hcl:2:13 lang/wrong-type',
  ])
})

t.test('variables without a value are unknown of their type', async (t) => {
  const text =
    'variable "x" {\n  type = list(string)\n}\nresource "trifacta_person" "p" {\n  email = var.x\n}'
  t.same(validate(text).map(brief), ['main.hcl:5:11 lang/wrong-type'])
  t.same(
    validate('variable "x" {\n  type = string\n}\nresource "trifacta_person" "p" {\n  email = var.x\n}'),
    [],
  )
  t.same(
    validate('variable "x" {\n  type = string\n}\nresource "trifacta_person" "p" {\n  email = var.x\n}', {
      x: stringValue('a'),
    }).map(brief),
    ['main.hcl:5:11 core/too-short'],
  )
})

t.test('every instance with a known key is checked, and one mistake is told once', async (t) => {
  const text = (emails: string) =>
    `locals {\n  all = ${emails}\n}\nresource "trifacta_person" "p" {\n  for_each = local.all\n  email = each.value\n}`
  t.same(validate(text('{ a = "a@b", b = "b@b" }')), [])
  t.match(validate(text('{ a = "a@b", b = "b" }')), [
    { code: 'core/too-short', address: 'trifacta_person.p["b"]' },
  ])
  t.equal(validate(text('{ a = ["x"], b = ["y"] }')).length, 1)
})

t.test('a body whose keys are not known is checked once', async (t) => {
  const text = `data "trifacta_people" "all" {}\nresource "trifacta_aws_config" "p" {\n  for_each = toset(data.trifacta_people.all.ids)\n  person_id = each.value\n  default_bucket = "Not a bucket"\n  role = [each.key]\n}`
  t.match(load(text).diagnostics.map(brief), ['main.hcl:5:20 core/not-a-bucket'])
  t.same(validate(text.replace('Not a bucket', 'acme')).map(brief), ['main.hcl:6:10 lang/wrong-type'])
})

t.test('for_each and count take what Terraform takes', async (t) => {
  const text = (meta: string) => `resource "trifacta_person" "p" {\n  ${meta}\n  email = "a@b"\n}`
  t.match(validate(text('for_each = ["a"]')), [
    {
      code: 'lang/wrong-for-each',
      help: 'Write for_each = toset(…).',
      span: { start: { line: 2, column: 14 } },
    },
  ])
  t.match(validate(text('for_each = null')), [{ code: 'lang/wrong-for-each' }])
  t.match(validate(text('for_each = toset([1])').replace('[1]', '["a"]')), [])
  t.match(validate(text('count = -1')), [{ code: 'lang/wrong-count' }])
  t.match(validate(text('count = "x"')), [{ code: 'lang/wrong-type' }])
  t.same(validate(text('count = 1')), [])
})

t.test('an instance that does not exist is an error, all of them are a collection', async (t) => {
  const text = (value: string) =>
    `resource "trifacta_person" "p" {\n  for_each = { a = "a@b", c = "c@d" }\n  email = each.value\n}\noutput "x" {\n  value = ${value}\n}`
  t.same(validate(text('trifacta_person.p["a"].id')), [])
  t.match(validate(text('trifacta_person.p["b"].id')), [{ code: 'lang/no-instance', help: /"a", "c"/ }])
  t.same(validate(text('{ for k, p in trifacta_person.p : k => p.email }')), [])
  t.match(validate(text('[for p in trifacta_person.p : p.emial]')), [{ code: 'lang/unknown-attribute' }])
})

t.test('a mistake in a local value is told once, where it is', async (t) => {
  const text =
    'locals {\n  bad = 1 + "x"\n}\noutput "a" {\n  value = local.bad\n}\noutput "b" {\n  value = local.bad\n}'
  t.match(validate(text).map(brief), [/^main\.hcl:2:/])
})

t.test('instances that are one object are found where their keys are known', async (t) => {
  const text =
    'locals {\n  all = { a = "Jane@x", b = "jane@x" }\n}\nresource "trifacta_person" "p" {\n  for_each = local.all\n  email = each.value\n}'
  t.match(validate(text), [
    {
      code: 'lang/same-object',
      detail: /p\["b"\] and trifacta_person\.p\["a"\]/,
      span: { start: { line: 6 } },
    },
  ])
})

t.test('a secret in an output is found before it is printed', async (t) => {
  t.match(validate('variable "x" {\n  sensitive = true\n}\noutput "o" {\n  value = "a ${var.x}"\n}'), [
    { code: 'lang/sensitive-output' },
  ])
  t.match(validate(`${jane}output "o" {\n  value = trifacta_person.jane.password\n}`), [
    { code: 'lang/sensitive-output' },
  ])
})
