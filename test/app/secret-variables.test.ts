import t from 'tap'
import { outlineOf } from '../../src/app/outline.js'
import { secretVariables } from '../../src/app/secret-variables.js'
import type { Configuration } from '../../src/core/configuration.js'
import { outlineCodec } from '../../src/core/outline.js'
import { load } from '../lang/loading.js'
import { testSchemas } from '../lang/schemas.js'

const hcl = `
provider "trifacta" {
  token = var.token
}
variable "token" {}
variable "passwords" { type = map(string) }
variable "team" { type = map(object({ email = string, password = string })) }
variable "declared" {
  sensitive   = true
  description = "Said so."
}
variable "plain" {}
locals {
  salted = "\${local.inner}!"
  inner  = var.passwords["a"]
}
resource "trifacta_person" "a" {
  email    = var.plain
  password = local.salted
}
resource "trifacta_person" "b" {
  for_each   = var.team
  email      = each.value.email
  password   = each.value.password
  depends_on = [trifacta_person.a]
}
output "who" { value = trifacta_person.b }
`
const yaml = `
provider:
  trifacta: { token: "\${var.token}" }
variable:
  token: {}
  passwords: { type: map(string) }
  team: { type: "map(object({ email = string, password = string }))" }
  declared: { sensitive: true, description: Said so. }
  plain: {}
locals:
  salted: "\${local.inner}!"
  inner: "\${var.passwords[\\"a\\"]}"
resource:
  trifacta_person:
    a:
      email: "\${var.plain}"
      password: "\${local.salted}"
    b:
      for_each: "\${var.team}"
      email: "\${each.value.email}"
      password: "\${each.value.password}"
      depends_on: [trifacta_person.a]
output:
  who: { value: "\${trifacta_person.b}" }
`

function configured(files: Record<string, string>): Configuration {
  const { configuration, diagnostics } = load(files)
  if (configuration === undefined) throw new Error(JSON.stringify(diagnostics))
  return configuration
}

for (const [name, text] of [
  ['main.hcl', hcl],
  ['main.yaml', yaml],
] as const) {
  t.test(`variables that reach a secret attribute bring secrets, declared so or not: ${name}`, async (t) => {
    const found = secretVariables(configured({ [name]: text }), testSchemas)
    t.strictSame([...found].sort(), ['declared', 'passwords', 'team', 'token'])
  })

  t.test(`an outline says which argument refers to what: ${name}`, async (t) => {
    const outline = outlineOf(configured({ [name]: text }), testSchemas)
    t.strictSame(outline.providers, [
      { key: 'trifacta', type: 'trifacta', arguments: [{ name: 'token', references: ['var.token'] }] },
    ])
    t.strictSame(
      outline.resources.map(({ address, arguments: all, forEach, dependsOn }) => ({
        address,
        all: Object.fromEntries(all.map((each) => [each.name, each.references])),
        forEach,
        dependsOn,
      })),
      [
        {
          address: 'trifacta_person.a',
          all: { email: ['var.plain'], password: ['local.salted'] },
          forEach: undefined,
          dependsOn: [],
        },
        {
          address: 'trifacta_person.b',
          all: { email: ['each'], password: ['each'] },
          forEach: ['var.team'],
          dependsOn: ['trifacta_person.a'],
        },
      ],
    )
    t.match(outline.outputs, [{ name: 'who', sensitive: false, references: ['trifacta_person.b'] }])
    t.match(
      outline.variables.find((variable) => variable.name === 'declared'),
      { sensitive: true, description: 'Said so.' },
    )
    t.strictSame(outlineCodec.decode(JSON.parse(JSON.stringify(outlineCodec.encode(outline))), ''), outline)
  })
}
