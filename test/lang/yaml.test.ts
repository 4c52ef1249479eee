import t from 'tap'
import { valuesGrammar } from '../../src/lang/grammar.js'
import { parseYaml } from '../../src/lang/yaml.js'

function found(text: string) {
  return parseYaml(text, 'f.yaml').diagnostics.map(
    ({ code, span }) => `${span?.start.line}:${span?.start.column} ${code}`,
  )
}

function first(text: string) {
  return parseYaml(text, 'f.yaml').diagnostics[0]
}

t.test('YAML that is broken near an expression says to quote it', async (t) => {
  for (const text of [
    'locals:\n  a: ${x ? "a" : "b"}\n',
    'locals:\n  a: [${var.x}]\n',
    'locals: {a: ${var.x}}\n',
    'locals:\n  a: ${ {b: 1} }\n',
  ]) {
    const problem = first(text)
    t.equal(problem?.code, 'lang/yaml-syntax', text)
    t.match(problem?.help, /^Quote it/, text)
  }
  t.match(first('locals:\n\ta: 1\n'), { code: 'lang/yaml-syntax', help: 'Indent with spaces.' })
  t.match(first('locals:\n  a: @x\n'), { code: 'lang/yaml-syntax', help: /quotes/ })
  t.notMatch(first('locals:\n  a: "x\n')?.help ?? '', /Quote it/)
})

t.test('an expression that YAML cuts short at a comment says so', async (t) => {
  const problem = first('locals:\n  a: ${join(" # ", x)}\n')
  t.match(problem, { code: /^hcl\//, span: { start: { line: 2 } } })
})

t.test('a mistake within a scalar points into it, whatever its style', async (t) => {
  t.match(found('locals:\n  a: "${var.x"\n'), [/^2:(7|8|9|13|14) hcl\//])
  t.match(found('locals:\n  a: "\\"x\\" ${1 +}"\n'), [/^2:1[5-9] hcl\//])
  t.match(found('locals:\n  a: |\n    fine\n    ${1 +}\n'), [/^4:(5|8|9|10) hcl\//])
  t.match(found('locals:\n  a: >-\n    fine\n    and\n    ${1 +}\n'), [/^5:(5|8|9|10) hcl\//])
})

t.test('a number that is not what it looks like is an error', async (t) => {
  t.same(found('locals:\n  account: 012345678901\n  mode: 0x1F\n  ok: "012"\n'), [
    '2:12 lang/yaml-number',
    '3:9 lang/yaml-number',
  ])
})

t.test('every duplicate key is an error that names the first', async (t) => {
  t.same(found('locals:\n  a: 1\n  "a": 2\n  b: {c: 1, c: 2}\nlocals: {}\n'), [
    '3:3 lang/yaml-duplicate-key',
    '4:13 lang/yaml-duplicate-key',
    '5:1 lang/yaml-duplicate-key',
  ])
  t.match(first('locals:\n  a: 1\n  a: 2\n')?.detail, /line 2/)
})

t.test('aliases are followed; what cannot be is an error', async (t) => {
  const { body, diagnostics } = parseYaml('a: &x {b: 1}\nc: *x\n', 'f.yaml', valuesGrammar)
  t.same(diagnostics, [])
  t.match(body.attributes[1]?.value, {
    kind: 'object',
    items: [{ key: { value: 'b' }, value: { value: 1 } }],
  })
  t.same(found('locals:\n  a: *nope\n'), ['2:6 lang/yaml-alias'])
  t.same(found('locals:\n  a: &a [*a]\n'), ['2:10 lang/yaml-alias'])
})

t.test('aliases that multiply are stopped', async (t) => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let i = 1; i < 12; i++)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    )
  const started = process.hrtime.bigint()
  const { diagnostics } = parseYaml(lines.join('\n'), 'f.yaml', valuesGrammar)
  t.ok(diagnostics.length > 0 && diagnostics.every((d) => d.code === 'lang/yaml-limit'))
  t.equal(diagnostics.length, 1)
  t.ok(process.hrtime.bigint() - started < 3_000_000_000n)
})

t.test('depth is limited without exhausting the stack', async (t) => {
  t.same(found(`locals:\n  a: ${'['.repeat(50_000)}\n`), ['2:105 lang/yaml-limit'])
  t.same(found(`locals:\n  a: ${'['.repeat(60)}${']'.repeat(60)}\n`), [])
})

t.test('merge keys, tags, other keys than text and several documents are errors', async (t) => {
  t.same(found('locals:\n  <<: {a: 1}\n'), ['2:3 lang/yaml-merge-key'])
  t.same(found('locals:\n  a: !!int "3"\n  b: !foo x\n  c: !!str 012\n'), [
    '2:12 lang/yaml-tag',
    '3:11 lang/yaml-tag',
  ])
  t.same(found('locals:\n  ? [a]\n  : 1\n'), ['2:5 lang/yaml-key'])
  t.same(found('locals: {}\n---\nlocals: {}\n'), ['2:1 lang/yaml-documents'])
  t.same(found('---\nlocals: {}\n...\n'), [])
})

t.test('a block needs a mapping', async (t) => {
  t.match(first('resource:\n  trifacta_person: jane\n'), {
    code: 'lang/yaml-structure',
    detail: /a name/,
    span: { start: { line: 2, column: 20 } },
  })
  t.match(first('locals: 3\n'), { code: 'lang/yaml-structure' })
  t.match(first('- a\n- b\n'), { code: 'lang/yaml-structure' })
})

t.test('nothing, comments and blocks without content are fine', async (t) => {
  for (const text of [
    '',
    '# nothing\n',
    '---\n',
    'locals:\n',
    'resource:\n',
    'resource:\n  trifacta_person:\n',
    '\ufefflocals: {a: 1}\n',
    'locals:\r\n  a: 1\r\n',
  ]) {
    t.same(found(text), [], JSON.stringify(text))
  }
  t.equal(parseYaml('variable:\n  x:\n  y:\n', 'f.yaml').body.blocks.length, 2)
  t.equal(parseYaml('resource:\n  trifacta_person:\n', 'f.yaml').body.blocks.length, 0)
})

t.test(
  'a mistake in YAML near an expression hides neither the next one nor what the rest of the file says',
  async (t) => {
    const text =
      'locals:\n  a: ${x ? "a" : "b"}\n  b: 012\n  c: [${var.x}]\n  d: ${"x" == "y: z"}\n  e: ${var.x}\n'
    t.same(found(text), [
      '2:6 lang/yaml-syntax',
      '3:6 lang/yaml-number',
      '4:8 lang/yaml-syntax',
      '5:6 lang/yaml-syntax',
    ])
    const { body } = parseYaml(text, 'f.yaml')
    t.match(body.blocks[0]?.body.attributes, [
      { name: 'a', value: { kind: 'broken' } },
      {},
      { name: 'c', value: { kind: 'broken' } },
      {},
      { name: 'e', value: { kind: 'attribute' } },
    ])
    t.same(found('locals:\n  a: "x\n  b: 1\nresource: {}\n'), ['2:6 lang/yaml-syntax'])
  },
)
