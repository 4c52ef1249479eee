import t from 'tap'
import type { Scope } from '../../src/core/configuration.js'
import type { Body } from '../../src/lang/hcl/ast.js'
import { parseHcl } from '../../src/lang/hcl/parser.js'
import { parseYaml } from '../../src/lang/yaml.js'
import { load, world } from './loading.js'

/*
 * The contract of the two syntaxes: what means the same is the same tree, gives the same configuration with the same values,
 * and the same mistakes at the corresponding places. A new pair is one entry here.
 */

/** The tree without its places. */
function bare(body: Body): unknown {
  const plain = JSON.stringify(body, (key, value) =>
    key === 'span' || key.endsWith('Span') ? undefined : value,
  )
  return JSON.parse(plain)
}

const pairs: Readonly<Record<string, readonly [hcl: string, yaml: string]>> = {
  'blocks with labels are nested mappings': [
    `resource "trifacta_person" "jane" {
  email    = "jane@example.com"
  is_admin = true
  name     = null
}
resource "trifacta_person" "joe" {
  email = "joe@example.com"
}
data "trifacta_people" "all" {}
`,
    `resource:
  trifacta_person:
    jane:
      email: jane@example.com
      is_admin: true
      name: null
    joe: { email: joe@example.com }
data: { trifacta_people: { all: } }
`,
  ],
  'repeated blocks are lists': [
    `provider "trifacta" {
  endpoint = "https://one.example.com"
}
provider "trifacta" {
  alias    = "eu"
  endpoint = "https://two.example.com"
}
variable "x" {
  type = string
  validation {
    condition     = length(var.x) > 1
    error_message = "Too short: \${var.x}."
  }
  validation {
    condition     = length(var.x) < 9
    error_message = "Too long."
  }
}
`,
    `provider:
  trifacta:
    - endpoint: https://one.example.com
    - alias: eu
      endpoint: https://two.example.com
variable:
  x:
    type: string
    validation:
      - condition: \${length(var.x) > 1}
        error_message: "Too short: \${var.x}."
      - condition: '\${length(var.x) < 9}'
        error_message: Too long.
`,
  ],
  'a scalar that is one expression keeps its type, other strings are templates': [
    `locals {
  one     = 1
  number  = local.one
  text    = "a \${local.one} b"
  sum     = 1 + 2
  literal = "$\${not} %%{this}"
  nested  = "\${"\${local.one}"}x"
  choice  = local.one == 1 ? "yes" : "no"
}
`,
    `locals:
  one: 1
  number: \${local.one}
  text: a \${local.one} b
  sum: \${1 + 2}
  literal: $\${not} %%{this}
  nested: '\${"\${local.one}"}x'
  choice: '\${local.one == 1 ? "yes" : "no"}'
`,
  ],
  'types and references are bare': [
    `variable "people" {
  type = map(object({ email = string, bucket = optional(string, "acme") }))
  default = {}
}
provider "trifacta" {
  alias = "eu"
}
resource "trifacta_person" "jane" {
  email      = "jane@example.com"
  provider   = trifacta.eu
  depends_on = [data.trifacta_people.all]
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [name, password]
  }
}
resource "trifacta_person" "joe" {
  email = "joe@example.com"
  lifecycle {
    ignore_changes = all
  }
}
data "trifacta_people" "all" {
}
`,
    `variable:
  people:
    type: map(object({ email = string, bucket = optional(string, "acme") }))
    default: {}
provider:
  trifacta: { alias: eu }
resource:
  trifacta_person:
    jane:
      email: jane@example.com
      provider: trifacta.eu
      depends_on: [data.trifacta_people.all]
      lifecycle:
        prevent_destroy: true
        ignore_changes: [name, password]
    joe:
      email: joe@example.com
      lifecycle:
        ignore_changes: all
data:
  trifacta_people:
    all: {}
`,
  ],
  'collections, numbers and words': [
    `locals {
  numbers = [1, -2, 1.5, -0.25, 123456789012, 1000]
  words   = ["yes", "no", "on", "off", "2024-01-31", "012"]
  object  = { a = 1, "b c" = [true, false, null], "\${local.key}" = {} }
  key     = "k"
  lines   = "one\\ntwo\\n"
  folded  = "one two"
  empty   = ""
}
`,
    `locals:
  numbers: [1, -2, 1.5, -0.25, 123456789012, 1e3]
  words: [yes, no, on, off, 2024-01-31, "012"]
  object:
    a: 1
    b c: [true, false, ~]
    \${local.key}: {}
  key: k
  lines: |
    one
    two
  folded: >-
    one
    two
  empty: ""
`,
  ],
  'for_each, each, count and outputs': [
    `locals {
  team = { eu = "eu@example.com", us = "us@example.com" }
}
resource "trifacta_person" "team" {
  for_each = local.team
  email    = each.value
}
resource "trifacta_aws_config" "team" {
  for_each       = local.team
  person_id      = trifacta_person.team[each.key].id
  default_bucket = "acme-\${each.key}"
  extra_buckets  = ["a-\${each.key}", "b"]
}
resource "vault_aws_role" "r" {
  count = 2
  name  = "r\${count.index}"
  tags  = { a = "b" }
}
provider "vault" {
  endpoint = env("VAULT_ADDR")
}
output "ids" {
  value       = [for p in trifacta_person.team : p.id]
  description = "Ids."
  sensitive   = false
  depends_on  = [trifacta_aws_config.team]
}
`,
    `locals:
  team: { eu: eu@example.com, us: us@example.com }
resource:
  trifacta_person:
    team:
      for_each: \${local.team}
      email: \${each.value}
  trifacta_aws_config:
    team:
      for_each: \${local.team}
      person_id: \${trifacta_person.team[each.key].id}
      default_bucket: acme-\${each.key}
      extra_buckets: ['a-\${each.key}', b]
  vault_aws_role:
    r:
      count: 2
      name: r\${count.index}
      tags: { a: b }
provider:
  vault:
    endpoint: \${env("VAULT_ADDR")}
output:
  ids:
    value: '\${[for p in trifacta_person.team : p.id]}'
    description: Ids.
    sensitive: false
    depends_on: [trifacta_aws_config.team]
`,
  ],
  'settings of the tool': [
    `rolecall {
  required_version = ">= 0.1"
  aws              = "sandbox:aws.yaml"
  state "file" {
    path = "state"
  }
}
`,
    `rolecall:
  required_version: '>= 0.1'
  aws: sandbox:aws.yaml
  state:
    file:
      path: state
`,
  ],
}

