import t from 'tap'
import type { BodyExpression, Scope } from '../../src/core/configuration.js'
import { Failure } from '../../src/core/diagnostic.js'
import { toPlain } from '../../src/core/plain.js'
import { Secret } from '../../src/core/secret.js'
import { formatType } from '../../src/core/type.js'
import { objectValue, stringValue, unknownValue, type Value } from '../../src/core/value.js'
import { isConfigurationFile, isVariableFile } from '../../src/lang/config.js'
import { brief, load, problems, world } from './loading.js'

function configurationOf(text: string) {
  const { configuration, diagnostics } = load(text)
  if (configuration === undefined || diagnostics.length > 0)
    throw new Error(diagnostics.map(brief).join(', '))
  return configuration
}

/** A scope in which `each.value` and `var.x` are given. */
function scopeOf(values: Readonly<Record<string, Value>>, env = {}): Scope {
  return {
    environment: world(env),
    names: () => Object.keys(values),
    resolve: (root, [step]) => {
      const value = step?.kind === 'attribute' ? values[`${root}.${step.name}`] : undefined
      return value && { value, used: 1 }
    },
  }
}

/** The attributes that are not null, as a provider would see them. */
function set(body: BodyExpression, scope: Scope): Record<string, unknown> {
  const value = body.evaluate(scope)
  if (value.kind !== 'object') throw new Error('a body is an object')
  return Object.fromEntries(
    [...value.entries]
      .filter(([, v]) => v.kind !== 'null')
      .map(([name, v]) => [name, v.kind === 'unknown' ? '?' : toPlain(v)]),
  )
}

function failureOf(run: () => unknown) {
  try {
    run()
  } catch (problem) {
    if (problem instanceof Failure) return problem.diagnostics
    throw problem
  }
  return []
}

t.test('the files of a folder that are ours are told by their names', async (t) => {
  for (const name of ['main.hcl', 'a.yaml', 'b.yml', 'people.team.hcl']) t.ok(isConfigurationFile(name), name)
  for (const name of [
    '.hidden.hcl',
    'x.auto.vars.hcl',
    'x.auto.vars.yaml',
    'prod.vars.hcl',
    'main.tf',
    'hcl',
    'x.json',
    'x.hcl.bak',
  ]) {
    t.notOk(isConfigurationFile(name), name)
  }
  for (const name of ['x.auto.vars.hcl', 'y.auto.vars.yml']) t.ok(isVariableFile(name), name)
  for (const name of ['.x.auto.vars.hcl', 'prod.vars.hcl', 'auto.vars.hcl.txt'])
    t.notOk(isVariableFile(name), name)
})

t.test("other programs' YAML is passed over, with a word when it looks like a slip", async (t) => {
  t.same(
    problems({
      'compose.yaml': 'services:\n  a: {image: x}\n',
      'list.yml': '- a\n',
      'empty.yaml': '',
      'broken.yml': 'a: [\n',
    }),
    [],
  )
  t.same(problems({ 'a.yaml': 'resources:\n  trifacta_person: {}\n' }), ['a.yaml:1:1 lang/yaml-ignored'])
  t.same(problems({ 'a.yaml': 'resource: {}\nservices: {}\n' }), ['a.yaml:2:1 lang/unknown-block'])
  t.same([...load({ 'compose.yaml': 'services: {}\n', 'main.hcl': '' }).sources.keys()], ['main.hcl'])
})

t.test('a folder is one configuration, in both syntaxes', async (t) => {
  t.same(
    problems({
      'people.yaml': 'resource:\n  trifacta_person:\n    jane: { email: "${var.email}" }\n',
      'main.hcl':
        'variable "email" {\n  type = string\n}\noutput "id" {\n  value = trifacta_person.jane.id\n}\n',
    }),
    [],
  )
})

