import t from 'tap'
import { columns, escapeLine, escapeText, objectKey, quote } from '../../src/views/escape.js'
import { chooseStyle } from '../../src/views/style.js'

const cases: readonly (readonly [string, Parameters<typeof chooseStyle>[0], boolean])[] = [
  ['a terminal has colour', { flag: true, env: {}, terminal: true }, true],
  ['a file or pipe has none', { flag: true, env: {}, terminal: false }, false],
  ['--no-color takes it away', { flag: false, env: { FORCE_COLOR: '1' }, terminal: true }, false],
  ['NO_COLOR takes it away', { flag: true, env: { NO_COLOR: '1' }, terminal: true }, false],
  ['an empty NO_COLOR does not', { flag: true, env: { NO_COLOR: '' }, terminal: true }, true],
  ['a dumb terminal has none', { flag: true, env: { TERM: 'dumb' }, terminal: true }, false],
  ['FORCE_COLOR gives it', { flag: true, env: { FORCE_COLOR: '1', NO_COLOR: '1' }, terminal: false }, true],
  ['FORCE_COLOR=0 takes it away', { flag: true, env: { FORCE_COLOR: '0' }, terminal: true }, false],
]

for (const [name, facts, expected] of cases)
  t.test(name, async (t) => {
    t.equal(chooseStyle(facts).colored, expected)
  })

t.test('text from anywhere is made harmless, and stays readable', async (t) => {
  t.equal(escapeLine('a\tb\nc\u001b[0m\u009b'), 'a\\tb\\nc\\u001b[0m\\u009b')
  t.equal(escapeLine('Zoë 日本 👍'), 'Zoë 日本 👍')
  t.equal(escapeLine('\u{e0001}\ud800'), '\\U000e0001\\ud800')
  t.equal(escapeText('a\r\nb\rc'), 'a\nb\\rc')
  t.equal(quote('a"b\\c${d}%{e}$f'), '"a\\"b\\\\c$${d}%%{e}$f"')
  t.equal(objectKey('snake_case-2'), 'snake_case-2')
  t.equal(objectKey('a b'), '"a b"')
})

t.test('columns are counted as a terminal shows them', async (t) => {
  t.equal(columns('abc'), 3)
  t.equal(columns('日本'), 4)
  t.equal(columns('e\u0301'), 1)
  t.equal(columns('👍'), 2)
})
