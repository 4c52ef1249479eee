import t from 'tap'
import { parseHcl } from '../../../src/lang/hcl/parser.js'
import { showBody, showPlaces } from './show-tree.js'

/** The errors of a file, by code and place, and what is left of its tree. */
const errors = (text: string): string[] => showPlaces(parseHcl(text, 'test.hcl').diagnostics)
const tree = (text: string): string => showBody(parseHcl(text, 'test.hcl').body)

t.test('all errors of a file are reported at once, each at its place', async (t) => {
  const text = `
resource "a" "b" {
  x = "abc
  y = 2
  z = 'q'
  w = 1 2
}
u: 3
v = [1, 2
s = 1; r = 2
s = 3
`
  t.strictSame(errors(text), [
    'hcl/unterminated-string 3:7',
    'hcl/single-quotes 5:7',
    'hcl/unexpected-token 6:9',
    'hcl/missing-equals 8:2',
    'hcl/unclosed-bracket 9:5',
    'hcl/semicolon 10:6',
    'hcl/duplicate-attribute 11:1',
  ])
  t.equal(
    tree(text),
    `u = 3
v = BROKEN
s = 1
r = 2
resource "a" "b" {
  x = BROKEN
  y = 2
  z = BROKEN
  w = 1
}
`,
  )
})

t.test('a message says what is wrong, where and what to do', async (t) => {
  const [first] = parseHcl("name = 'jane'\n", 'people.hcl').diagnostics
  t.strictSame(first, {
    severity: 'error',
    code: 'hcl/single-quotes',
    summary: 'Single quotes around a string',
    detail: 'Strings do not stand between single quotes.',
    help: 'Use double quotes: "…".',
    span: {
      file: 'people.hcl',
      start: { line: 1, column: 8, offset: 7 },
      end: { line: 1, column: 14, offset: 13 },
    },
  })
})

