import t from 'tap'
import { plainType } from '../../../src/lang/yaml/scalar-type.js'

const string = { kind: 'string' }

t.test('null, booleans and numbers are those of YAML 1.2', async (t) => {
  for (const text of ['', '~', 'null', 'Null', 'NULL'])
    t.same(plainType(text), { kind: 'literal', value: null }, text)
  for (const text of ['true', 'True', 'TRUE']) t.same(plainType(text), { kind: 'literal', value: true }, text)
  for (const text of ['false', 'False', 'FALSE'])
    t.same(plainType(text), { kind: 'literal', value: false }, text)
  for (const [text, value] of Object.entries({
    '0': 0,
    '12': 12,
    '-3': -3,
    '+4': 4,
    '123456789012': 123456789012,
    '1e3': 1000,
    '-0': 0,
  })) {
    t.same(plainType(text), { kind: 'literal', value }, text)
  }
  t.match(plainType('1.5'), { kind: 'literal' })
  t.match(plainType('.5'), { kind: 'literal' })
})

t.test('words and forms that only YAML 1.1 gives a meaning are text', async (t) => {
  const texts = [
    'yes',
    'no',
    'on',
    'off',
    'y',
    'n',
    'Yes',
    'NO',
    '2024-01-31',
    '1:30',
    '1_000',
    '0b11',
    'tRUE',
    'nulls',
    '1.2.3',
    '+',
    '-',
    '.',
    '1e',
    'e3',
    '<<',
    '=',
  ]
  for (const text of texts) t.same(plainType(text), string, text)
})

t.test('a number that would lose what was written is a mistake', async (t) => {
  t.match(plainType('012345678901'), {
    kind: 'mistake',
    problem: /it would become 12345678901$/,
    help: /account id/,
  })
  for (const text of ['00', '-007', '01.5', '0o17', '0x1F', '.inf', '-.Inf', '.nan']) {
    t.match(plainType(text), { kind: 'mistake', help: /quotes/ }, text)
  }
})
