import fc from 'fast-check'
import t from 'tap'
import { parseDocument, Scalar, stringify } from 'yaml'
import { scalarText } from '../../../src/lang/yaml/scalar.js'

function textOf(yaml: string) {
  const document = parseDocument(yaml, { schema: 'failsafe' })
  return scalarText(document.get('a', true) as Scalar<string>, yaml)
}

/** The characters of the file that the parts of the value come from. */
function origins(yaml: string): string {
  const from = textOf(yaml)
  return [...Array(from.value.length).keys()].map((i) => yaml[from.offset(i)]).join('')
}

t.test('a scalar on one line is taken as it stands', async (t) => {
  t.match(textOf('a: plain text\n'), { value: 'plain text', verbatim: true, plain: true })
  t.match(textOf('a: "quoted"\n'), { value: 'quoted', verbatim: true, plain: false })
  t.equal(textOf('a: "quoted"\n').offset(0), 4)
  t.equal(textOf('a: "quoted"\n').offset(6), 10)
})

t.test(
  'every character of a scalar with escapes, folding or indentation is found again in the file',
  async (t) => {
    t.equal(origins('a: "x\\n\\"y\\"\\u0041z"\n'), 'x\\\\y\\\\z')
    t.equal(origins("a: 'it''s'\n"), "it's")
    t.equal(origins('a: one\n  two\n'), 'one\ntwo')
    t.equal(origins('a: "one\n\n  two"\n'), 'one\ntwo')
    t.equal(origins('a: "one \\\n   two"\n'), 'one two')
    t.equal(origins('a: |\n  one\n    two\n  three\n'), 'one\n  two\nthree\n')
    t.equal(origins('a: >-\n  one\n  two\n\n  three\n'), 'one\ntwo\nthree')
    t.equal(origins('a: |2\n   one\n  two\n'), ' one\ntwo\n')
    t.equal(origins('a: |\r\n  one\r\n  two\r\n'), 'one\rtwo\r')
    t.equal(origins('a: "\\U0001F600x"\n'), '\\\\x')
  },
)

t.test('in whatever style a text is written, letters keep their places', async () => {
  const styles = ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const
  const texts = fc.array(
    fc.constantFrom('a', 'b', 'c$', '{x}', ' ', '  ', '\n', "'", '"', '\\', '\t', 'é', '😀', '#', ':'),
    {
      maxLength: 30,
    },
  )
  fc.assert(
    fc.property(
      texts,
      fc.constantFrom(...styles),
      fc.integer({ min: 20, max: 80 }),
      (parts, type, lineWidth) => {
        const scalar = new Scalar(parts.join(''))
        scalar.type = type
        const yaml = stringify({ a: scalar }, { lineWidth })
        // The library does not quote every plain text that needs it.
        const read = parseDocument(yaml, { schema: 'failsafe' }).get('a', true)
        fc.pre(read instanceof Scalar && read.value === parts.join(''))
        const from = textOf(yaml)
        let last = 0
        for (let i = 0; i < from.value.length; i++) {
          const at = from.offset(i)
          if (at < last) return false
          last = at
          if (/[a-zé{}$]/.test(from.value[i] as string) && yaml[at] !== from.value[i]) return false
        }
        return true
      },
    ),
    { numRuns: 300, seed: 42 },
  )
})
