import { number, string } from '../../core/type.js'
import { numberValue, stringValue, type Value } from '../../core/value.js'
import { stringAt, text } from './argument.js'
import { formatDate, type Timestamp } from './date-format.js'
import { ArgumentError, type CallContext, type LanguageFunction } from './function.js'

export const timeFunctions: readonly LanguageFunction[] = [
  {
    name: 'formatdate',
    doc: 'A timestamp (RFC 3339) in a format such as "DD MMM YYYY hh:mm ZZZ".',
    parameters: [text('format'), text('time')],
    returns: string,
    call: (args) => stringValue(formatDate(stringAt(args, 0), timestampAt(args, 1))),
  },
  {
    name: 'timeadd',
    doc: 'A timestamp (RFC 3339) plus a duration such as "1h30m".',
    parameters: [text('timestamp'), text('duration')],
    returns: string,
    call(args) {
      const start = timestampAt(args, 0)
      const nanoseconds = durationAt(args, 1)
      const total = BigInt(start.milliseconds) * 1_000_000n + BigInt(start.nanoseconds) + nanoseconds
      const milliseconds = Number(total / 1_000_000n)
      if (!(Math.abs(milliseconds) < latest)) throw new ArgumentError(1, 'the result is outside the calendar')
      return stringValue(print({ ...start, milliseconds }))
    },
  },
  {
    name: 'timecmp',
    doc: '-1, 0 or 1, as the first timestamp is before, at or after the second.',
    parameters: [text('timestamp_a'), text('timestamp_b')],
    returns: number,
    call(args) {
      const [a, b] = [timestampAt(args, 0), timestampAt(args, 1)]
      return numberValue(Math.sign(a.milliseconds - b.milliseconds || a.nanoseconds - b.nanoseconds))
    },
  },
  clock('timestamp', 'The moment of this run, in UTC (RFC 3339).'),
  clock('plantimestamp', 'The moment of this run, in UTC (RFC 3339).'),
]

function clock(name: string, doc: string): LanguageFunction {
  return {
    name,
    doc,
    parameters: [],
    returns: string,
    call: (_, { environment }: CallContext) =>
      stringValue(print({ milliseconds: environment.now().getTime(), nanoseconds: 0, offset: 0 })),
  }
}

/** 31 December 9999. */
const latest = Date.UTC(10_000, 0)

const shape =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9})[0-9]*)?(Z|([+-])([0-9]{2}):([0-9]{2}))$/

function timestampAt(args: readonly Value[], index: number): Timestamp {
  const given = stringAt(args, index)
  const timestamp = parseTimestamp(given)
  if (timestamp !== undefined) return timestamp
  throw new ArgumentError(
    index,
    `${JSON.stringify(given.slice(0, 60))} is no timestamp`,
    'Write it as RFC 3339 has it: 2006-01-02T15:04:05Z, or with +01:00 in place of Z.',
  )
}

export function parseTimestamp(given: string): Timestamp | undefined {
  const found = shape.exec(given)
  if (found === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number)
  const [, , , , , , , fraction = '', , sign, hours = '0', minutes = '0'] = found
  const local = new Date(0)
  local.setUTCFullYear(year, month - 1, day)
  local.setUTCHours(hour, minute, second)
  const exists = local.getUTCMonth() === month - 1 && local.getUTCDate() === day
  if (!exists || hour > 23 || minute > 59 || second > 59 || Number(hours) > 23 || Number(minutes) > 59) {
    return undefined
  }
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
  const nanoseconds = Number(fraction.padEnd(9, '0'))
  return {
    milliseconds: local.getTime() - offset * 60_000 + Math.floor(nanoseconds / 1_000_000),
    nanoseconds: nanoseconds % 1_000_000,
    offset,
  }
}

/** The text of a timestamp as a value, if it is one. */
export function rfc3339(given: string): Value | undefined {
  const timestamp = parseTimestamp(given)
  return timestamp === undefined ? undefined : stringValue(print(timestamp))
}

function print(timestamp: Timestamp): string {
  return (
    formatDate("YYYY-MM-DD'T'hh:mm:ss", timestamp) +
    (timestamp.offset === 0 ? 'Z' : formatDate('ZZZZZ', timestamp))
  )
}

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}

/** A duration as Go writes it, in nanoseconds. */
function durationAt(args: readonly Value[], index: number): bigint {
  const given = stringAt(args, index)
  const [, sign, body = ''] = /^([+-]?)(.*)$/s.exec(given) ?? []
  if (body === '0') return 0n
  let total = 0n
  let rest = body
  while (rest !== '' || body === '') {
    const part = /^([0-9]{0,15})(?:\.([0-9]{0,15}))?(ns|us|µs|μs|ms|s|m|h)/.exec(rest)
    const [whole = '', digits = '', fraction = '', unit = ''] = part ?? []
    if (part === null || digits + fraction === '') {
      throw new ArgumentError(
        index,
        `${JSON.stringify(given.slice(0, 60))} is no duration`,
        'Write it in hours, minutes and seconds, such as 1h30m or 10.5s; for days, count hours.',
      )
    }
    const size = units[unit] ?? 1n
    total += BigInt(digits || '0') * size
    if (fraction !== '') total += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length)
    rest = rest.slice(whole.length)
  }
  return sign === '-' ? -total : total
}
