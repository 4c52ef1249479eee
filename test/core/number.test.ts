import fc from 'fast-check'
import t from 'tap'
import { Failure } from '../../src/core/diagnostic.js'
import {
  add,
  compareNumbers,
  digits,
  divide,
  formatExponential,
  formatFixed,
  formatNumber,
  fromDouble,
  isInteger,
  modulo,
  multiply,
  negate,
  numberEquals,
  parseNumber,
  roundNumber,
  subtract,
  toDouble,
  toSafeInteger,
} from '../../src/core/number.js'

const n = parseNumber

function codeOf(run: () => unknown): string | undefined {
  try {
    run()
  } catch (failure) {
    if (failure instanceof Failure) return failure.diagnostics[0]?.code
    throw failure
  }
  return undefined
}

t.test('decimals are exact', async (t) => {
  t.ok(numberEquals(add(n('0.1'), n('0.2')), n('0.3')))
  t.equal(formatNumber(n('9007199254740993')), '9007199254740993')
  t.equal(
    formatNumber(multiply(n('9007199254740993'), n('9007199254740993'))),
    '81129638414606699710187514626049',
  )
  t.equal(formatNumber(subtract(9007199254740991, -2)), '9007199254740993')
})

t.test('thirds come out whole again', async (t) => {
  t.ok(numberEquals(multiply(divide(2, 3), 3), 2))
  t.equal(formatNumber(multiply(divide(10, 3), 3)), '10')
  t.equal(toSafeInteger(multiply(divide(1, 7), 7)), 1)
})

t.test('text has no exponent and no trailing zeros', async (t) => {
  t.equal(formatNumber(n('1.50')), '1.5')
  t.equal(formatNumber(n('1e-7')), '0.0000001')
  t.equal(formatNumber(n('1e30')), `1${'0'.repeat(30)}`)
  t.equal(formatNumber(divide(1, 3)), `0.${'3'.repeat(154)}5`, 'as a float of 512 bits prints')
})

t.test('zero has no sign', async (t) => {
  for (const zero of [
    n('-0'),
    n('-0.0'),
    negate(0),
    multiply(0, -5),
    modulo(-4, 2),
    roundNumber(n('-0.5'), 'ceil'),
  ]) {
    t.ok(Object.is(zero, 0))
  }
})

t.test('whole numbers that a double holds are plain doubles, however they came about', async (t) => {
  t.equal(n('1e3'), 1000)
  t.equal(add(n('0.5'), n('0.5')), 1)
  t.equal(divide(6, 3), 2)
  t.equal(toSafeInteger(n('9007199254740993')), undefined)
  t.equal(toSafeInteger(n('1.5')), undefined)
})

t.test('the remainder has the sign of the first number', async (t) => {
  t.equal(modulo(-10, 3), -1)
  t.equal(modulo(10, -3), 1)
  t.equal(formatNumber(modulo(n('-5.5'), 2)), '-1.5')
})

t.test('what is no number, too large or divided by zero is refused, and fast', async (t) => {
  for (const text of ['', ' 1', '1 ', '0x10', '1_000', 'Infinity', 'NaN', '.', '1e', '--1', '1.2.3', '１']) {
    t.equal(
      codeOf(() => n(text)),
      'lang/not-a-number',
      text,
    )
  }
  for (const text of ['1e999999999', '1e-999999999', '1e5001', `1${'0'.repeat(30_000)}`]) {
    t.equal(
      codeOf(() => n(text)),
      'lang/number-range',
      text.slice(0, 20),
    )
  }
  t.equal(
    codeOf(() => multiply(n('1e4000'), n('1e4000'))),
    'lang/number-range',
  )
  t.equal(
    codeOf(() => divide(1, 0)),
    'lang/division-by-zero',
  )
  t.equal(
    codeOf(() => modulo(n('0.5'), 0)),
    'lang/division-by-zero',
  )
})

t.test('doubles stand for a number only if they hold it', async (t) => {
  t.equal(toDouble(n('0.1')), 0.1)
  t.equal(toDouble(n('9007199254740993')), undefined)
  t.equal(toDouble(divide(1, 3)), undefined)
  t.equal(formatNumber(fromDouble(1e21)), '1000000000000000000000')
})

t.test('numbers are written in other forms for format()', async (t) => {
  t.equal(formatFixed(n('2.5'), 0), '2')
  t.equal(formatExponential(n('1234.5'), 3), '1.234e+03')
  t.equal(formatExponential(n('1e-7')), '1e-07')
  t.equal(digits(-255, 16), '-ff')
  t.equal(digits(n('1e20'), 36), (10n ** 20n).toString(36))
})

t.test('arithmetic on safe integers agrees with big integers', async () => {
  const integer = fc.maxSafeInteger()
  fc.assert(
    fc.property(integer, integer, (a, b) => {
      const [x, y] = [BigInt(a), BigInt(b)]
      return (
        formatNumber(add(a, b)) === String(x + y) &&
        formatNumber(subtract(a, b)) === String(x - y) &&
        formatNumber(multiply(a, b)) === String(x * y) &&
        (b === 0 || formatNumber(modulo(a, b)) === String(x % y)) &&
        Math.sign(compareNumbers(a, b)) === (x < y ? -1 : x > y ? 1 : 0)
      )
    }),
  )
})

t.test('a number reads back from its text', async () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (double) => {
      const number = fromDouble(double)
      return numberEquals(n(formatNumber(number)), number) && isInteger(number) === Number.isInteger(double)
    }),
  )
})
