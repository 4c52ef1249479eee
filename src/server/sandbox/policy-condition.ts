import { BlockList, isIPv4, isIPv6 } from 'node:net'
import type { Condition } from './policy-document.js'
import { fillIn, matchesArn, matchesTemplate, type RequestKeys } from './policy-pattern.js'

/** Whether one value of the request meets one value of the condition. */
type Test = (given: string, wanted: string, keys: RequestKeys) => boolean

interface Operator {
  readonly test: Test
  /** `StringNotEquals` and its like: met when no value is. */
  readonly negated: boolean
}

const equals: Test = (given, wanted, keys) => fillIn(wanted, keys) === given
const equalsIgnoringCase: Test = (given, wanted, keys) =>
  fillIn(wanted, keys)?.toLowerCase() === given.toLowerCase()
const like: Test = (given, wanted, keys) => matchesTemplate(wanted, given, keys)
const arn: Test = (given, wanted, keys) => matchesArn(wanted, given, keys)
const address: Test = (given, wanted) => isWithin(given, wanted)

const operators: ReadonlyMap<string, Operator> = new Map([
  ...pair('StringEquals', 'StringNotEquals', equals),
  ...pair('StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', equalsIgnoringCase),
  ...pair('StringLike', 'StringNotLike', like),
  ...pair('ArnEquals', 'ArnNotEquals', arn),
  ...pair('ArnLike', 'ArnNotLike', arn),
  ...pair('IpAddress', 'NotIpAddress', address),
  ...ordered('Numeric', (text) => (text.trim() === '' ? Number.NaN : Number(text))),
  ...ordered('Date', (text) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text))),
  ['Bool', { negated: false, test: equalsIgnoringCase }],
  ['BinaryEquals', { negated: false, test: (given, wanted) => given === wanted }],
  // Its values say whether the key is absent, which `isMet` answers.
  ['Null', { negated: false, test: () => false }],
])

function pair(name: string, opposite: string, test: Test): readonly (readonly [string, Operator])[] {
  return [
    [name, { negated: false, test }],
    [opposite, { negated: true, test }],
  ]
}

function ordered(name: string, read: (text: string) => number): readonly (readonly [string, Operator])[] {
  const by =
    (holds: (a: number, b: number) => boolean): Test =>
    (given, wanted) =>
      holds(read(given), read(wanted))
  return [
    ...pair(
      `${name}Equals`,
      `${name}NotEquals`,
      by((a, b) => a === b),
    ),
    [`${name}LessThan`, { negated: false, test: by((a, b) => a < b) }],
    [`${name}LessThanEquals`, { negated: false, test: by((a, b) => a <= b) }],
    [`${name}GreaterThan`, { negated: false, test: by((a, b) => a > b) }],
    [`${name}GreaterThanEquals`, { negated: false, test: by((a, b) => a >= b) }],
  ]
}

interface ReadOperator extends Operator {
  readonly name: string
  readonly ifExists: boolean
  readonly set: 'ForAnyValue' | 'ForAllValues' | undefined
}

/** Reads an operator with its prefix and suffix; undefined if AWS has none of that name. */
export function conditionOperator(text: string): ReadOperator | undefined {
  const [, set, bare, suffix] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(text) ?? []
  const name = bare ?? ''
  const operator = operators.get(name)
  if (operator === undefined || (name === 'Null' && suffix !== undefined)) return undefined
  return { ...operator, name, ifExists: suffix !== undefined, set: set as ReadOperator['set'] }
}

/**
 * Whether a request meets a condition. A key that the request does not have fails what asks for a value and meets what
 * excludes one. Source: IAM JSON policy elements, condition operators; multivalued context keys.
 */
export function isMet({ operator: text, key, values }: Condition, keys: RequestKeys): boolean {
  const operator = conditionOperator(text)
  if (operator === undefined) return false
  const found = keys.get(key)
  const given = found === undefined ? [] : typeof found === 'string' ? [found] : found
  if (operator.name === 'Null')
    return values.some((value) => (value.toLowerCase() === 'true') === (given.length === 0))
  if (found === undefined) {
    if (operator.ifExists || operator.set === 'ForAllValues') return true
    return operator.negated && operator.set === undefined
  }
  const fits = (value: string): boolean =>
    values.some((wanted) => operator.test(value, wanted, keys)) !== operator.negated
  // Without a prefix, a key of several values is met by one of them, and excluded by any.
  return operator.set === 'ForAllValues' || (operator.set === undefined && operator.negated)
    ? given.every(fits)
    : given.some(fits)
}

function isWithin(ip: string, range: string): boolean {
  const [base = '', bits] = range.split('/')
  const family = isIPv4(base) ? 'ipv4' : isIPv6(base) ? 'ipv6' : undefined
  if (family === undefined || !(family === 'ipv4' ? isIPv4(ip) : isIPv6(ip))) return false
  const most = family === 'ipv4' ? 32 : 128
  const length = bits === undefined ? most : Number(bits)
  if (!Number.isInteger(length) || length < 0 || length > most) return false
  const list = new BlockList()
  list.addSubnet(base, length, family)
  return list.check(ip, family)
}
