import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import type { Diagnostic } from '../../../src/core/diagnostic.js'
import { formatHcl } from '../../../src/lang/hcl/format.js'
import { parseExpression, parseHcl, parseTemplate } from '../../../src/lang/hcl/parser.js'
import { showBody } from './show-tree.js'

const corpus = join(process.cwd(), 'test/lang/hcl/corpus')
const files = readdirSync(corpus)
  .filter((name) => name.endsWith('.hcl'))
  .map((name) => readFileSync(join(corpus, name), 'utf8'))

const bits = fc.constantFrom(
  ...[
    '"',
    '${',
    '%{',
    '}',
    '{',
    '[',
    ']',
    '(',
    ')',
    '<<EOT\n',
    '<<-E\n',
    'EOT\n',
    'E\n',
    '\n',
    '\r\n',
    '\\',
    '#',
    '/*',
  ],
  ...[
    '*/',
    '=',
    ':',
    ',',
    '.',
    '...',
    '~}',
    '${~',
    ' ',
    'for x in y',
    'if',
    'else',
    'endif',
    'endfor',
    'a',
    'é',
    '😀',
  ],
  ...[
    '1',
    '1.',
    '1e',
    "'",
    '“',
    ';',
    '?',
    '!',
    '-',
    '*',
    '&&',
    '=>',
    '::',
    '<',
    '\ufeff',
    '\ud800',
    '\u0000',
    'b "c" {\n',
  ],
)
const soup = fc.array(bits, { maxLength: 60 }).map((parts) => parts.join(''))

/** A valid file in which something is cut out, doubled or put in. */
const mutated = fc
  .record({
    file: fc.constantFrom(...files),
    at: fc.nat(),
    length: fc.integer({ min: 0, max: 20 }),
    insert: fc.oneof(fc.constant(''), bits),
  })
  .map(({ file, at, length, insert }) => {
    const start = at % file.length
    return file.slice(0, start) + insert + file.slice(start + length)
  })

function placed(text: string, diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.every(
    ({ span, help, code }) =>
      span !== undefined &&
      help !== undefined &&
      /^(hcl|lang)\/[a-z-]+$/.test(code) &&
      span.start.offset >= 0 &&
      span.start.offset <= span.end.offset &&
      span.end.offset <= text.length &&
      span.start.line >= 1 &&
      span.start.column >= 1,
  )
}

t.test('whatever the text, the parsers return diagnostics with places and never throw', async (t) => {
  fc.assert(
    fc.property(fc.oneof(soup, mutated, fc.string({ unit: 'binary', maxLength: 40 })), (text) => {
      for (const parse of [parseHcl, parseExpression, parseTemplate]) {
        const { diagnostics } = parse(text, 'f')
        if (!placed(text, diagnostics)) t.fail(JSON.stringify({ text, diagnostics }))
      }
    }),
    { seed: 20, numRuns: 1000 },
  )
})

t.test('no error is reported twice at the same place', async (t) => {
  fc.assert(
    fc.property(fc.oneof(soup, mutated), (text) => {
      const places = parseHcl(text, 'f').diagnostics.map((d) => `${d.code} ${d.span?.start.offset}`)
      t.strictSame(places, [...new Set(places)], JSON.stringify(text))
    }),
    { seed: 21, numRuns: 300 },
  )
})

t.test('what can be formatted means the same, and formatting it again changes nothing', async (t) => {
  fc.assert(
    fc.property(fc.oneof(soup, mutated), (text) => {
      const once = formatHcl(text, 'f')
      if (once.diagnostics.length > 0) {
        t.equal(once.text, text)
        return
      }
      const again = formatHcl(once.text, 'f')
      t.strictSame(again, { text: once.text, diagnostics: [] }, JSON.stringify(text))
      t.equal(
        showBody(parseHcl(once.text, 'f').body),
        showBody(parseHcl(text, 'f').body),
        JSON.stringify(text),
      )
    }),
    { seed: 22, numRuns: 300 },
  )
})

t.test('the positions of a text are those that a walk over its code points finds', async (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'é', '😀', '\n', '"', ' ', '=', '@', "'"), { maxLength: 40 }),
      (parts) => {
        const text = parts.join('')
        for (const { span } of parseHcl(text, 'f').diagnostics) {
          const before = [...text.slice(0, span?.start.offset)]
          const line = before.filter((c) => c === '\n').length + 1
          const column = before.length - before.lastIndexOf('\n')
          t.match(span?.start, { line, column }, JSON.stringify(text))
        }
      },
    ),
    { seed: 23, numRuns: 300 },
  )
})
