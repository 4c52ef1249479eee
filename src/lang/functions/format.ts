import { convert } from '../../core/convert.js'
import { Failure } from '../../core/diagnostic.js'
import { isWhollyKnown, waitsOf } from '../../core/leaves.js'
import { digits, formatExponential, formatFixed, formatNumber, isInteger } from '../../core/number.js'
import { bool, dynamic, list, number, string, type Type } from '../../core/type.js'
import { listValue, type Num, stringValue, unknownValue, type Value } from '../../core/value.js'
import { escapeForHtml, toJsonText } from '../json-text.js'
import { text } from './argument.js'
import { ArgumentError, functionFailure, type LanguageFunction, type Parameter } from './function.js'
import { graphemes } from './grapheme.js'

const args: Parameter = { name: 'args', type: dynamic, null: true }

export const formatFunctions: readonly LanguageFunction[] = [
  {
    name: 'format',
    doc: 'The text with its verbs (%s, %d, %v, …) replaced by the arguments, as in printf.',
    parameters: [text('format')],
    rest: args,
    returns: string,
    call: ([spec, ...values]) => stringValue(format(textOf(spec), values)),
  },
  {
    name: 'formatlist',
    doc: 'As format, for every element of the lists among the arguments.',
    parameters: [text('format')],
    rest: { ...args, unknown: 'all' },
    returns: list(string),
    call: ([spec, ...values]) => formatList(textOf(spec), values),
  },
]

const mayBeList: ReadonlySet<Type['kind']> = new Set(['list', 'set', 'tuple', 'dynamic'])

function textOf(value: Value | undefined): string {
  return value?.kind === 'string' ? value.value : ''
}

/** How many elements there are is known even where a text waits for something. */
function formatList(spec: string, values: readonly Value[]): Value {
  const open = values.filter((value) => value.kind === 'unknown' && mayBeList.has(value.type.kind))
  if (open.length > 0) return unknownValue(list(string), waitsOf(...values))
  const lists = values.map((value) => ('items' in value ? value.items : undefined))
  let count: number | undefined
  for (const [i, items] of lists.entries()) {
    if (items === undefined) continue
    if (count !== undefined && items.length !== count) {
      throw new ArgumentError(i + 1, `this has ${items.length} elements, but a list before it has ${count}`)
    }
    count = items.length
  }
  const result: Value[] = []
  for (let row = 0; row < (count ?? 1); row++) {
    const line = values.map((value, i) => {
      const items = lists[i]
      return items === undefined ? value : (items[row] as Value)
    })
    result.push(
      line.every(isWhollyKnown) ? stringValue(format(spec, line)) : unknownValue(string, waitsOf(...line)),
    )
  }
  return listValue(string, result)
}