t.test('every provider that is used has an entry, with a block or without', async (t) => {
  const { providers, resources } = configurationOf(`
    provider "vault" {
      endpoint = "https://vault"
    }
    provider "vault" {
      alias    = "eu"
      endpoint = "https://eu"
    }
    resource "vault_aws_role" "a" {
      name = "a"
    }
    resource "vault_aws_role" "b" {
      name     = "a"
      provider = vault.eu
    }
    data "trifacta_people" "all" {}
  `)
  t.same([...providers.keys()].sort(), ['trifacta', 'vault', 'vault.eu'])
  t.equal(providers.get('trifacta')?.span, undefined)
  t.equal(providers.get('vault.eu')?.type, 'vault')
  t.same(
    [...resources.values()].map((r) => r.provider),
    ['vault', 'vault.eu', 'trifacta'],
  )
  const timeout = providers.get('trifacta')?.body
  t.match(timeout && set(timeout, scopeOf({})), { timeout: 30 })
  t.match(load('resource "vault_aws_role" "a" {\n  name = "a"\n}').diagnostics, [
    { code: 'core/missing-attribute', help: /provider "vault" \{/, span: { start: { line: 1 } } },
  ])
})

t.test('a block carries what its meta-arguments say', async (t) => {
  const { resources, settings, outputs } = configurationOf(`
    rolecall {
      required_version = ">= 0.1, < 1"
      state "file" {
        path = "elsewhere"
      }
    }
    resource "trifacta_person" "p" {
      for_each   = { a = "a@b" }
      email      = each.value
      depends_on = [data.trifacta_people.all]
      lifecycle {
        prevent_destroy       = true
        create_before_destroy = "true"
        ignore_changes        = [name]
      }
    }
    data "trifacta_people" "all" {
      count  = 2
      domain = "d\${count.index}"
    }
    output "x" {
      value      = 1
      depends_on = [trifacta_person.p]
      sensitive  = true
    }
  `)
  t.match(resources.get('trifacta_person.p'), {
    mode: 'managed',
    type: 'trifacta_person',
    name: 'p',
    lifecycle: { preventDestroy: true, createBeforeDestroy: true, ignoreChanges: ['name'] },
    dependsOn: [{ subject: 'data.trifacta_people.all' }],
    span: { start: { line: 8, column: 5 }, end: { line: 8, column: 35 } },
  })
  t.ok(resources.get('trifacta_person.p')?.forEach)
  t.ok(resources.get('data.trifacta_people.all')?.count)
  t.same(
    resources.get('trifacta_person.p')?.body.references.map((r) => r.subject),
    ['each'],
  )
  t.match(settings, { requiredVersion: '>= 0.1, < 1', state: { type: 'file' } })
  t.match(settings.state?.settings.get('path'), { kind: 'string', value: 'elsewhere' })
  t.match(outputs.get('x'), { sensitive: true, dependsOn: [{ subject: 'trifacta_person.p' }] })
})

t.test('a body is an object of all attributes that can be set, converted, with defaults', async (t) => {
  const { resources } = configurationOf(`
    resource "trifacta_aws_config" "a" {
      person_id           = 12
      default_bucket      = "acme"
      extra_buckets       = ["b", "a", "b"]
      credential_provider = null
    }
    resource "trifacta_aws_config" "b" {
      for_each       = {}
      person_id      = each.value
      default_bucket = "acme-\${each.key}"
    }
  `)
  const a = resources.get('trifacta_aws_config.a')?.body as BodyExpression
  t.same(set(a, scopeOf({})), { person_id: '12', default_bucket: 'acme', extra_buckets: ['a', 'b'] })
  t.equal(a.evaluate(scopeOf({})), a.evaluate(scopeOf({})), 'a constant body is made once')
  t.same([...a.declared].sort(), ['credential_provider', 'default_bucket', 'extra_buckets', 'person_id'])
  t.match(a.attributeSpan('default_bucket'), { start: { line: 4, column: 7 } })
  t.equal(a.attributeSpan('role'), undefined)
  const value = a.evaluate(scopeOf({}))
  t.same(value.kind === 'object' && [...value.entries.keys()], [
    'credential_provider',
    'default_bucket',
    'extra_buckets',
    'person_id',
    'role',
    'workspace_id',
  ])

  const b = resources.get('trifacta_aws_config.b')?.body as BodyExpression
  t.same(set(b, scopeOf({ 'each.key': stringValue('eu'), 'each.value': stringValue('7') })), {
    person_id: '7',
    default_bucket: 'acme-eu',
    extra_buckets: [],
  })
  t.same(set(b, scopeOf({ 'each.key': stringValue('eu'), 'each.value': unknownValue() })), {
    person_id: '?',
    default_bucket: 'acme-eu',
    extra_buckets: [],
  })
})

t.test('all mistakes of a body are reported at once, each at its attribute', async (t) => {
  const { resources } = configurationOf(`resource "trifacta_aws_config" "b" {
  for_each       = {}
  person_id      = each.value
  workspace_id   = each.value
  default_bucket = "Not A Bucket \${each.key}"
  role           = [each.key]
}`)
  const body = resources.get('trifacta_aws_config.b')?.body as BodyExpression
  const found = failureOf(() =>
    body.evaluate(scopeOf({ 'each.key': stringValue('k'), 'each.value': stringValue('1') })),
  )
  t.same(found.map(brief).sort(), [
    'main.hcl:4:20 core/conflicting-attributes',
    'main.hcl:5:20 core/not-a-bucket',
    'main.hcl:6:20 lang/wrong-type',
  ])
  t.ok(found.every((d) => d.address === 'trifacta_aws_config.b' || d.code === 'lang/wrong-type'))
  const required = failureOf(() =>
    configurationOf('variable "x" {}\nresource "trifacta_person" "p" {\n  email = var.x\n}')
      .resources.get('trifacta_person.p')
      ?.body.evaluate(scopeOf({ 'var.x': toNull() })),
  )
  t.same(
    required.map((d) => d.code),
    ['core/missing-attribute'],
  )
})

function toNull(): Value {
  return { ...unknownValue(), kind: 'null' } as Value
}

t.test(
  'attributes that the schema calls sensitive are secrets, whatever their value comes from',
  async (t) => {
    const { resources } = configurationOf(
      'variable "x" {}\nresource "trifacta_person" "p" {\n  email = "a@b"\n  password = var.x\n}',
    )
    const body = resources.get('trifacta_person.p')?.body as BodyExpression
    const { password } = set(body, scopeOf({ 'var.x': stringValue('hunter22') }))
    t.ok(password instanceof Secret)
  },
)

t.test(
  'variables convert, fill in the defaults of optional attributes, and mark what is sensitive',
  async (t) => {
    const { variables } = configurationOf(`
    variable "team" {
      type = map(object({
        email  = string
        bucket = optional(string, "acme")
        limits = optional(object({ days = optional(number, 30), note = optional(string) }), {})
      }))
    }
    variable "secret" {
      type      = string
      sensitive = true
      nullable  = false
      default   = ""
    }
    variable "plain" {}
    variable "any" {
      type    = any
      default = [1, "a"]
    }
    variable "pairs" {
      type    = list(tuple([string, object({ n = optional(number, 1) })]))
      default = [["x", {}]]
    }
  `)
    const team = variables.get('team')
    const jane = objectValue([['jane', objectValue([['email', stringValue('j@x')]])]])
    const value = team?.convert(jane) as Value
    t.same(
      toPlain(value),
      new Map([
        [
          'jane',
          {
            __proto__: null,
            email: 'j@x',
            bucket: 'acme',
            limits: { __proto__: null, days: 30, note: null },
          },
        ],
      ]),
    )
    t.equal(formatType(team?.type as NonNullable<typeof team>['type']).includes('email'), true)
    t.equal(team?.default, undefined)
    t.match(
      failureOf(() => team?.convert(stringValue('x'))),
      [{ code: 'lang/wrong-type' }],
    )
    t.match(variables.get('secret')?.convert(stringValue('s')), { kind: 'string', sensitive: true })
    t.match(
      variables.get('secret')?.convert(toNull()),
      { kind: 'string', value: '', sensitive: true },
      'null gives the default where null is not allowed',
    )
    t.equal(variables.get('plain')?.untyped, true)
    t.equal(variables.get('any')?.untyped, undefined)
    t.match(variables.get('any')?.default, { kind: 'tuple' })
    t.same(toPlain(variables.get('pairs')?.default as Value), [['x', { __proto__: null, n: 1 }]])
  },
)

t.test('an output that shows a secret must say so', async (t) => {
  const { outputs } = configurationOf(
    'variable "x" {}\noutput "o" {\n  value = var.x\n}\noutput "s" {\n  value = var.x\n  sensitive = true\n}',
  )
  t.match(
    failureOf(() => outputs.get('o')?.value.evaluate(scopeOf({ 'var.x': stringValue('s', true) }))),
    [{ code: 'lang/sensitive-output', span: { start: { line: 3 } } }],
  )
  t.match(outputs.get('s')?.value.evaluate(scopeOf({ 'var.x': stringValue('s') })), { sensitive: true })
})

t.test('many mistakes cost no more than many blocks', async (t) => {
  const blocks = Array.from(
    { length: 3000 },
    (_, i) => `resource "trifacta_person" "person_${i}" {\n  email = trifacta_person.persno_${i}.email\n}\n`,
  )
  t.equal(load(blocks.join('')).diagnostics.length, 3000)
})
