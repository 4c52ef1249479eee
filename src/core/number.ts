import { Decimal as Library } from 'decimal.js'
import { error, Failure } from './diagnostic.js'
import type { Num } from './value.js'

/*
 * Numbers are exact decimals. HashiCorp's are floats of 512 bits, which tell 153 decimal digits apart; computing with some
 * digits more and looking at the first 153 of a result gives the same answers, and better ones where binary rounding shows.
 */
const digitsKept = 180
const digitsCompared = 153
/** Beyond 10^5000 a number is a mistake or an attack: written out it fills pages. */
const largestExponent = 5000
const longestText = 20_000

const Decimal = Library.clone({ precision: digitsKept, rounding: Library.ROUND_HALF_EVEN, defaults: true })
type Decimal = Library

const shape = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/
const small = /^-?[0-9]{1,15}$/

/** Reads a decimal number as it is written in HCL and in strings: `12`, `-1.5`, `1e3`. Throws a `Failure` without a place. */
export function parseNumber(text: string): Num {
  if (small.test(text)) return Number(text) || 0
  if (!shape.test(text)) {
    throw new Failure(
      error('lang/not-a-number', 'Not a number', {
        detail: `${JSON.stringify(excerpt(text))} is not a number.`,
        help: 'Write it in decimal digits, such as 12, -1.5 or 1e3.',
      }),
    )
  }
  if (text.length > longestText || Math.abs(exponentOf(text)) > largestExponent) throw outOfRange(text)
  return settle(new Decimal(text))
}

/** The number as text, never in exponent form: what string conversion, templates and JSON show. */
export function formatNumber(n: Num): string {
  if (typeof n === 'number') return String(n)
  return n.precision() <= digitsCompared ? n.toFixed() : shortest(n)
}

/** With a fixed number of decimal places, halves rounded to even. */
export function formatFixed(n: Num, places: number): string {
  return compared(n).toFixed(places)
}

/** In exponent form, `1.5e+03`: with so many decimal places, or as many as there are. */
export function formatExponential(n: Num, places?: number): string {
  const d = compared(n)
  const text = places === undefined ? d.toExponential() : d.toExponential(places)
  return text.replace(/e([+-])([0-9])$/, 'e$10$2')
}

export function add(a: Num, b: Num): Num {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  return settle(Decimal.add(a, b))
}

export function subtract(a: Num, b: Num): Num {
  return add(a, negate(b))
}

export function multiply(a: Num, b: Num): Num {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b
    // A rounded product lies outside the safe integers, so one inside is exact. `|| 0` turns -0 into 0.
    if (Number.isSafeInteger(product)) return product || 0
  }
  return settle(Decimal.mul(a, b))
}

/** Throws a `Failure` when `b` is zero. */
export function divide(a: Num, b: Num): Num {
  refuseZero(b)
  if (typeof a === 'number' && typeof b === 'number' && a % b === 0) return a / b || 0
  return settle(Decimal.div(a, b))
}

/** The remainder has the sign of `a`: `-10 % 3` is -1. Throws a `Failure` when `b` is zero. */
export function modulo(a: Num, b: Num): Num {
  refuseZero(b)
  if (typeof a === 'number' && typeof b === 'number') return a % b || 0
  return settle(Decimal.mod(compared(a), compared(b)))
}

