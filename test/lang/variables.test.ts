import t from 'tap'
import { valueToConsoleText } from '../../src/core/console-text.js'
import { toPlain } from '../../src/core/plain.js'
import { stringValue, type Value } from '../../src/core/value.js'
import { isVariableFile } from '../../src/lang/config.js'
import { parseVariableFile, resolveVariables, type VariableSources } from '../../src/lang/variables.js'
import { brief, load } from './loading.js'

function resolve(text: string, sources: Partial<VariableSources>) {
  const { configuration, diagnostics } = load(text)
  if (configuration === undefined || diagnostics.length > 0)
    throw new Error(diagnostics.map(brief).join(', '))
  const resolved = resolveVariables(configuration, { environment: {}, files: [], flags: [], ...sources })
  return {
    ...resolved,
    plain: Object.fromEntries([...resolved.values].map(([name, value]) => [name, toPlain(value as Value)])),
  }
}

t.test('a file of variable values holds constants, in HCL or YAML', async (t) => {
  const hcl = parseVariableFile('a = "x"\nb = [1, 2]\nc = upper("x")\n', 'prod.vars.hcl')
  t.same(hcl.diagnostics, [])
  t.same([...hcl.values.keys()], ['a', 'b', 'c'])
  const yaml = parseVariableFile('a: x\nb: [1, 2]\nresource: text\n', 'x.auto.vars.yaml')
  t.same(yaml.diagnostics, [])
  t.match(yaml.values.get('resource'), {
    value: { kind: 'string' },
    span: { start: { line: 3, column: 11 } },
  })
  t.same(
    parseVariableFile('a = var.b\nblock {}\nc = env("HOME")\nd = = 1\n', 'f.hcl')
      .diagnostics.map(brief)
      .sort(),
    [
      'f.hcl:1:5 lang/not-constant',
      'f.hcl:2:1 lang/unknown-block',
      'f.hcl:3:5 lang/not-constant',
      'f.hcl:4:5 hcl/expected-expression',
    ],
  )
  t.match(parseVariableFile('a: ${x}\n', 'f.yaml').diagnostics, [
    { code: 'lang/not-constant', help: /\$\$\{/ },
  ])
})

t.test('later sources win: default, environment, automatic files in order, flags in order', async (t) => {
  const text = Array.from('abcdef', (name) => `variable "${name}" {\n  default = "default"\n}\n`).join('')
  const file = (name: string, values: string) => parseVariableFile(values, name)
  const { plain, diagnostics } = resolve(text, {
    environment: {
      ROLECALL_VAR_b: 'environment',
      ROLECALL_VAR_c: 'environment',
      ROLECALL_VAR_d: 'e',
      ROLECALL_VAR_e: 'e',
      ROLECALL_VAR_f: 'e',
    },
    files: [
      file('1.auto.vars.hcl', 'c = "one"\nd = "one"\ne = "one"\nf = "one"\n'),
      file('2.auto.vars.yaml', 'd: two\ne: two\nf: two\n'),
    ],
    flags: [{ flag: 'e=flag' }, { flag: 'f=flag' }, { file: file('prod.vars.hcl', 'f = "file"\n') }],
  })
  t.same(diagnostics, [])
  t.same(plain, { a: 'default', b: 'environment', c: 'one', d: 'two', e: 'flag', f: 'file' })
})

t.test('text is taken literally for strings, numbers and bools, and as HCL for other types', async (t) => {
  const text = `
    variable "s" {
      type = string
    }
    variable "u" {}
    variable "n" {
      type = number
    }
    variable "b" {
      type = bool
    }
    variable "l" {
      type = list(string)
    }
    variable "a" {
      type = any
    }
  `
  const flags = ['s=[1] "x" = ${y}', 'u={"a"}', 'n=12.5', 'b=true', 'l=["a", "b"]', 'a={ x = 1 }'].map(
    (flag) => ({ flag }),
  )
  const { plain, diagnostics } = resolve(text, { flags })
  t.same(diagnostics, [])
  t.same(plain, {
    s: '[1] "x" = ${y}',
    u: '{"a"}',
    n: 12.5,
    b: true,
    l: ['a', 'b'],
    a: { __proto__: null, x: 1 },
  })
  const wrong = (flag: string) => resolve(text, { flags: [...flags, { flag }] }).diagnostics
  t.match(wrong('n=x'), [
    { code: 'lang/wrong-type', detail: /"n" \(from --var n\)/, span: { start: { line: 6 } } },
  ])
  t.match(wrong('l=[a]'), [{ code: 'lang/not-constant', help: /quotes/ }])
  t.match(wrong('l=['), [{ code: /^hcl\//, detail: /"l" \(from --var l\)/ }])
})

t.test('values for what is not declared are judged by where they come from', async (t) => {
  const text = 'variable "region" {\n  default = "eu"\n}\n'
  t.match(resolve(text, { flags: [{ flag: 'regoin=us' }] }).diagnostics, [
    { severity: 'error', code: 'lang/undeclared-variable', help: 'Did you mean "region"?' },
  ])
  t.match(resolve(text, { files: [parseVariableFile('nope = 1\n', 'x.auto.vars.hcl')] }).diagnostics, [
    { severity: 'warning', code: 'lang/undeclared-variable', span: { file: 'x.auto.vars.hcl' } },
  ])
  t.same(resolve(text, { environment: { ROLECALL_VAR_nope: 'x' } }).diagnostics, [])
  for (const flag of ['region', '=x', ''])
    t.match(resolve(text, { flags: [{ flag }] }).diagnostics, [{ code: 'lang/invalid-flag' }], flag)
  t.equal(resolve(text, { flags: [{ flag: 'region=a=b' }] }).plain.region, 'a=b')
})

t.test('a variable without a value is an error that says how to set it', async (t) => {
  const text = 'variable "region" {\n  type = string\n  description = "Where."\n}\n'
  t.match(resolve(text, {}).diagnostics, [
    {
      code: 'lang/missing-variable',
      detail: /Where\./,
      help: /--var 'region=….*auto\.vars\.hcl.*ROLECALL_VAR_region/,
      span: { start: { line: 1 } },
    },
  ])
  t.same(resolve(text, { partial: true }).diagnostics, [])
  t.same(resolve('variable "x" {\n  default = null\n}', {}).plain, { x: null })
})

t.test('a mistake in a file points into the file', async (t) => {
  const text = 'variable "n" {\n  type = list(number)\n}\n'
  t.match(resolve(text, { files: [parseVariableFile('\nn = ["x"]\n', 'a.auto.vars.hcl')] }).diagnostics, [
    { code: 'lang/wrong-type', span: { file: 'a.auto.vars.hcl', start: { line: 2, column: 5 } } },
  ])
})

t.test('validations are evaluated, several and with other variables', async (t) => {
  const text = `
    variable "least" {
      default = 2
    }
    variable "x" {
      type = string
      validation {
        condition     = length(var.x) >= var.least
        error_message = "At least \${var.least} letters, not \${length(var.x)}."
      }
      validation {
        condition     = var.x != "a"
        error_message = "Not a."
      }
    }
    variable "secret" {
      sensitive = true
      default   = "s"
      validation {
        condition     = var.secret != "b"
        error_message = "It is \${var.secret}."
      }
    }
  `
  t.same(resolve(text, { flags: [{ flag: 'x=abc' }] }).diagnostics, [])
  t.match(resolve(text, { flags: [{ flag: 'x=a' }] }).diagnostics, [
    { code: 'lang/invalid-variable', detail: 'x: At least 2 letters, not 1.', span: { start: { line: 8 } } },
    { code: 'lang/invalid-variable', detail: 'x: Not a.' },
  ])
  const secret = resolve(text, { flags: [{ flag: 'x=abc' }, { flag: 'secret=b' }] }).diagnostics
  t.match(secret, [{ code: 'lang/invalid-variable', detail: /not shown/ }])
  t.same(resolve(text, { partial: true }).diagnostics, [])
})

t.test('a sensitive value is marked, and shows in no message', async (t) => {
  const text = 'variable "x" {\n  type = number\n  sensitive = true\n}\n'
  t.match(resolve(text, { flags: [{ flag: 'x=1' }] }).values.get('x'), { sensitive: true })
  const { diagnostics } = resolve(text, { flags: [{ flag: 'x=hunter22' }] })
  t.equal(diagnostics.length, 1)
  t.notMatch(JSON.stringify(diagnostics), /hunter22/)
  const list = 'variable "x" {\n  type = list(number)\n  sensitive = true\n}\n'
  for (const flag of ['x=["hunter22"]', 'x=[1] hunter22', 'x=hunter22', "x='hunter22'"]) {
    const found = resolve(list, { flags: [{ flag }] }).diagnostics
    t.equal(found.length, 1, flag)
    t.notMatch(JSON.stringify(found), /hunter22/, flag)
  }
})

t.test('a file of values may be JSON, whose strings are what they say', async (t) => {
  const read = (text: string) => parseVariableFile(text, 'x.json')
  const json = read(
    '{\n\t"text": "p$${a}%{b} \\u00e9\\/\\ud83d\\ude00 \\"q\\"",\n\t"list": [1, 12345678901234567890, -0.5, true, null],\n\t"map": {"a b": {"c": []}}\n}\n',
  )
  t.same(json.diagnostics, [])
  t.same(json.values.get('text')?.value, stringValue('p$${a}%{b} é/😀 "q"'))
  t.equal(
    valueToConsoleText(json.values.get('list')?.value as Value).replaceAll(/\s+/g, ' '),
    '[ 1, 12345678901234567890, -0.5, true, null, ]',
  )
  t.match(json.values.get('map')?.value, { kind: 'object' })
  t.match(read('{"a": 1, }x').diagnostics, [{ code: 'lang/yaml-syntax', span: { file: 'x.json' } }])
  t.match(read('[1]').diagnostics, [{ code: 'lang/yaml-structure' }])
  t.match(read('{"a": 1, "a": 2}').diagnostics, [{ code: 'lang/yaml-duplicate-key' }])
  t.equal(isVariableFile('x.auto.vars.json'), true)
  t.equal(isVariableFile('x.json'), false)
})
