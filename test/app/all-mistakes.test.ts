import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Diagnostic } from '../../src/core/diagnostic.js'
import { told } from './told.js'

interface Mistake {
  readonly hcl: string
  /** The same under its top-level keys, each of which stands in a file of YAML once. */
  readonly yaml: Readonly<Record<string, string>>
  /** What is said: in one of these ways, which differ with the syntax. */
  readonly codes: readonly string[]
}

/** One of each kind: what the text alone tells, and what only evaluating does. No two of them share a name. */
const mistakes: Readonly<Record<string, Mistake>> = {
  'a value that is not there': {
    hcl: 'resource "trifacta_person" "syntax" {\n  email = \n}\noutput "syntax" {\n  value = trifacta_person.syntax.email\n}\n',
    yaml: { output: '  syntax: { value: "${1 +}" }\n' },
    codes: ['hcl/missing-value', 'hcl/expected-expression'],
  },
  'an attribute that nothing has': {
    hcl: 'resource "trifacta_person" "unknown" {\n  emial = "unknown@x.org"\n}\noutput "unknown" {\n  value = upper(trifacta_person.unknown.email)\n}\n',
    yaml: {
      trifacta_person: '    unknown:\n      emial: unknown@x.org\n',
      output: '  unknown: { value: "${upper(trifacta_person.unknown.email)}" }\n',
    },
    codes: ['lang/unknown-attribute'],
  },
  'an attribute that is missing': {
    hcl: 'resource "trifacta_person" "missing" {\n  name = "Missing"\n}\n',
    yaml: { trifacta_person: '    missing:\n      name: Missing\n' },
    codes: ['core/missing-attribute'],
  },
  'an address twice': {
    hcl: 'resource "trifacta_person" "twice" {\n  email = "one@x.org"\n}\nresource "trifacta_person" "twice" {\n  for_each = toset(["a"])\n  email    = "two@x.org"\n}\noutput "twice" {\n  value = trifacta_person.twice["a"].email\n}\n',
    yaml: {
      variable: '  twice: { default: 1 }\n  twice: { default: [2] }\n',
      output: '  twice: { value: "${var.twice[0]}" }\n',
    },
    codes: ['lang/duplicate', 'lang/yaml-duplicate-key'],
  },
  'a circle': {
    hcl: 'locals {\n  one = local.other\n  other = local.one\n}\noutput "one" {\n  value = upper(local.one)\n}\n',
    yaml: {
      locals: '  one: ${local.other}\n  other: ${local.one}\n',
      output: '  one: { value: "${upper(local.one)}" }\n',
    },
    codes: ['lang/cycle'],
  },
  'a reference to nothing': {
    hcl: 'locals {\n  nothing = [var.nothing]\n}\noutput "nothing" {\n  value = upper(local.nothing[0])\n}\n',
    yaml: {
      locals: '  none: ["${var.nothing}"]\n',
      output: '  none: { value: "${upper(local.none[0])}" }\n',
    },
    codes: ['lang/unknown-reference'],
  },
  'a default of the wrong type': {
    hcl: 'variable "typed" {\n  type    = list(number)\n  default = ["x"]\n}\noutput "typed" {\n  value = sum(var.typed)\n}\n',
    yaml: {
      variable: '  typed: { type: list(number), default: ["x"] }\n',
      output: '  typed: { value: "${sum(var.typed)}" }\n',
    },
    codes: ['lang/wrong-type'],
  },
  'a type that does not exist': {
    hcl: 'variable "sort" {\n  type    = sett(string)\n  default = ["sort@x.org"]\n}\nresource "trifacta_person" "sort" {\n  for_each = var.sort\n  email    = each.key\n}\n',
    yaml: {
      variable: '  sort: { type: sett(string), default: ["sort@x.org"] }\n',
      trifacta_person: '    sort:\n      for_each: ${var.sort}\n      email: ${each.key}\n',
    },
    codes: ['lang/invalid-type'],
  },
  'a bucket with a wrong name': {
    hcl: 'resource "trifacta_aws_config" "bucket" {\n  workspace_id        = "61"\n  credential_provider = "default"\n  key                 = "k"\n  secret              = env("S")\n  default_bucket      = "No_Bucket"\n}\n',
    yaml: {
      trifacta_aws_config:
        '    bucket:\n      workspace_id: "61"\n      credential_provider: default\n      key: k\n      secret: ${env("S")}\n      default_bucket: No_Bucket\n',
    },
    codes: ['core/not-a-bucket'],
  },
  'one person with two configurations': {
    hcl: 'resource "trifacta_aws_config" "first" {\n  workspace_id        = "63"\n  credential_provider = "temporary"\n  role                = "arn:aws:iam::123456789012:role/r"\n  default_bucket      = "both-bucket"\n}\nresource "trifacta_aws_config" "second" {\n  workspace_id        = "63"\n  credential_provider = "temporary"\n  role                = "arn:aws:iam::123456789012:role/r"\n  default_bucket      = "both-bucket"\n}\n',
    yaml: {
      trifacta_aws_config: ['first', 'second']
        .map(
          (name) =>
            `    ${name}: { workspace_id: "63", credential_provider: temporary, role: "arn:aws:iam::123456789012:role/r", default_bucket: both-bucket }\n`,
        )
        .join(''),
    },
    codes: ['lang/same-object'],
  },
  'a key where there is one of it': {
    hcl: 'resource "trifacta_person" "lone" {\n  email = "lone@x.org"\n}\noutput "lone" {\n  value = upper(trifacta_person.lone[0].email)\n}\n',
    yaml: {
      trifacta_person: '    lone:\n      email: lone@x.org\n',
      output: '  lone: { value: "${upper(trifacta_person.lone[0].email)}" }\n',
    },
    codes: ['lang/unwanted-key'],
  },
  'a wrong type behind a local value': {
    hcl: 'locals {\n  flag = "perhaps"\n}\nresource "trifacta_person" "flag" {\n  email    = "flag@x.org"\n  is_admin = local.flag\n}\n',
    yaml: {
      locals: '  flag: perhaps\n',
      trifacta_person: '    flag:\n      email: flag@x.org\n      is_admin: ${local.flag}\n',
    },
    codes: ['lang/wrong-type'],
  },
  'a wrong ARN in an interpolation': {
    hcl: 'locals {\n  account = "12345"\n}\nresource "trifacta_aws_config" "arn" {\n  workspace_id        = "62"\n  credential_provider = "temporary"\n  role                = "arn:aws:iam::${local.account}:role/r"\n  default_bucket      = "arn-bucket"\n}\n',
    yaml: {
      locals: '  account: "12345"\n',
      trifacta_aws_config:
        '    arn:\n      workspace_id: "62"\n      credential_provider: temporary\n      role: arn:aws:iam::${local.account}:role/r\n      default_bucket: arn-bucket\n',
    },
    codes: ['core/not-an-arn'],
  },
  'a value that its variable refuses': {
    hcl: 'variable "choosy" {\n  default = "b"\n  validation {\n    condition     = var.choosy == "a"\n    error_message = "It is a."\n  }\n}\n',
    yaml: {
      variable:
        '  choosy:\n    default: b\n    validation:\n      condition: ${var.choosy == "a"}\n      error_message: It is a.\n',
    },
    codes: ['lang/invalid-variable'],
  },
  'instances that are one object': {
    hcl: 'locals {\n  same = { a = "same@x.org", b = "SAME@x.org" }\n}\nresource "trifacta_person" "same" {\n  for_each = local.same\n  email    = each.value\n}\n',
    yaml: {
      locals: '  same: { a: same@x.org, b: SAME@x.org }\n',
      trifacta_person: '    same:\n      for_each: ${local.same}\n      email: ${each.value}\n',
    },
    codes: ['lang/same-object'],
  },
  'a function that fails': {
    hcl: 'locals {\n  json = jsondecode("{")\n}\noutput "json" {\n  value = local.json.name\n}\n',
    yaml: {
      locals: '  json: ${jsondecode("{")}\n',
      output: '  json: { value: "${local.json.name}" }\n',
    },
    codes: ['lang/not-json'],
  },
  'keys that are a list': {
    hcl: 'resource "trifacta_person" "keys" {\n  for_each = [for k in ["keys@x.org"] : k]\n  email    = each.value\n}\noutput "keys" {\n  value = trifacta_person.keys["keys@x.org"].email\n}\n',
    yaml: {
      trifacta_person:
        '    keys:\n      for_each: \'${[for k in ["keys@x.org"] : k]}\'\n      email: ${each.value}\n',
      output: '  keys: { value: "${trifacta_person.keys[\\"keys@x.org\\"].email}" }\n',
    },
    codes: ['lang/wrong-for-each'],
  },
  'a secret that would be printed': {
    hcl: 'variable "hush" {\n  sensitive = true\n  default   = "hush"\n}\noutput "hush" {\n  value = var.hush\n}\n',
    yaml: {
      variable: '  hush: { sensitive: true, default: hush }\n',
      output: '  hush: { value: "${var.hush}" }\n',
    },
    codes: ['lang/sensitive-output'],
  },
}