/** The order of blocks of different types means nothing; in YAML all of one type stand together. */
function sorted(body: unknown): unknown {
  const { attributes, blocks } = body as {
    attributes: unknown[]
    blocks: { type: string; labels: { text: string }[]; body: unknown }[]
  }
  const key = (block: (typeof blocks)[number]): string =>
    [block.type, ...block.labels.map((label) => label.text)].join(' ')
  return {
    attributes,
    blocks: blocks
      .map((block) => ({ ...block, body: sorted(block.body) }))
      .sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)),
  }
}

/** The values of all locals, and of all bodies that need no instance, as text. */
function valuesOf(text: string, file: string): unknown {
  const { configuration, diagnostics } = load({ [file]: text })
  if (configuration === undefined) throw new Error('nothing was loaded')
  const scope: Scope = {
    environment: world({ VAULT_ADDR: 'https://vault' }),
    names: () => [],
    resolve: (root, [step]) => {
      if (root !== 'local' || step?.kind !== 'attribute') return undefined
      const local = configuration.locals.get(step.name)
      return local && { value: local.value.evaluate(scope), used: 1 }
    },
  }
  const shown = (value: unknown): unknown => {
    if (value instanceof Map || value instanceof Set || Array.isArray(value)) return [...value].map(shown)
    if (typeof value !== 'object' || value === null) return value
    return Object.entries(value).map(([name, one]) => [name, shown(one)])
  }
  return {
    diagnostics: diagnostics.map((d) => [d.code, d.detail]),
    settings: shown({
      ...configuration.settings,
      state: configuration.settings.state && { ...configuration.settings.state, span: 0 },
      aws: configuration.settings.aws?.text,
    }),
    locals: [...configuration.locals].map(([name, { value }]) => [name, shown(value.evaluate(scope))]).sort(),
    variables: [...configuration.variables.values()]
      .map((v) => shown([v.name, v.type, v.default, v.sensitive, v.validations.length]))
      .sort(),
    providers: [...configuration.providers.values()]
      .map((p) => [p.name, shown(p.body.evaluate(scope))])
      .sort(),
    resources: [...configuration.resources.values()]
      .map((r) => [
        r.address,
        r.provider,
        r.lifecycle,
        r.dependsOn.map((d) => d.subject),
        r.body.references.map((d) => d.subject),
        r.forEach === undefined && r.count === undefined ? shown(r.body.evaluate(scope)) : undefined,
      ])
      .sort(),
    outputs: [...configuration.outputs.values()].map((o) => [
      o.name,
      o.description,
      o.sensitive,
      o.dependsOn.map((d) => d.subject),
    ]),
  }
}

