import t from 'tap'
import { parseExpression } from '../../../src/lang/hcl/parser.js'
import { showExpression } from './show-tree.js'

function parsesAs(t: Tap, cases: Readonly<Record<string, string>>): void {
  for (const [text, tree] of Object.entries(cases)) {
    const { expression, diagnostics } = parseExpression(text, 'test.hcl')
    t.strictSame(diagnostics, [], text)
    t.equal(showExpression(expression), tree, text)
  }
}
type Tap = Pick<typeof t, 'strictSame' | 'equal'>

t.test('operators bind as in HashiCorp HCL, and equal ones from the left', async (t) => {
  parsesAs(t, {
    '1 + 2 * 3': '(1 + (2 * 3))',
    '1 - 2 - 3': '((1 - 2) - 3)',
    'a == b != c': '((a == b) != c)',
    'a || b && c == d < e + f * -g': '(a || (b && (c == (d < (e + (f * (-g)))))))',
    '!a.b[0]': '(!a.b[0])',
    '- -1': '(-(-1))',
    '(a + b) * c': '(par((a + b)) * c)',
    'a ? b : c ? d : e': '(a ? b : (c ? d : e))',
    'a ? b ? 1 : 2 : 3': '(a ? (b ? 1 : 2) : 3)',
    'a-b - c': '(a-b - c)',
  })
})

t.test('literals are read exactly', async (t) => {
  parsesAs(t, {
    '12345678901234567890': '12345678901234567890',
    '0.1': '0.1',
    '1.50e2': '150',
    '1e30': '1000000000000000000000000000000',
    '010': '10',
    true: 'true',
    null: 'null',
    '"a\\n\\"\\\\\\t\\r"': '"a\\n\\"\\\\\\t\\r"',
    '"\\u00e9\\U0001F600"': '"é😀"',
    '""': '""',
  })
  t.equal(showExpression(parseExpression('1e400', 'f').expression), `1${'0'.repeat(400)}`)
})

t.test('steps into values are names, indexes, legacy indexes and splats', async (t) => {
  parsesAs(t, {
    'a.b["c"][d]': 'a.b["c"][d]',
    'a . b [ 0 ]': 'a.b[0]',
    'a.0.b': 'a.0.b',
    'a.0.1': 'a.0.1',
    'a.10.20.30.b': 'a.10.20.30.b',
    'a.*.b.0.c[1]': 'a.*<@.b.0.c>[1]',
    'a.*': 'a.*<@>',
    'a[*].b[0][*].c': 'a[*]<@.b[0][*]<@.c>>',
    'f(x).y': 'f(x).y',
    '{ a = 1 }.a': '{"a" = 1}.a',
    '"${a}".b': 'template($(a)).b',
  })
})

t.test('tuples and objects take commas or line breaks, and bare names as keys are strings', async (t) => {
  parsesAs(t, {
    '[]': '[]',
    '[1, [2], 3,]': '[1, [2], 3]',
    '[\n1\n,\n2\n]': '[1, 2]',
    '{}': '{}',
    '{ a = 1, "b c" : 2, (d) = 3, 4 = 5, }': '{"a" = 1, "b c" = 2, par(d) = 3, 4 = 5}',
    '{\n\n a = 1\n b = 2,\n\n c : 3 }': '{"a" = 1, "b" = 2, "c" = 3}',
    '{ true = 1, null = 2, "${x}" = 3 }': '{"true" = 1, "null" = 2, template($(x)) = 3}',
    '{ upper("a") = 1 }': '{upper("a") = 1}',
  })
})

t.test('for expressions have all their parts', async (t) => {
  parsesAs(t, {
    '[for x in y : x.z if x != ""]': 'for(x in y: x.z if (x != ""))',
    '[for i, x in [1] : i]': 'for(i, x in [1]: i)',
    '{ for k, v in m : k => v }': 'for(k, v in m: k => v)',
    '{\nfor k, v\nin m :\nv\n=> k...\nif k\n}': 'for(k, v in m: v => k... if k)',
  })
})

t.test('calls take lists of arguments, expansion and namespaces', async (t) => {
  parsesAs(t, {
    'f()': 'f()',
    'f(1, a,)': 'f(1, a)',
    'f (\n1,\n2\n)': 'f(1, 2)',
    'f(a, b...)': 'f(a, b...)',
    'core::string::upper("x")': 'core::string::upper("x")',
    'true(1)': 'true(1)',
  })
})

t.test('line breaks and comments mean nothing in brackets', async (t) => {
  parsesAs(t, {
    '(\n1 # one\n+ // plus\n2 /* two */\n)': 'par((1 + 2))',
    'a[\n0\n]': 'a[0]',
    '[a\n? b\n: c]': '[(a ? b : c)]',
  })
})

t.test('identifiers are those of Unicode, with dashes, and normalised', async (t) => {
  parsesAs(t, {
    'größe-2': 'größe-2',
    _x: '_x',
    名前: '名前',
  })
  t.equal(showExpression(parseExpression('e\u0301.e\u0301', 'f').expression), '\u00e9.\u00e9')
})

t.test('every node says where it is', async (t) => {
  const { expression } = parseExpression('  foo.bar[ "k" ] + -2', 'f')
  t.match(expression, {
    kind: 'binary',
    span: { start: { line: 1, column: 3, offset: 2 }, end: { line: 1, column: 22, offset: 21 } },
    operatorSpan: { start: { offset: 17 }, end: { offset: 18 } },
    left: {
      kind: 'index',
      span: { start: { offset: 2 }, end: { offset: 16 } },
      key: { span: { start: { offset: 11 }, end: { offset: 14 } } },
      object: { kind: 'attribute', nameSpan: { start: { offset: 6 }, end: { offset: 9 } } },
    },
    right: { kind: 'unary', span: { start: { offset: 19 }, end: { offset: 21 } } },
  })
})

t.test('an expression can stand anywhere in a file', async (t) => {
  const { expression, diagnostics } = parseExpression('a +\n  +', 'f.yaml', {
    line: 7,
    column: 10,
    offset: 100,
  })
  t.match(expression, { kind: 'broken' })
  t.match(diagnostics, [{ span: { file: 'f.yaml', start: { line: 8, column: 3, offset: 106 } } }])
  const { expression: b } = parseExpression('a + b', 'f', { line: 7, column: 10, offset: 100 })
  t.match(b, { right: { span: { start: { line: 7, column: 14, offset: 104 } } } })
})

t.test('what follows an expression is an error', async (t) => {
  t.match(parseExpression('a b', 'f').diagnostics, [{ code: 'hcl/unexpected-token' }])
  t.match(parseExpression('', 'f').diagnostics, [{ code: 'hcl/expected-expression' }])
})