/** `%`, flags, width, precision, the number of the argument, and the verb. */
const verb = /%(?:%|([-+# 0]*)([1-9][0-9]*)?(?:\.([0-9]*))?(?:\[([1-9][0-9]*)\])?([\s\S]?))/gu
const widest = 10_000

interface Verb {
  /** As it stands in the text, for messages. */
  readonly text: string
  readonly flags: string
  readonly width: number
  readonly precision: number | undefined
  readonly letter: string
}

export function format(spec: string, values: readonly Value[]): string {
  let next = 0
  let used = 0
  const result = spec.replace(
    verb,
    (whole: string, flags = '', width = '0', precision?: string, position?: string, letter = '') => {
      if (whole === '%%') return '%'
      const parsed: Verb = {
        text: whole,
        flags,
        width: bounded(whole, width),
        precision: precision === undefined ? undefined : bounded(whole, precision || '0'),
        letter,
      }
      const index = position === undefined ? next : Number(position) - 1
      next = index + 1
      used = Math.max(used, next)
      if (!/^[vtbdoxXeEfgGsq]$/.test(letter)) throw unknownVerb(parsed)
      const value = values[index]
      if (value === undefined) {
        throw functionFailure(
          `${JSON.stringify(whole)} needs argument ${index + 1}, but there ${values.length === 1 ? 'is one' : `are ${values.length}`}.`,
        )
      }
      return write(parsed, value, index)
    },
  )
  if (used < values.length) {
    const what = used === 0 ? 'no arguments' : used === 1 ? 'one argument' : `${used} arguments`
    throw new ArgumentError(used + 1, `the format uses ${what} only`)
  }
  return result
}

function bounded(whole: string, digits: string): number {
  if (digits.length <= 5 && Number(digits) <= widest) return Number(digits)
  throw functionFailure(`${JSON.stringify(whole)} asks for more than ${widest} characters.`)
}

function unknownVerb(parsed: Verb): Failure {
  return functionFailure(
    `${JSON.stringify(parsed.text)} is no verb.`,
    'Verbs are %s, %q, %v, %#v, %d, %b, %o, %x, %e, %f, %g and %t; a percent sign is written %%.',
  )
}

function write(parsed: Verb, value: Value, index: number): string {
  switch (parsed.letter) {
    case 'v':
      return writeAny(parsed, value, index)
    case 't':
      return String((needed(parsed, value, bool, index) as { value: boolean }).value)
    case 's':
    case 'q': {
      const given = (needed(parsed, value, string, index) as { value: string }).value
      const cut =
        parsed.precision === undefined ? given : graphemes(given).slice(0, parsed.precision).join('')
      return pad(parsed, parsed.letter === 'q' ? quote(cut) : cut)
    }
    default:
      return writeNumber(parsed, (needed(parsed, value, number, index) as { value: Num }).value, index)
  }
}

function needed(parsed: Verb, value: Value, type: Type, index: number): Value {
  if (value.kind === 'null') throw new ArgumentError(index + 1, `${parsed.text} has no text for null`)
  try {
    return convert(value, type)
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause
    const detail = cause.diagnostics[0]?.detail ?? ''
    throw new ArgumentError(index + 1, `${parsed.text}: ${detail.charAt(0).toLowerCase()}${detail.slice(1)}`)
  }
}

/** The value in its natural form: text as it is, numbers short, anything else as JSON. */
function writeAny(parsed: Verb, value: Value, index: number): string {
  if (!parsed.flags.includes('#')) {
    const whole = { ...parsed, precision: undefined }
    if (value.kind === 'string') return write({ ...whole, letter: 's' }, value, index)
    if (value.kind === 'number') return write({ ...whole, letter: 'g' }, value, index)
    if (value.kind === 'bool') return pad(parsed, String(value.value))
  }
  return pad(parsed, escapeForHtml(toJsonText(value)))
}

const radix: Readonly<Record<string, readonly [number, string]>> = {
  d: [10, ''],
  b: [2, '0b'],
  o: [8, '0'],
  x: [16, '0x'],
  X: [16, '0X'],
}

function writeNumber(parsed: Verb, n: Num, index: number): string {
  const base = radix[parsed.letter]
  let body: string
  if (base !== undefined) {
    if (!isInteger(n)) throw new ArgumentError(index + 1, `${parsed.text} needs a whole number`)
    body = digits(n, base[0])
    if (parsed.letter === 'X') body = body.toUpperCase()
    body = body.replace(/^-?/, `$&${parsed.flags.includes('#') ? base[1] : ''}`)
    if (parsed.precision !== undefined) {
      body = body.replace(/[0-9A-Fa-f]+$/, (all) => all.padStart(parsed.precision ?? 0, '0'))
    }
  } else {
    body = writeFraction(parsed, n)
  }
  if (!body.startsWith('-'))
    body = (parsed.flags.includes('+') ? '+' : parsed.flags.includes(' ') ? ' ' : '') + body
  return pad(parsed, body)
}

function writeFraction(parsed: Verb, n: Num): string {
  const { letter, precision } = parsed
  switch (letter) {
    case 'f':
      return formatFixed(n, precision ?? 6)
    case 'e':
      return formatExponential(n, precision ?? 6)
    case 'E':
      return formatExponential(n, precision ?? 6).toUpperCase()
    default:
      return letter === 'G' ? shortForm(n, precision).toUpperCase() : shortForm(n, precision)
  }
}

/** `%g`: plain digits while the exponent is small, without zeros at the end; as many digits as needed, or as asked for. */
function shortForm(n: Num, precision: number | undefined): string {
  const significant = precision === undefined ? undefined : Math.max(1, precision)
  const scientific = formatExponential(n, significant === undefined ? undefined : significant - 1)
  const exponent = Number(scientific.slice(scientific.indexOf('e') + 1))
  if (exponent < -4 || exponent >= (significant ?? 6))
    return scientific.replace(/(\.[0-9]*?)0+e/, '$1e').replace('.e', 'e')
  if (significant === undefined) return formatNumber(n)
  const fixed = formatFixed(n, Math.max(0, significant - 1 - exponent))
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed
}

function pad(parsed: Verb, body: string): string {
  const missing = parsed.width - graphemes(body).length
  if (missing <= 0) return body
  if (parsed.flags.includes('-')) return body + ' '.repeat(missing)
  if (!parsed.flags.includes('0')) return ' '.repeat(missing) + body
  const sign = /^[+ -]/.exec(body)?.[0] ?? ''
  return sign + '0'.repeat(missing) + body.slice(sign.length)
}

/** `%q` of Go's kind is JSON for all that people write. */
function quote(s: string): string {
  return toJsonText(stringValue(s))
}
