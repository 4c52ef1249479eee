import fc from 'fast-check'
import t from 'tap'
import { countGraphemes, graphemes } from '../../../src/lang/functions/grapheme.js'

const samples = [
  'a',
  ' ',
  'é',
  'e\u0301',
  '日',
  'カ',
  'ﾞ',
  '한',
  'ᄀ',
  'ᅡ',
  'क',
  '्',
  'ष',
  'ا',
  'א',
  'ׁ',
  'ำ',
  '\u0600',
  'ʰ',
  '👍',
  '👍🏽',
  '👨‍👩‍👧‍👦',
  '🇩',
  '🇪',
  '❤️',
  '#️⃣',
  '\u200d',
  '\ufe0f',
  '\r',
  '\n',
]

t.test('a long text has the graphemes that Unicode says', async (t) => {
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
  const long = fc.array(fc.constantFrom(...samples), { minLength: 1200, maxLength: 1600 })
  fc.assert(
    fc.property(long, (parts) => {
      const text = parts.join('')
      const expected = Array.from(segmenter.segment(text), ({ segment }) => segment)
      t.strictSame(graphemes(text), expected)
      return countGraphemes(text) === expected.length
    }),
    { numRuns: 20 },
  )
})

t.test('a text that is one grapheme for pages loses no character', async (t) => {
  const text = `e${'\u0301'.repeat(5000)}`
  t.equal(graphemes(text).join(''), text)
})