for (const [name, [hcl, yaml]] of Object.entries(pairs)) {
  t.test(`same meaning: ${name}`, async (t) => {
    const fromHcl = parseHcl(hcl, 'main.hcl')
    const fromYaml = parseYaml(yaml, 'main.yaml')
    t.same(fromHcl.diagnostics, [])
    t.same(fromYaml.diagnostics, [])
    t.same(sorted(bare(fromYaml.body)), sorted(bare(fromHcl.body)), 'the same tree')
    t.same(valuesOf(yaml, 'main.yaml'), valuesOf(hcl, 'main.hcl'), 'the same configuration')
  })
}

/** `«…»` marks what the message must point to. */
const mistakes: Readonly<Record<string, readonly [code: string, hcl: string, yaml: string]>> = {
  'an unknown attribute': [
    'lang/unknown-attribute',
    'resource "trifacta_person" "x" {\n  email = "a@b"\n  «nmae» = "x"\n}\n',
    'resource:\n  trifacta_person:\n    x:\n      email: a@b\n      «nmae»: x\n',
  ],
  'an unknown type': [
    'lang/unknown-type',
    'resource «"trifacta_persn"» "x" {\n}\n',
    'resource:\n  «trifacta_persn»:\n    x: {}\n',
  ],
  'an unknown block': ['lang/unknown-block', '«locls» {\n}\nlocals {}\n', '«locls»: {}\nlocals: {}\n'],
  'an undeclared variable within a text': [
    'lang/unknown-reference',
    'locals {\n  a = "über 😀 ${var.«nope»} b"\n}\n',
    'locals:\n  a: über 😀 ${var.«nope»} b\n',
  ],
  'an undeclared variable in a quoted scalar with escapes': [
    'lang/unknown-reference',
    'locals {\n  a = "tab\\t\\"${var.«nope»}\\""\n}\n',
    'locals:\n  a: "tab\\t\\"${var.«nope»}\\""\n',
  ],
  'an undeclared variable in a text of several lines': [
    'lang/unknown-reference',
    'locals {\n  a = <<-EOT\n    one\n    ${var.«nope»}\n  EOT\n}\n',
    'locals:\n  a: |\n    one\n    ${var.«nope»}\n',
  ],
  'a wrong type': [
    'lang/wrong-type',
    'resource "trifacta_person" "x" {\n  email = "a@b"\n  is_admin = «"maybe"»\n}\n',
    'resource:\n  trifacta_person:\n    x:\n      email: a@b\n      is_admin: «maybe»\n',
  ],
  'an unknown type of a variable': [
    'lang/invalid-type',
    'variable "x" {\n  type = list(«strng»)\n}\n',
    'variable:\n  x:\n    type: list(«strng»)\n',
  ],
  'a reference in depends_on that does not exist': [
    'lang/unknown-reference',
    'data "trifacta_people" "all" {\n  depends_on = [trifacta_person.«nope»]\n}\n',
    'data:\n  trifacta_people:\n    all:\n      depends_on:\n        - trifacta_person.«nope»\n',
  ],
  'a circle': [
    'lang/cycle',
    'locals {\n  a = «local.b»\n  b = local.a\n}\n',
    'locals:\n  a: ${«local.b»}\n  b: ${local.a}\n',
  ],
}

for (const [name, [code, hcl, yaml]] of Object.entries(mistakes)) {
  t.test(`same mistake, same place: ${name}`, async (t) => {
    for (const [file, marked] of [
      ['main.hcl', hcl],
      ['main.yaml', yaml],
    ] as const) {
      const text = marked.replace(/[«»]/g, '')
      const found = load({ [file]: text }).diagnostics
      t.same(
        found.map((d) => d.code),
        [code],
        file,
      )
      const { start, end } = found[0]?.span ?? { start: undefined, end: undefined }
      const before = marked.slice(0, marked.indexOf('«'))
      t.same(
        start,
        {
          line: before.split('\n').length,
          column: [...(before.split('\n').at(-1) ?? '')].length + 1,
          offset: before.length,
        },
        `${file}: the start`,
      )
      t.equal(end?.offset, marked.indexOf('»') - 1, `${file}: the end`)
    }
  })
}
