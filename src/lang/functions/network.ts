import { isIP, isIPv4 } from 'node:net'
import { formatNumber, isInteger, toSafeInteger } from '../../core/number.js'
import { list, string } from '../../core/type.js'
import { listValue, stringValue, type Value } from '../../core/value.js'
import { numberAt, numeric, stringAt, text } from './argument.js'
import { ArgumentError, type LanguageFunction } from './function.js'

/** A range of addresses: those that share the first `length` of their `size` bits. */
interface Prefix {
  readonly address: bigint
  readonly length: number
  readonly size: 32 | 128
}

export const networkFunctions: readonly LanguageFunction[] = [
  {
    name: 'cidrhost',
    doc: 'The address of a host in a range of addresses; negative numbers count from its end.',
    parameters: [text('prefix'), numeric('hostnum')],
    returns: string,
    call(args) {
      const prefix = prefixAt(args, 0)
      const host = bigAt(args, 1)
      const hosts = 1n << BigInt(prefix.size - prefix.length)
      const number = host < 0n ? hosts + host : host
      if (number < 0n || number >= hosts) {
        throw new ArgumentError(1, `a prefix of ${prefix.length} bits has no host with the number ${host}`)
      }
      return stringValue(formatAddress(prefix.address | number, prefix.size))
    },
  },
  {
    name: 'cidrnetmask',
    doc: 'The mask of a range of IPv4 addresses.',
    parameters: [text('prefix')],
    returns: string,
    call(args) {
      const { length, size } = prefixAt(args, 0)
      if (size === 128) throw new ArgumentError(0, 'ranges of IPv6 addresses have no mask')
      return stringValue(formatAddress(maskOf(length, size), size))
    },
  },
  {
    name: 'cidrsubnet',
    doc: 'The part with the given number of a range of addresses, whose prefix is longer by some bits.',
    parameters: [text('prefix'), numeric('newbits'), numeric('netnum')],
    returns: string,
    call(args) {
      const prefix = prefixAt(args, 0)
      const longer = extended(prefix, args, 1)
      const number = bigAt(args, 2)
      if (number < 0n || number >= 1n << BigInt(longer - prefix.length)) {
        throw new ArgumentError(
          2,
          `${longer - prefix.length} more bits make no part with the number ${number}`,
        )
      }
      const address = prefix.address | (number << BigInt(prefix.size - longer))
      return stringValue(formatPrefix({ ...prefix, address, length: longer }))
    },
  },
  {
    name: 'cidrsubnets',
    doc: 'Parts of a range of addresses one after the other, each with a prefix longer by some bits.',
    parameters: [text('prefix')],
    rest: numeric('newbits'),
    returns: list(string),
    call: subnets,
  },
]

function subnets(args: readonly Value[]): Value {
  const prefix = prefixAt(args, 0)
  const end = prefix.address + (1n << BigInt(prefix.size - prefix.length))
  let next = prefix.address
  const parts: Value[] = []
  for (let i = 1; i < args.length; i++) {
    const length = extended(prefix, args, i)
    const step = 1n << BigInt(prefix.size - length)
    const address = ((next + step - 1n) / step) * step
    next = address + step
    if (next > end) throw new ArgumentError(i, 'there is no room left in the range')
    parts.push(stringValue(formatPrefix({ ...prefix, address, length })))
  }
  return listValue(string, parts)
}

function extended(prefix: Prefix, args: readonly Value[], index: number): number {
  const bits = Number(bigAt(args, index))
  const length = prefix.length + bits
  if (bits < (args.length === 3 ? 0 : 1)) throw new ArgumentError(index, 'the prefix must become longer')
  if (length <= prefix.size) return length
  throw new ArgumentError(
    index,
    `a prefix of ${length} bits is longer than an address, which has ${prefix.size}`,
  )
}

function bigAt(args: readonly Value[], index: number): bigint {
  const n = numberAt(args, index)
  if (!isInteger(n)) throw new ArgumentError(index, 'a whole number is needed')
  return BigInt(toSafeInteger(n) ?? formatNumber(n))
}

function prefixAt(args: readonly Value[], index: number): Prefix {
  const given = stringAt(args, index)
  const [, textOfAddress = '', digits = ''] = /^([^/]*)\/([0-9]{1,3})$/.exec(given) ?? []
  // Leading zeros are read as decimal, as Terraform reads them; others take them for octal.
  const plain = textOfAddress.replace(/(^|\.)0+(?=[0-9])/g, textOfAddress.includes(':') ? '$&' : '$1')
  const size = isIPv4(plain) ? 32 : 128
  const length = Number(digits)
  if (digits === '' || isIP(plain) === 0 || /%/.test(plain) || length > size) {
    throw new ArgumentError(
      index,
      `${JSON.stringify(given.slice(0, 60))} is no range of addresses`,
      'Write it as 10.1.0.0/16 or fd00:1234::/48.',
    )
  }
  return { address: parseAddress(plain) & maskOf(length, size), length, size }
}

function maskOf(length: number, size: number): bigint {
  return ((1n << BigInt(length)) - 1n) << BigInt(size - length)
}

function parseAddress(address: string): bigint {
  if (!address.includes(':')) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
  const [, head = '', dotted] = /^(.*:)([0-9.]+)$/.exec(address) ?? []
  if (dotted?.includes('.')) {
    const low = parseAddress(dotted)
    return parseAddress(`${head}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`)
  }
  const [left = '', right] = address.split('::')
  const parse = (text: string): readonly string[] => (text === '' ? [] : text.split(':'))
  const before = parse(left)
  const after = right === undefined ? [] : parse(right)
  const zeros = new Array<string>(8 - before.length - after.length).fill('0')
  return [...before, ...zeros, ...after].reduce((sum, part) => sum * 65536n + BigInt(`0x${part}`), 0n)
}

function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix.address, prefix.size)}/${prefix.length}`
}

/** IPv6 in the short form of RFC 5952: the longest run of zeros, the first of equals, is left out. */
function formatAddress(address: bigint, size: 32 | 128): string {
  const width = size === 32 ? 8n : 16n
  const parts: string[] = []
  for (let shift = BigInt(size) - width; shift >= 0n; shift -= width) {
    parts.push(((address >> shift) & ((1n << width) - 1n)).toString(size === 32 ? 10 : 16))
  }
  if (size === 32) return parts.join('.')
  let [start, length] = [0, 1]
  for (let i = 0; i < parts.length; i++) {
    let run = 0
    while (parts[i + run] === '0') run++
    if (run > length) [start, length] = [i, run]
  }
  if (length === 1) return parts.join(':')
  return `${parts.slice(0, start).join(':')}::${parts.slice(start + length).join(':')}`
}