const cases: Readonly<Record<string, readonly (readonly [text: string, ...errors: string[]])[]>> = {
  'an equals sign that is missing or another one': [
    ['a 1\n', 'hcl/missing-equals 1:3'],
    ['a "x"\n', 'hcl/missing-equals 1:3'],
    ['a b\n', 'hcl/missing-equals 1:3'],
    ['a\n', 'hcl/missing-equals 1:1'],
    ['a: 1\n', 'hcl/missing-equals 1:2'],
    ['a == 1\n', 'hcl/missing-equals 1:3'],
    ['a = { b 1 }\n', 'hcl/missing-equals 1:9'],
    ['a = {\n  b {\n    c = 1\n  }\n}\n', 'hcl/missing-equals 2:5'],
  ],
  'a value that is missing': [
    ['a =\nb = 1\n', 'hcl/missing-value 1:3'],
    ['a = # nothing\n', 'hcl/missing-value 1:3'],
    ['a = 1 +\nb = 1\n', 'hcl/expected-expression 1:7'],
    ['a = { b }\nc = { d, e = 1 }\n', 'hcl/missing-value 1:9', 'hcl/missing-value 2:8'],
    ['a = [1,,2]\n', 'hcl/expected-expression 1:8'],
    ['a = ,\nb = f(,)\n', 'hcl/expected-expression 1:5', 'hcl/expected-expression 2:7'],
  ],
  'quotes that are missing or of another kind': [
    ['a = "b\nc = 1\n', 'hcl/unterminated-string 1:5'],
    ['a = b"\nc = 1\n', 'hcl/unterminated-string 1:6'],
    ['a = f("b)\nc = 1\n', 'hcl/unterminated-string 1:7'],
    ['a = ["b, "c"]\nd = 1\n', 'hcl/unterminated-string 1:12'],
    ['a = [\n  "b,\n  "c",\n]\nd = "e\n', 'hcl/unterminated-string 2:3', 'hcl/unterminated-string 5:5'],
    ['a = "one\ntwo"\nb = 1\n', 'hcl/unterminated-string 1:5'],
    ['a = "b\\"\nc = 1\n', 'hcl/unterminated-string 1:5'],
    ["a = 'b'\n", 'hcl/single-quotes 1:5'],
    ['a = “b”\n', 'hcl/curly-quotes 1:5'],
    ['a = `b`\n', 'hcl/back-quotes 1:5'],
    ['"a" = 1\nb = 2\n', 'hcl/quoted-name 1:1'],
  ],
  'escapes that there are not': [
    ['a = "C:\\Users \\u12 \\ud800 \\q"\n', ...[8, 15, 20, 27].map((c) => `hcl/invalid-escape 1:${c}`)],
  ],
  'braces that are missing': [
    ['a "b" {\n  c = 1\n', 'hcl/unclosed-block 1:7'],
    ['a {\n  b {\n    c = 1\n}\n\nd {\n}\n', 'hcl/unclosed-block 2:5'],
    ['a {\n  b = {\n    c = 1\n}\n', 'hcl/unclosed-block 2:7'],
    ['a {\n  b = {\n    c = 1\n\nd "e" {\n}\n', 'hcl/unclosed-block 1:3', 'hcl/unclosed-bracket 2:7'],
    ['a "b"\n{\n  c = 1\n}\n', 'hcl/missing-brace 2:1'],
    ['a "b" "c"\n  d = 1\n}\ne = 2\n', 'hcl/missing-brace 1:7'],
    ['}\na = 1\n}\n', 'hcl/unexpected-closer 1:1', 'hcl/unexpected-closer 3:1'],
  ],
  'brackets that are missing or of another kind': [
    ['a = [1, 2\nb = 3\n', 'hcl/unclosed-bracket 1:5'],
    ['a = f(1\nb = 3\n', 'hcl/unclosed-bracket 1:6'],
    ['a = (1\nb = 3\n', 'hcl/unclosed-bracket 1:5'],
    ['a = b[1\nb = 3\n', 'hcl/unclosed-bracket 1:6'],
    ['a {\n  b = [\n    1,\n}\nc = 1\n', 'hcl/unclosed-bracket 2:7'],
    ['a = [f(1]\nb = 2\n', 'hcl/unclosed-bracket 1:7'],
    ['a = [1, 2}\nb = (1]\n', 'hcl/mismatched-bracket 1:10', 'hcl/mismatched-bracket 2:7'],
    ['a = [1, [2, [3\n', 'hcl/unclosed-bracket 1:13'],
    ['a = 1)\nb = 2]\nc = 3\n', 'hcl/unexpected-token 1:6', 'hcl/unexpected-token 2:6'],
  ],
  'commas and line breaks': [
    ['a = [1 2]\nb = f(1 2)\n', 'hcl/missing-comma 1:8', 'hcl/missing-comma 2:9'],
    ['a = { b = 1 c = 2 }\n', 'hcl/missing-comma 1:13'],
    ['a = 1, b = 2\n', 'hcl/unexpected-comma 1:6'],
    ['a = 1,\nb = 2;\n', 'hcl/unexpected-comma 1:6', 'hcl/semicolon 2:6'],
    ['a = [1; 2]\n', 'hcl/semicolon 1:7'],
    ['a = 1 b = 2\n', 'hcl/missing-newline 1:7'],
    ['a {\n  b = 1 }\nc {} d {}\n', 'hcl/missing-newline 2:9', 'hcl/missing-newline 3:6'],
    ['a { b = 1, c = 2 }\n', 'hcl/one-line-block 1:10'],
    ['a { b = 1\n  c = 2\n}\n', 'hcl/one-line-block 1:9'],
    ['a { b {} }\n', 'hcl/one-line-block 1:5'],
  ],
  'expressions over several lines': [
    ['a = 1 +\n  2\nb = 3\n', 'hcl/newline-in-expression 1:7'],
    ['a = b\n  ? c\n  : d\ne = 1\n', 'hcl/newline-in-expression 2:3'],
    ['a = b ?\n  c : d\n', 'hcl/newline-in-expression 1:7'],
  ],
  'text after an expression': [
    ['a = b c\nd = e "f"\ng = h = i\n', ...[7, 7, 7].map((c, i) => `hcl/unexpected-token ${i + 1}:${c}`)],
    ['a = (1, 2)\nb = c[1, 2]\n', 'hcl/unexpected-token 1:7', 'hcl/unexpected-token 2:8'],
  ],
  'blocks with odd headers': [
    ['a "b${c}" "d" {\n  e = 1\n}\n', 'hcl/template-in-label 1:5'],
    ['a "b {\n  c = 1\n}\nd = 1\n', 'hcl/unterminated-string 1:3'],
    ['a "b" c" {\n  d = 1\n}\n', 'hcl/unterminated-string 1:8'],
    ['a "b", "c" {\n  d = 1\n}\n', 'hcl/invalid-block-header 1:6'],
    ['a b = 1\nc = 2\n', 'hcl/invalid-block-header 1:5'],
    ['a.b = 1\nc[0] = {\n  d = 1\n}\n', 'hcl/dotted-name 1:1', 'hcl/dotted-name 2:1'],
    ['5 = a\n* = 1\n', 'hcl/expected-item 1:1', 'hcl/newline-in-expression 2:1'],
  ],
  heredocs: [
    ['a = <<EOT\nb\n', 'hcl/unterminated-heredoc 1:5'],
    ['a {\n  b = <<EOT\nc\n}\n', 'hcl/unterminated-heredoc 2:7'],
    ['a = <<EOT\nb\nEOT', 'hcl/unterminated-heredoc 3:1'],
    ["a = f(<<EOT\nb\nEOT)\nc = 'd'\n", 'hcl/heredoc-marker 3:1', 'hcl/single-quotes 4:5'],
    ['a = << EOT\nb\n', 'hcl/heredoc-introducer 1:5', 'hcl/missing-equals 2:1'],
    ['a = <<"EOT"\n', 'hcl/heredoc-introducer 1:5'],
  ],
  'template sequences': [
    ['a = "${b"\nc = 1\n', 'hcl/unclosed-interpolation 1:6'],
    ['a = "${b c}"\n', 'hcl/invalid-interpolation 1:10'],
    ['a = "${}"\n', 'hcl/expected-expression 1:8'],
    ['a = "${b:-c}"\n', 'hcl/invalid-interpolation 1:9'],
    ['a = "${f("b)}"\nc = 1\n', 'hcl/unclosed-bracket 1:9'],
    ['a = {\n  b = "${f("c)}"\n  d = 1 2\n}\n', 'hcl/unclosed-bracket 2:11', 'hcl/missing-comma 3:9'],
    [
      'a = <<E\n${b c} ${d\ntext } "\nE\ne = 1\n',
      'hcl/invalid-interpolation 2:5',
      'hcl/unclosed-interpolation 2:8',
    ],
  ],
  'numbers that are none': [
    ['a = 1.2.3\nb = 0x10\nc = 12abc\n', ...[1, 2, 3].map((l) => `hcl/invalid-number ${l}:5`)],
    ['a = 1e9999\n', 'lang/number-range 1:5'],
  ],
  'operators and characters that are none': [
    ['a = b & c\nd = e | f\n', 'hcl/bitwise-operator 1:7', 'hcl/bitwise-operator 2:7'],
    ['a = 2 ** 3\n', 'hcl/expected-expression 1:8'],
    ['a = @\nb = #\n', 'hcl/invalid-character 1:5', 'hcl/missing-value 2:3'],
    ['a = b\u00a0+ c\n', 'hcl/invalid-character 1:6'],
  ],
  'steps, calls and for expressions': [
    [
      'a = b.\nc = d."e"\nf = g.[0]\n',
      ...['1:6', '2:7', '3:7'].map((p) => `hcl/invalid-attribute-name ${p}`),
    ],
    ['a = b.*.*\n', 'hcl/nested-splat 1:9'],
    ['a = b[]\n', 'hcl/expected-expression 1:7'],
    ['a = f(b..., c)\n', 'hcl/invalid-expansion 1:8'],
    ['a = b::c\nd = e::\n', 'hcl/invalid-call 1:5', 'hcl/invalid-call 2:6'],
    ['a = [for b c : d]\n', 'hcl/invalid-for 1:12'],
    ['a = [for b in c d]\n', 'hcl/invalid-for 1:17'],
    ['a = {for b in c : d}\n', 'hcl/invalid-for 1:19'],
    ['a = [for b in c : d => e]\n', 'hcl/invalid-for 1:19'],
    ['a = { b.c = 1 }\n', 'hcl/ambiguous-key 1:7'],
    ['a = b ? c\n', 'hcl/missing-colon 1:9'],
  ],
  'a comment without end': [['a = 1\n/* b\nc = 2', 'hcl/unterminated-comment 2:1']],
}

for (const [name, examples] of Object.entries(cases)) {
  t.test(`${name}: one mistake, one error`, async (t) => {
    for (const [text, ...expected] of examples) t.strictSame(errors(text), expected, JSON.stringify(text))
  })
}

t.test('what follows a mistake is understood', async (t) => {
  t.equal(tree('a "b" "c"\n  d = 1\n}\ne = 2\n'), 'e = 2\na "b" "c" {\n  d = 1\n}\n')
  t.equal(tree('a = "${f("b)}"\nc = 1\n'), 'a = BROKEN\nc = 1\n')
  t.equal(tree('a = [1, ?, 3]\nb = 2\n'), 'a = [1, BROKEN, 3]\nb = 2\n')
  t.equal(tree('a = f(1, <>, x(2))\n'), 'a = f(1, BROKEN, x(2))\n')
  t.equal(tree('a = {\n  b = ?\n  c = 3\n}\n'), 'a = {"c" = 3}\n')
  t.equal(tree('a = f(<<EOT\nb\nEOT)\nc = 1\n'), 'a = f("b\\n")\nc = 1\n')
  t.equal(tree('a = 1 +\n  2\nb = 3\n'), 'a = (1 + 2)\nb = 3\n')
})
