import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { brief } from '../lang/loading.js'
import { told } from './told.js'

interface Case {
  readonly text: string
  /** `a.auto.vars.hcl`: values of variables. */
  readonly values?: string
  readonly errors: readonly string[]
}

/** What is broken, and what depends on it. */
const cases: Readonly<Record<string, Case>> = {
  'a misspelt block': {
    text: 'varible "x" {\n  default = "a"\n}\noutput "o" {\n  value = var.x\n}\n',
    errors: ['main.hcl:1:1 lang/unknown-block'],
  },
  'a block without its name': {
    text: 'resource "trifacta_person" {\n  email = "a@x.org"\n}\noutput "o" {\n  value = trifacta_person.p.id\n}\n',
    errors: ['main.hcl:1:1 lang/wrong-labels'],
  },
  'a misspelt type': {
    text: 'resource "trifacta_persn" "p" {\n  email = "a@x.org"\n}\noutput "o" {\n  value = trifacta_person.p.id\n}\n',
    errors: ['main.hcl:1:10 lang/unknown-type'],
  },
  'a block that is never closed': {
    text: 'resource "trifacta_person" "p" {\n  email = "a@x.org"\n\nresource "trifacta_person" "q" {\n  email = trifacta_person.p.emial\n}\n',
    errors: ['main.hcl:1:32 hcl/unclosed-block', 'main.hcl:5:29 lang/unknown-attribute'],
  },
  'a quote that is never closed': {
    text: 'resource "trifacta_person" "p" {\n  email = "a@x.org\n  is_admin = "perhaps"\n}\n',
    errors: ['main.hcl:2:11 hcl/unterminated-string', 'main.hcl:3:14 lang/wrong-type'],
  },
  'keys that are not understood': {
    text: 'resource "trifacta_person" "p" {\n  for_each = { a = 1, ??? b = 2 }\n  email = "${each.key}@x.org"\n}\noutput "o" {\n  value = trifacta_person.p["b"].id\n}\n',
    errors: ['main.hcl:2:23 hcl/expected-expression'],
  },
  'keys that got lost': {
    text: 'resource "trifacta_person" "p" {\n  ??? for_each = toset(["a"])\n  email = "${each.key}@x.org"\n}\noutput "o" {\n  value = trifacta_person.p["a"].id\n}\n',
    errors: ['main.hcl:2:3 hcl/newline-in-expression'],
  },
  'two kinds of keys': {
    text: 'resource "trifacta_person" "p" {\n  count = 1\n  for_each = toset(["a"])\n  email = "${each.key}@x.org"\n}\noutput "o" {\n  value = trifacta_person.p[0].id\n}\n',
    errors: ['main.hcl:2:3 lang/count-and-for-each'],
  },
  'a name that means nothing here': {
    text: 'resource "trifacta_person" "p" {\n  email = each.value.email\n  is_admin = tonumber("x")\n}\n',
    errors: ['main.hcl:2:11 lang/reference-out-of-place', 'main.hcl:3:23 lang/wrong-argument'],
  },
  'a validation of nothing': {
    text: 'variable "x" {\n  default = "a"\n  validation {\n    condition = length(var.y) > 1\n    error_message = "M."\n  }\n}\n',
    errors: ['main.hcl:4:28 lang/unknown-reference'],
  },
  'a default that is wrong': {
    text: 'variable "x" {\n  type = number\n  default = "a"\n}\noutput "o" {\n  value = var.x + 1\n}\n',
    errors: ['main.hcl:3:13 lang/wrong-type'],
  },
  'a value that is not understood': {
    text: 'variable "x" {\n  type = list(string)\n}\noutput "o" {\n  value = var.x[1]\n}\n',
    values: 'x = ["abc" "def"]\n',
    errors: ['a.auto.vars.hcl:1:12 hcl/missing-comma'],
  },
  'a value that got lost': {
    text: 'variable "x" {\n  type = string\n}\n',
    values: '} x = "abc"\n',
    errors: ['a.auto.vars.hcl:1:1 hcl/unexpected-closer'],
  },
}

t.test('one mistake is told once, with nothing that only follows from it', async (t) => {
  const provider = 'provider "trifacta" {\n  endpoint = "embedded"\n}\n'
  const folder = t.testdir({ 'provider.hcl': provider })
  for (const [what, { text, values = '', errors }] of Object.entries(cases)) {
    writeFileSync(join(folder, 'main.hcl'), text)
    writeFileSync(join(folder, 'a.auto.vars.hcl'), values)
    const [validated, planned] = (await told(folder)).map((found) => found.map(brief))
    t.same(validated, errors, `${what}: validate`)
    t.same(planned, errors, `${what}: plan`)
  }
})

t.test('a provider block that is misspelt is not missing', async (t) => {
  const folder = t.testdir({
    'main.hcl':
      'providr "trifacta" {\n  endpoint = "embedded"\n}\nresource "trifacta_person" "p" {\n  email = "a@x.org"\n}\n',
  })
  const [validated] = (await told(folder)).map((found) => found.map(brief))
  t.same(validated, ['main.hcl:1:1 lang/unknown-block'])
})

t.test('a type that does not exist does not make a value that is missing come out later', async (t) => {
  const folder = t.testdir({ 'main.hcl': 'variable "x" {\n  type = strng\n}\n' })
  const [validated, planned] = (await told(folder)).map((found) => found.map(brief))
  t.same(validated, ['main.hcl:2:10 lang/invalid-type'])
  t.same(planned, ['main.hcl:1:1 lang/missing-variable', 'main.hcl:2:10 lang/invalid-type'])
})

t.test(
  'in a file of YAML that is broken, only what may be declared there is not called unknown',
  async (t) => {
    const broken = 'resource:\n  trifacta_person:\n    known:\n      email: a@x.org\n      name: "A" x\n'
    const found = async (yaml: string, value: string) => {
      const folder = t.testdir({ 'a.yaml': yaml, 'b.hcl': `output "o" {\n  value = ${value}\n}\n` })
      const [validated = []] = await told(folder, ['validate'])
      return validated.map(({ code }) => code).filter((code) => code === 'lang/unknown-reference').length
    }
    t.equal(await found(broken, 'var.email'), 1, 'an attribute is no variable')
    t.equal(await found(broken, 'local.known'), 1)
    t.equal(await found(broken, 'var.known'), 1)
    t.equal(await found(broken, 'trifacta_person.email'), 1)
    t.equal(await found(broken, 'trifacta_person.known'), 0)
    t.equal(await found('variable:\n  known: "x" x\n  other:\n    type: string\n', 'var.known'), 0)
    t.equal(await found('variable:\n  known: "x" x\n  other:\n    type: string\n', 'var.other'), 0)
    t.equal(await found('variable:\n  known: "x" x\n  other:\n    type: string\n', 'var.type'), 1)
    t.equal(await found('variable: { a: "x" x, known: {} }\n', 'var.known'), 0)
  },
)
