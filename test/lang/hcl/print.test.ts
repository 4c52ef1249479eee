import fc from 'fast-check'
import t from 'tap'
import { parseNumber } from '../../../src/core/number.js'
import { string } from '../../../src/core/type.js'
import {
  boolValue,
  listValue,
  nullValue,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  unknownValue,
  type Value,
} from '../../../src/core/value.js'
import { formatHcl } from '../../../src/lang/hcl/format.js'
import { parseExpression, parseHcl } from '../../../src/lang/hcl/parser.js'
import { printValue, quoteString } from '../../../src/lang/hcl/print.js'

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

const example = objectValue([
  ['name', stringValue('jane')],
  ['n', numberValue(parseNumber('12345678901234567890.5'))],
  ['ok', boolValue(true)],
  ['none', nullValue()],
  ['for', stringValue('x')],
  ['two words', listValue(string, [stringValue('a'), stringValue('b')])],
  ['nested', objectValue([['empty', tupleValue([])]])],
  ['nothing', objectValue([])],
])

t.test('a value is printed as an expression in canonical layout', async (t) => {
  t.equal(
    printValue(example),
    `{
  "for" = "x"
  n     = 12345678901234567890.5
  name  = "jane"
  nested = {
    empty = []
  }
  none        = null
  nothing     = {}
  ok          = true
  "two words" = ["a", "b"]
}`,
  )
  const file = `x = ${printValue(example)}\n`
  t.strictSame(parseHcl(file, 'f').diagnostics, [])
  t.equal(formatHcl(file, 'f').text, file)
})

t.test('a list that is too long for a line, or whose items are, has a line for each item', async (t) => {
  const long = stringValue('x'.repeat(60))
  const file = `x = ${printValue(tupleValue([long, long, objectValue([['a', long]])]))}\n`
  t.equal(file.split('\n').length, 8)
  t.equal(formatHcl(file, 'f').text, file)
})

t.test('a secret is never printed: the caller says what stands there', async (t) => {
  const secret = objectValue([['key', stringValue('AKIA', true)]])
  t.throws(() => printValue(secret), /cannot be printed/)
  t.throws(() => printValue(unknownValue(string)), /cannot be printed/)
  const conceal = (leaf: Value): string =>
    leaf.kind === 'unknown' ? '(known after apply)' : '(sensitive value)'
  t.equal(printValue(secret, conceal), '{\n  key = (sensitive value)\n}')
})
