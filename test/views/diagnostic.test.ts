import t from 'tap'
import type { Diagnostic, Position, Span } from '../../src/core/diagnostic.js'
import { diagnosticsText, diagnosticText } from '../../src/views/diagnostic.js'
import { diagnosticJson, validationJson } from '../../src/views/diagnostic-json.js'
import { colored, plain } from '../../src/views/style.js'
import { golden } from '../golden.js'

const source = `# people
resource "trifacta_person" "jane" {
  email = "jane@example.com"
\tname  = "日本" + missing
}

output "all" { value = nowhere }
locals {
  a = 1
}
# outside
`

/** The span of a text in the source. */
function at(text: string, of = source): Span {
  const position = (offset: number): Position => {
    const before = of.slice(0, offset)
    const line = before.split('\n').length
    return { line, column: [...(before.split('\n').at(-1) ?? '')].length + 1, offset }
  }
  const start = of.indexOf(text)
  return { file: 'main.hcl', start: position(start), end: position(start + text.length) }
}

const sources = new Map([['main.hcl', source]])

const wrong: Diagnostic = {
  severity: 'error',
  code: 'lang/unknown-reference',
  summary: 'Unknown reference',
  detail: 'There is nothing called "missing".',
  help: 'Did you mean "trifacta_person.jane"?',
  span: at('missing'),
}

t.test('a message shows its source line, with carets under the exact columns', async (t) => {
  golden(t, 'diagnostic.txt', diagnosticText(wrong, sources, { style: plain }))
})

t.test('on a terminal a message stands in a box and long sentences are broken', async (t) => {
  const text = diagnosticText({ ...wrong, severity: 'warning', detail: 'word '.repeat(40).trim() }, sources, {
    style: colored,
    width: 60,
  })
  const bare = text.replace(/\x1b\[[0-9]+m/g, '')
  golden(t, 'diagnostic-box.txt', bare)
  for (const line of bare.split('\n')) t.ok(line.length <= 60 || line.includes('main.hcl'), line)
})

t.test('tools find errors and warnings at the beginning of a line, with and without the box', async (t) => {
  for (const style of [plain, colored]) {
    const bare = diagnosticText(wrong, sources, { style }).replace(/\x1b\[[0-9]+m/g, '')
    t.match(bare, /^([│|] )?(Error: )/m)
    t.match(
      diagnosticText({ ...wrong, severity: 'warning' }, sources, { style }).replace(/\x1b\[[0-9]+m/g, ''),
      /^([│|] )?(Warning: )/m,
    )
  }
})

t.test('errors come after warnings, at the bottom of the screen', async (t) => {
  const text = diagnosticsText([wrong, { ...wrong, severity: 'warning' }], sources, { style: plain })
  t.ok(text.indexOf('Warning: ') < text.indexOf('Error: '))
})

t.test('a message names the block that its place is in, and only then', async (t) => {
  const context = (text: string) =>
    diagnosticText({ ...wrong, span: at(text) }, sources, { style: plain }).split('\n')[3]
  t.equal(context('email'), '  on main.hcl line 3, in resource "trifacta_person" "jane":')
  t.equal(context('nowhere'), '  on main.hcl line 7, in output "all":')
  t.equal(context('a = 1'), '  on main.hcl line 9, in locals:')
  t.equal(context('# outside'), '  on main.hcl line 11:')
  t.equal(context('# people'), '  on main.hcl line 1:')
})

t.test('a place at the very beginning, in an empty line, or past the end does no harm', async (t) => {
  const text = '\n\nx'
  for (const offset of [0, 1, 2, 3, 4, 99]) {
    const position = { line: 1, column: 1, offset }
    const span = { file: 'main.hcl', start: position, end: position }
    t.match(
      diagnosticText({ ...wrong, span }, new Map([['main.hcl', text]]), { style: plain }),
      'main.hcl line 1',
    )
  }
})

t.test('a message without a place, or about an object, needs no source', async (t) => {
  const { span: _, ...placeless } = wrong
  t.equal(
    diagnosticText({ ...placeless, address: 'a_b.c' }, new Map(), { style: plain }),
    '\nError: Unknown reference\n\n  with a_b.c\n\nThere is nothing called "missing".\n\nDid you mean "trifacta_person.jane"?\n',
  )
  t.match(diagnosticText(wrong, new Map(), { style: plain }), '  on main.hcl line 4\n')
})

t.test('very long source lines are cut around the place', async (t) => {
  const text = `x = "${'a'.repeat(5000)}" + missing + "${'b'.repeat(5000)}"`
  const shown = diagnosticText({ ...wrong, span: at('missing', text) }, new Map([['main.hcl', text]]), {
    style: plain,
  })
  t.ok(shown.length < 1000)
  const [line, carets] = shown.split('\n').slice(4, 6) as [string, string]
  t.equal(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1), 'missing')
})

t.test('nothing in a message reaches the terminal as a command', async (t) => {
  const evil = 'x\u001b[2J\u202e'
  const text = diagnosticText(
    {
      ...wrong,
      summary: evil,
      detail: `${evil}\n${evil}`,
      help: evil,
      address: evil,
      span: { ...at('a = 1'), file: evil },
    },
    new Map([[evil, source.replaceAll('1', evil)]]),
    { style: plain },
  )
  t.notMatch(text, /[^\P{Cc}\n]|\p{Cf}/u)
})

t.test('as JSON a message has the documented keys, and offsets in bytes', async (t) => {
  t.strictSame(diagnosticJson(wrong, sources), {
    severity: 'error',
    summary: 'Unknown reference',
    detail: 'There is nothing called "missing".',
    range: {
      filename: 'main.hcl',
      start: { line: 4, column: 17, byte: Buffer.byteLength(source.slice(0, source.indexOf('missing'))) },
      end: { line: 4, column: 24, byte: Buffer.byteLength(source.slice(0, source.indexOf('missing') + 7)) },
    },
    snippet: {
      context: 'resource "trifacta_person" "jane"',
      code: '\tname  = "日本" + missing',
      start_line: 4,
      highlight_start_offset: 20,
      highlight_end_offset: 27,
      values: [],
    },
    code: 'lang/unknown-reference',
    help: 'Did you mean "trifacta_person.jane"?',
  })
  t.match(validationJson([wrong, { ...wrong, severity: 'warning' }], sources), {
    format_version: '1.0',
    valid: false,
    error_count: 1,
    warning_count: 1,
  })
})
