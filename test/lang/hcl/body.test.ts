import t from 'tap'
import { parseHcl } from '../../../src/lang/hcl/parser.js'
import { showBody } from './show-tree.js'

function tree(t: { strictSame(a: unknown, b: unknown): unknown }, text: string): string {
  const { body, diagnostics } = parseHcl(text, 'test.hcl')
  t.strictSame(diagnostics, [])
  return showBody(body)
}

t.test('a body holds attributes and blocks', async (t) => {
  t.equal(
    tree(
      t,
      `
a = 1
resource "trifacta_person" "jane" {
  email = "jane@example.com"

  lifecycle {
    prevent_destroy = true
  }
}
`,
    ),
    `a = 1
resource "trifacta_person" "jane" {
  email = "jane@example.com"
  lifecycle {
    prevent_destroy = true
  }
}
`,
  )
})

t.test('labels stand in quotes or alone, and a block may stand on one line', async (t) => {
  t.equal(
    tree(t, 'a b "c d" e {}\nf { g = 1 }\nh { }\ni "\\u00e9\\"$${x}" {\n}\n'),
    'a "b" "c d" "e" {\n}\nf {\n  g = 1\n}\nh {\n}\ni "é\\"${x}" {\n}\n',
  )
})

t.test('comments may stand wherever a space may', async (t) => {
  t.equal(
    tree(t, '# a\n// b\n/* c\nd */ x /* e */ = /* f */ 1 /* g */ # h\ny "z" /* i */ { // j\n}\n# k'),
    'x = 1\ny "z" {\n}\n',
  )
})

t.test('a comment in the middle of a line does not end it', async (t) => {
  t.equal(tree(t, 'x = 1 + /* one\ntwo */ 2\n'), 'x = (1 + 2)\n')
})

t.test('the last line needs no line break, but for a heredoc', async (t) => {
  t.equal(tree(t, 'x = 1'), 'x = 1\n')
  t.equal(tree(t, 'x {}'), 'x {\n}\n')
  t.equal(tree(t, ''), '')
  t.equal(parseHcl('x = <<E\na\nE', 'f').diagnostics[0]?.code, 'hcl/unterminated-heredoc')
})

t.test('a byte order mark and CRLF are accepted, and columns do not count the mark', async (t) => {
  const { body, diagnostics } = parseHcl('\ufeffx = 1\r\ny = 2\r\n', 'f')
  t.strictSame(diagnostics, [])
  t.match(body.attributes, [
    { name: 'x', nameSpan: { start: { line: 1, column: 1, offset: 1 } } },
    { name: 'y', nameSpan: { start: { line: 2, column: 1, offset: 8 } } },
  ])
})

t.test('columns count code points, offsets count UTF-16 units', async (t) => {
  const { body } = parseHcl('a = "😀😀" + b # 😀\nc = ["😀", d]\n', 'f')
  t.match(body.attributes, [
    { value: { right: { span: { start: { line: 1, column: 12, offset: 13 } } } } },
    { value: { items: [{}, { span: { start: { line: 2, column: 11 } } }] } },
  ])
})

t.test('attributes, blocks and bodies know their places', async (t) => {
  const { body } = parseHcl('a "b" {\n  c = 1\n}\n', 'f')
  t.match(body.blocks[0], {
    typeSpan: { start: { offset: 0 }, end: { offset: 1 } },
    labels: [{ text: 'b', span: { start: { offset: 2 }, end: { offset: 5 } } }],
    span: { start: { offset: 0 }, end: { offset: 17, line: 3, column: 2 } },
    body: {
      span: { start: { offset: 6 }, end: { offset: 17 } },
      attributes: [
        {
          nameSpan: { start: { offset: 10 }, end: { offset: 11 } },
          span: { start: { offset: 10 }, end: { offset: 15 } },
        },
      ],
    },
  })
})

t.test('names are data: __proto__ is one like any other', async (t) => {
  t.equal(
    tree(t, '__proto__ = 1\nconstructor = { __proto__ = 2 }\n'),
    '__proto__ = 1\nconstructor = {"__proto__" = 2}\n',
  )
})
