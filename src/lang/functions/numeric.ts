import {
  add,
  compareNumbers,
  formatNumber,
  fromDouble,
  multiply,
  nearestDouble,
  negate,
  parseNumber,
  roundNumber,
  toSafeInteger,
} from '../../core/number.js'
import { list, number } from '../../core/type.js'
import { listValue, type Num, numberValue, type Value } from '../../core/value.js'
import { anything, integerAt, numberAt, numeric, sequenceAt } from './argument.js'
import { ArgumentError, functionFailure, type LanguageFunction } from './function.js'

function onNumber(name: string, doc: string, compute: (n: Num) => Num): LanguageFunction {
  return {
    name,
    doc,
    parameters: [numeric('num')],
    returns: number,
    call: (args) => numberValue(compute(numberAt(args, 0))),
  }
}

function onDoubles(
  name: string,
  parameters: readonly [string, string],
  doc: string,
  compute: (a: number, b: number) => number,
): LanguageFunction {
  return {
    name,
    doc,
    parameters: parameters.map(numeric),
    returns: number,
    call: (args) => {
      const result = compute(nearestDouble(numberAt(args, 0)), nearestDouble(numberAt(args, 1)))
      if (Number.isFinite(result)) return numberValue(fromDouble(result))
      const given = args.map((_, i) => formatNumber(numberAt(args, i))).join(', ')
      throw functionFailure(`The result for ${given} is no number, or too large.`)
    },
  }
}

function extreme(name: string, doc: string, wins: (order: number) => boolean): LanguageFunction {
  return {
    name,
    doc,
    parameters: [],
    rest: numeric('numbers'),
    returns: number,
    call(args) {
      if (args.length === 0) throw functionFailure('At least one number is needed.')
      const numbers = args.map((_, i) => numberAt(args, i))
      return numberValue(numbers.reduce((best, n) => (wins(compareNumbers(n, best)) ? n : best)))
    },
  }
}

const mostInRange = 1_000_000

export const numericFunctions: readonly LanguageFunction[] = [
  onNumber('abs', 'The number without its sign.', (n) => (compareNumbers(n, 0) < 0 ? negate(n) : n)),
  onNumber('ceil', 'The nearest whole number that is not less.', (n) => roundNumber(n, 'ceil')),
  onNumber('floor', 'The nearest whole number that is not greater.', (n) => roundNumber(n, 'floor')),
  onNumber('signum', '-1, 0 or 1 for a negative number, zero, or a positive one.', (n) =>
    Math.sign(compareNumbers(n, 0)),
  ),
  onDoubles(
    'log',
    ['num', 'base'],
    'The logarithm of the number in a base.',
    (n, base) => Math.log(n) / Math.log(base),
  ),
  {
    name: 'pow',
    doc: 'The number to a power.',
    parameters: [numeric('num'), numeric('power')],
    returns: number,
    call: (args) => numberValue(pow(numberAt(args, 0), numberAt(args, 1))),
  },
  extreme('max', 'The greatest of the numbers.', (order) => order > 0),
  extreme('min', 'The least of the numbers.', (order) => order < 0),
  {
    name: 'parseint',
    doc: 'The whole number that the digits stand for in a base from 2 to 62.',
    parameters: [anything('number'), numeric('base')],
    returns: number,
    call(args) {
      if (args[0]?.kind !== 'string') throw new ArgumentError(0, 'a string of digits is needed')
      return numberValue(parseInteger(args[0].value, integerAt(args, 1)))
    },
  },
  {
    name: 'range',
    doc: 'The numbers from a start (0) to before an end, by a step (1, or -1 downwards).',
    parameters: [numeric('start_or_end')],
    rest: numeric('end_and_step'),
    returns: list(number),
    call: range,
  },
  {
    name: 'sum',
    doc: 'The sum of the numbers in a list or set.',
    parameters: [{ name: 'list', type: list(number) }],
    returns: number,
    call(args) {
      const { items } = sequenceAt(args, 0)
      if (items.length === 0) throw new ArgumentError(0, 'there is nothing to sum up')
      return numberValue(items.reduce((sum: Num, _, i) => add(sum, itemAt(items, i)), 0))
    },
  },
]

function itemAt(items: readonly Value[], index: number): Num {
  const item = items[index]
  if (item?.kind === 'number') return item.value
  throw new ArgumentError(0, `element ${index} is null`)
}

/** Whole powers are exact while they are small; everything else is what doubles make of it. */
function pow(base: Num, power: Num): Num {
  const exponent = toSafeInteger(power)
  const double = nearestDouble(base) ** nearestDouble(power)
  if (exponent !== undefined && exponent >= 0 && exponent <= 64) {
    let result: Num = 1
    for (let i = 0; i < exponent; i++) result = multiply(result, base)
    if (toSafeInteger(result) !== undefined) return result
  }
  if (Number.isFinite(double)) return fromDouble(double)
  throw functionFailure(
    `${formatNumber(base)} to the power of ${formatNumber(power)} is no number, or too large.`,
  )
}

const digitOrder = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

function parseInteger(digits: string, base: number): Num {
  if (base < 2 || base > 62) throw new ArgumentError(1, 'the base must be from 2 to 62')
  const wrong = new ArgumentError(
    0,
    `${JSON.stringify(digits.slice(0, 60))} is no whole number in base ${base}`,
  )
  const [, sign, body = ''] = /^([+-]?)([0-9A-Za-z]+)$/.exec(digits) ?? []
  if (body === '' || body.length > 5000) throw wrong
  let result = 0n
  for (const character of body) {
    const digit = digitOrder.indexOf(base <= 36 ? character.toLowerCase() : character)
    if (digit >= base) throw wrong
    result = result * BigInt(base) + BigInt(digit)
  }
  return parseNumber(`${sign === '-' ? '-' : ''}${result}`)
}

function range(args: readonly Value[]): Value {
  if (args.length > 3) throw new ArgumentError(3, 'there are only start, end and step')
  const first = numberAt(args, 0)
  const [start, end] = args.length === 1 ? [0, first] : [first, numberAt(args, 1)]
  const order = compareNumbers(end, start)
  const step = args.length === 3 ? numberAt(args, 2) : order < 0 ? -1 : 1
  const direction = compareNumbers(step, 0)
  if (direction === 0) throw new ArgumentError(2, 'the step must not be zero')
  if (args.length === 3 && order !== 0 && order < 0 !== direction < 0) {
    throw new ArgumentError(2, 'the step leads away from the end')
  }
  const items: Value[] = []
  for (let n: Num = start; compareNumbers(n, end) * direction < 0; n = add(n, step)) {
    if (items.length === mostInRange) {
      throw functionFailure(`More than ${mostInRange} numbers would be made.`)
    }
    items.push(numberValue(n))
  }
  return listValue(number, items)
}
