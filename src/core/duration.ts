import type { Json } from './json.js'

const units: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86400,
}

/** Seconds of `3600`, `"3600"`, `"1h"`, `"1h30m0s"`; undefined for anything else. */
export function seconds(json: Json | undefined): number | undefined {
  if (typeof json === 'number') return json
  if (typeof json !== 'string' || json === '') return undefined
  if (/^-?\d+(\.\d+)?$/.test(json)) return Number(json)
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d))+$/.test(json)) return undefined
  let total = 0
  for (const [, amount, unit] of json.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/g)) {
    total += Number(amount) * (units[unit as string] as number)
  }
  return total
}
