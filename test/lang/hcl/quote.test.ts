import fc from 'fast-check'
import t from 'tap'
import { parseExpression } from '../../../src/lang/hcl/parser.js'
import { quoteString } from '../../../src/lang/hcl/quote.js'

t.test('a quoted string shows what would not be seen, and templates stay text', async (t) => {
  t.equal(quoteString('a "b" \\ c\n\td'), '"a \\"b\\" \\\\ c\\n\\td"')
  t.equal(quoteString('${a} %{b} $${c} $ %'), '"$${a} %%{b} $$${c} $ %"')
  t.equal(quoteString('\u001b[31m\u202e\u0000\u2028'), '"\\u001b[31m\\u202e\\u0000\\u2028"')
  t.equal(quoteString('é 👩‍💻'), '"é 👩‍💻"')
})

t.test('any text survives being quoted and read', async (t) => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('$', '{', '%', '"', '\\', '\n', '\r')),
      ),
      (parts) => {
        const text = parts.join('')
        const { expression, diagnostics } = parseExpression(quoteString(text), 'f')
        t.strictSame(diagnostics, [])
        t.match(expression, { kind: 'literal', value: text.normalize('NFC') })
      },
    ),
    { seed: 1, numRuns: 200 },
  )
})
