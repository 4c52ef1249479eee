const second = 1_000_000_000

/** Nanoseconds in each unit that a duration may have. */
const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1_000,
  µs: 1_000,
  μs: 1_000,
  ms: 1_000_000,
  s: second,
  m: 60 * second,
  h: 3_600 * second,
}

/** What 63 bits of nanoseconds hold: 292 years. */
const longest = 2 ** 63

/**
 * Nanoseconds of a duration in Go's notation: `1h30m`, `-1.5s`, `0`. Throws a `RangeError` with Go's words.
 */
export function parseGoDuration(text: string): number {
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? []
  if (rest === '0') return 0
  const shown = JSON.stringify(text)
  if (rest === '') throw new RangeError(`time: invalid duration ${shown}`)
  let total = 0
  const part = /(\d+\.?\d*|\.\d+)([^\d.]*)/sy
  while (part.lastIndex < rest.length) {
    const match = part.exec(rest)
    if (match === null) throw new RangeError(`time: invalid duration ${shown}`)
    const [, number = '', unit = ''] = match
    if (unit === '') throw new RangeError(`time: missing unit in duration ${shown}`)
    const size = Object.hasOwn(units, unit) ? units[unit] : undefined
    if (size === undefined)
      throw new RangeError(`time: unknown unit ${JSON.stringify(unit)} in duration ${shown}`)
    total += Math.trunc(Number(number) * size)
  }
  if (total >= longest) throw new RangeError(`time: invalid duration ${shown}`)
  return sign === '-' ? -total : total
}

/** Nanoseconds in Go's notation: `30m0s`, `1.5s`, `0s`. */
export function formatGoDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s'
  const sign = nanoseconds < 0 ? '-' : ''
  const size = Math.abs(nanoseconds)
  for (const [unit, one] of [
    ['ns', 1],
    ['µs', 1_000],
    ['ms', 1_000_000],
  ] as const)
    if (size < one * 1_000) return `${sign}${trimmed(size / one)}${unit}`.replace(/^(-?)1000/, '$11')
  const whole = Math.floor(size / second)
  const hours = Math.floor(whole / 3_600)
  const minutes = Math.floor(whole / 60) % 60
  const seconds = trimmed((whole % 60) + (size % second) / second)
  const big = hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : ''
  return `${sign}${big}${seconds}s`
}

function trimmed(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, '')
}

/**
 * Nanoseconds of what the vendor takes wherever a duration is asked for: a number of seconds, the same as text, days as `2d`,
 * or Go's notation. Throws a `RangeError`.
 */
export function parseVaultDuration(value: string | number): number {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('could not parse duration from input')
    return Math.trunc(value) * second
  }
  const text = value.trim()
  if (text === '') return 0
  if (/^[+-]?\d+$/.test(text)) return Number(text) * second
  const days = /^([+-]?\d+)d$/.exec(text)
  if (days !== null) return Number(days[1]) * 86_400 * second
  return parseGoDuration(text)
}

/** Whole seconds, as most durations are read back. */
export function toSeconds(nanoseconds: number): number {
  return Math.trunc(nanoseconds / second)
}
