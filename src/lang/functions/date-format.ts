import { ArgumentError } from './function.js'

/** A moment as a clock somewhere shows it. */
export interface Timestamp {
  /** Milliseconds since 1970, UTC; and the nanoseconds that are left over. */
  readonly milliseconds: number
  readonly nanoseconds: number
  /** Minutes east of UTC. */
  readonly offset: number
}

const months = 'January February March April May June July August September October November December'.split(
  ' ',
)
const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

const two = (n: number): string => String(n).padStart(2, '0')

/** What each run of one letter stands for, given the clock's own time (in the UTC fields of a `Date`) and its offset. */
const verbs: ReadonlyMap<string, (clock: Date, offset: number) => string> = new Map([
  ['YYYY', (clock) => String(clock.getUTCFullYear()).padStart(4, '0')],
  ['YY', (clock) => two(clock.getUTCFullYear() % 100)],
  ['MMMM', (clock) => months[clock.getUTCMonth()] ?? ''],
  ['MMM', (clock) => (months[clock.getUTCMonth()] ?? '').slice(0, 3)],
  ['MM', (clock) => two(clock.getUTCMonth() + 1)],
  ['M', (clock) => String(clock.getUTCMonth() + 1)],
  ['DD', (clock) => two(clock.getUTCDate())],
  ['D', (clock) => String(clock.getUTCDate())],
  ['EEEE', (clock) => days[clock.getUTCDay()] ?? ''],
  ['EEE', (clock) => (days[clock.getUTCDay()] ?? '').slice(0, 3)],
  ['hh', (clock) => two(clock.getUTCHours())],
  ['h', (clock) => String(clock.getUTCHours())],
  ['HH', (clock) => two(clock.getUTCHours() % 12 || 12)],
  ['H', (clock) => String(clock.getUTCHours() % 12 || 12)],
  ['AA', (clock) => (clock.getUTCHours() < 12 ? 'AM' : 'PM')],
  ['aa', (clock) => (clock.getUTCHours() < 12 ? 'am' : 'pm')],
  ['mm', (clock) => two(clock.getUTCMinutes())],
  ['m', (clock) => String(clock.getUTCMinutes())],
  ['ss', (clock) => two(clock.getUTCSeconds())],
  ['s', (clock) => String(clock.getUTCSeconds())],
  ['ZZZZZ', (_, offset) => zone(offset, ':')],
  ['ZZZZ', (_, offset) => zone(offset, '')],
  ['ZZZ', (_, offset) => (offset === 0 ? 'UTC' : zone(offset, ''))],
  ['Z', (_, offset) => (offset === 0 ? 'Z' : zone(offset, ':'))],
] satisfies [string, (clock: Date, offset: number) => string][])

/** Formats a timestamp for the first argument of `formatdate`: runs of letters are verbs, the rest is literal, quoted or not. */
export function formatDate(format: string, timestamp: Timestamp): string {
  const clock = new Date(timestamp.milliseconds + timestamp.offset * 60_000)
  return format.replace(/'((?:[^']|'')*)('?)|([A-Za-z])\3*/g, (run, literal?: string, closed?: string) => {
    if (literal !== undefined) {
      if (closed === '') throw new ArgumentError(0, 'a quotation mark in the format has no pair')
      return literal === '' ? "'" : literal.replaceAll("''", "'")
    }
    const write = verbs.get(run)
    if (write === undefined) {
      const same = [...verbs.keys()].filter((verb) => verb[0] === run[0])
      const help =
        same.length === 0
          ? "Put letters that are meant as they are in quotes: 'T'."
          : `There are ${same.join(', ')}.`
      throw new ArgumentError(0, `the format has ${JSON.stringify(run)}, which stands for nothing`, help)
    }
    return write(clock, timestamp.offset)
  })
}

function zone(offset: number, separator: string): string {
  const minutes = Math.abs(offset)
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${separator}${two(minutes % 60)}`
}