const provider = 'provider "trifacta" {\n  endpoint = "embedded"\n}\n'

/** One text with the keys of all: each stands in it once. */
function inYaml(parts: readonly Mistake[]): string {
  const types = new Set<string>()
  const keys = new Set<string>()
  for (const { yaml } of parts)
    for (const key of Object.keys(yaml)) (key.startsWith('trifacta_') ? types : keys).add(key)
  const under = (key: string) => parts.map(({ yaml }) => yaml[key] ?? '').join('')
  const resources = [...types].map((type) => `  ${type}:\n${under(type)}`).join('')
  return (
    [...keys].map((key) => `${key}:\n${under(key)}`).join('') +
    (types.size > 0 ? `resource:\n${resources}` : '')
  )
}

type Files = Readonly<Record<string, string>>

const inHcl = (parts: readonly Mistake[]): string => parts.map(({ hcl }) => hcl).join('')

const arrangements: Readonly<Record<string, (parts: readonly Mistake[]) => Files>> = {
  'one file of HCL': (parts) => ({ 'a.hcl': inHcl(parts) }),
  'one file of YAML': (parts) => ({ 'a.yaml': inYaml(parts) }),
  'two files': (parts) => ({ 'a.yaml': inYaml(parts.slice(0, 1)), 'b.hcl': inHcl(parts.slice(1)) }),
  'files of their own': (parts) => Object.fromEntries(parts.map(({ hcl }, i) => [`${i}.hcl`, hcl])),
}

