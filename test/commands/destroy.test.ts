import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { people } from './people.js'
import { rolecall } from './rolecall.js'

t.test(
  'destroying asks only of the provider blocks, and of what they need, that they are right',
  async (t) => {
    const cwd = t.testdir({ 'main.hcl': people })
    const write = (text: string) => writeFileSync(join(cwd, 'main.hcl'), text)
    t.equal((await rolecall(['apply', '--auto-approve'], { cwd })).code, 0)

    const broken = `
provider "trifacta" { endpoint = local.endpoint }
locals {
  endpoint = var.endpoint
  unused   = var.nowhere
}
variable "endpoint" {
  type = string
  validation {
    condition     = startswith(var.endpoint, "embedded")
    error_message = "Not that one."
  }
}
variable "unneeded" { type = number }
resource "trifacta_person" "jane" {
  emial = 7
  nested { }
}
resource "trifacta_person" "a" { email = trifacta_person.b.email }
resource "trifacta_person" "b" { email = trifacta_person.a.email }
resource "trifacta_nosuch" "x" {}
output "gone" { value = trifacta_person.nobody.id }
`
    write(broken)
    t.equal((await rolecall(['validate'], { cwd })).code, 1)

    const missing = await rolecall(['destroy', '--auto-approve'], { cwd })
    t.equal(missing.code, 1)
    t.match(missing.stderr, 'The variable "endpoint" has no default')
    t.notMatch(missing.stderr, 'unneeded')

    const refused = await rolecall(['destroy', '--auto-approve', '--var=endpoint=other'], { cwd })
    t.equal(refused.code, 1)
    t.match(refused.stderr, 'Not that one.')

    write(broken.replace('endpoint = local', 'endpiont = local'))
    const provider = await rolecall(['destroy', '--auto-approve', '--var=endpoint=embedded'], { cwd })
    t.equal(provider.code, 1)
    t.match(provider.stderr, 'Did you mean "endpoint"?')
    t.notMatch(provider.stderr, 'emial')

    write(`${broken}\nresource "x" {`)
    const syntax = await rolecall(['destroy', '--auto-approve', '--var=endpoint=embedded'], { cwd })
    t.equal(syntax.code, 1, 'a file that cannot be parsed may hide anything')

    write(broken)
    const env = { ROLECALL_VAR_endpoint: 'embedded' }
    const plan = await rolecall(['plan', '--destroy', '--out=d.plan'], { cwd, env })
    t.equal(plan.code, 0)
    t.match(plan.stderr, /Nothing is recorded for trifacta_person\.a, trifacta_person\.b/)
    t.match(plan.stdout, 'Plan: 0 to add, 0 to change, 1 to destroy.')
    const done = await rolecall(['apply', 'd.plan'], { cwd, env })
    t.equal(done.code, 0, done.stderr)
    t.match(done.stdout, 'Destroy complete! Resources: 1 destroyed.')
  },
)