export function negate(n: Num): Num {
  return typeof n === 'number' ? -n || 0 : n.neg()
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`. */
export function compareNumbers(a: Num, b: Num): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return compared(a).cmp(compared(b))
}

export function numberEquals(a: Num, b: Num): boolean {
  return compareNumbers(a, b) === 0
}

/** A text that equal numbers share, and no others. */
export function numberKey(n: Num): string {
  return typeof n === 'number' ? String(n) : compared(n).toExponential()
}

export function isInteger(n: Num): boolean {
  return typeof n === 'number' || compared(n).isInteger()
}

/** The number as a JavaScript integer, or undefined if it is not whole or too large for one. */
export function toSafeInteger(n: Num): number | undefined {
  return typeof n === 'number' ? n : undefined
}

/** The double that stands for the number and no other: undefined where a double would lose digits. */
export function toDouble(n: Num): number | undefined {
  if (typeof n === 'number') return n
  const double = n.toNumber()
  return Number.isFinite(double) && compared(n).eq(double) ? double : undefined
}

/** The double nearest to the number, for functions such as `log` that compute in doubles. */
export function nearestDouble(n: Num): number {
  return typeof n === 'number' ? n : n.toNumber()
}

/** A double as an exact number: the decimal that JavaScript shows for it. Throws a `Failure` if it is not finite. */
export function fromDouble(double: number): Num {
  if (Number.isSafeInteger(double)) return double || 0
  if (!Number.isFinite(double)) throw outOfRange(String(double))
  return settle(new Decimal(double))
}

/** `floor`, `ceil`, or truncation towards zero. */
export function roundNumber(n: Num, way: 'floor' | 'ceil' | 'truncate'): Num {
  if (typeof n === 'number') return n
  const exact = compared(n)
  return settle(way === 'floor' ? exact.floor() : way === 'ceil' ? exact.ceil() : exact.trunc())
}

/** The digits of a whole number in a base from 2 to 36. */
export function digits(n: Num, base: number): string {
  return BigInt(typeof n === 'number' ? n : compared(n).toFixed(0)).toString(base)
}

/** Every decimal in this module has passed here: whole numbers that a double holds are doubles, and nothing is out of range. */
function settle(d: Decimal): Num {
  if (d.isZero()) return 0
  if (!d.isFinite() || Math.abs(d.e) > largestExponent) throw outOfRange(d.toExponential(5))
  const exact = compared(d)
  if (exact.e < 16 && exact.isInteger()) {
    const double = exact.toNumber()
    if (Number.isSafeInteger(double)) return double
  }
  return d
}

function compared(n: Num): Decimal {
  if (typeof n === 'number') return new Decimal(n)
  return n.precision() <= digitsCompared ? n : n.toSignificantDigits(digitsCompared)
}

/** The exponent of the leading digit, without building the number. */
function exponentOf(text: string): number {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.')
  const significant = whole.replace(/^0+/, '')
  if (significant !== '') return Number(exponent) + significant.length - 1
  const zeros = /^0*/.exec(fraction)?.[0].length ?? 0
  return zeros === fraction.length ? 0 : Number(exponent) - zeros - 1
}

/**
 * The shortest decimal that names the same float of 512 bits: what Terraform prints for a fraction without end. Rare, so the
 * arithmetic is plain: the float is the fraction `top / bottom` of big integers.
 */
function shortest(d: Decimal): string {
  const [mantissa = '', exponent = '0'] = d
    .abs()
    .toExponential(digitsKept - 1)
    .split('e')
  const leading = Number(exponent)
  const exact = scaled(BigInt(mantissa.replace('.', '')), leading - digitsKept + 1)
  let shift = 512 - (bits(exact.top) - bits(exact.bottom))
  let float = rounded(exact, shift)
  if (bits(float) > 512) float = rounded(exact, --shift)

  const top = shift < 0 ? float << BigInt(-shift) : float
  const bottom = shift < 0 ? 1n : 1n << BigInt(shift)
  const unit = shift < 0 ? 1n << BigInt(-shift) : 1n
  for (let count = digitsCompared; ; count++) {
    const scale = leading - count + 1
    const up = scale < 0 ? 10n ** BigInt(-scale) : 1n
    const down = scale < 0 ? 1n : 10n ** BigInt(scale)
    const candidate = roundHalfEven(top * up, bottom * down)
    const miss = candidate * down * bottom - top * up
    if ((miss < 0n ? -miss : miss) * 2n < unit * up) {
      return new Decimal(`${d.isNegative() ? '-' : ''}${candidate}e${scale}`).toFixed()
    }
  }
}

/** `coefficient * 10^exponent` as a fraction. */
function scaled(coefficient: bigint, exponent: number): { readonly top: bigint; readonly bottom: bigint } {
  return exponent < 0
    ? { top: coefficient, bottom: 10n ** BigInt(-exponent) }
    : { top: coefficient * 10n ** BigInt(exponent), bottom: 1n }
}

/** The fraction times `2^shift`, rounded to a whole number. */
function rounded(fraction: { readonly top: bigint; readonly bottom: bigint }, shift: number): bigint {
  return shift < 0
    ? roundHalfEven(fraction.top, fraction.bottom << BigInt(-shift))
    : roundHalfEven(fraction.top << BigInt(shift), fraction.bottom)
}

function roundHalfEven(top: bigint, bottom: bigint): bigint {
  const quotient = top / bottom
  const twice = (top % bottom) * 2n
  return twice > bottom || (twice === bottom && quotient % 2n === 1n) ? quotient + 1n : quotient
}

function bits(n: bigint): number {
  return n.toString(2).length
}

function refuseZero(n: Num): void {
  if (n === 0) {
    throw new Failure(
      error('lang/division-by-zero', 'Division by zero', { detail: 'The number to divide by is zero.' }),
    )
  }
}

function outOfRange(text: string): Failure {
  return new Failure(
    error('lang/number-range', 'Number out of range', {
      detail: `${excerpt(text)} is too large or too close to zero: exponents go from -${largestExponent} to ${largestExponent}.`,
    }),
  )
}

function excerpt(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`
}