const all = Object.entries(mistakes)

const pairs = all.flatMap((one, i) => all.slice(i + 1).map((other) => [one, other] as const))

for (const arrangement of ['one file of HCL', 'one file of YAML']) {
  t.test(`any two mistakes in ${arrangement} are told in one run, and nothing else`, async (t) => {
    const folder = t.testdir({ 'provider.hcl': provider })
    for (const [[first, one], [second, other]] of pairs) {
      for (const [name, text] of Object.entries(arrangements[arrangement]?.([one, other]) ?? {}))
        writeFileSync(join(folder, name), text)
      const [validated = []] = (await told(folder, ['validate'])).map(codesOf)
      if (!matches(validated, [one, other]))
        t.same(validated, [one.codes, other.codes], `${first}, ${second}`)
    }
    t.equal(pairs.length, 153)
  })
}

for (const [arrangement, arrange] of Object.entries(arrangements)) {
  t.test(`all of them in ${arrangement} are told in one run of each command`, async (t) => {
    const parts = all.map(([, one]) => one)
    const folder = t.testdir({ 'provider.hcl': provider, ...arrange(parts) })
    for (const found of await told(folder, ['validate', 'plan', 'drift', 'import']))
      t.ok(matches(codesOf(found), parts), JSON.stringify(codesOf(found)))
  })
}

const codesOf = (found: readonly Diagnostic[]): readonly string[] => found.map(({ code }) => code).sort()

/** A syntax can say it in its own way. */
function matches(found: readonly string[], pair: readonly Mistake[]): boolean {
  const rest = [...found]
  for (const { codes } of pair) {
    const at = rest.findIndex((code) => codes.includes(code))
    if (at < 0) return false
    rest.splice(at, 1)
  }
  return rest.length === 0
}
