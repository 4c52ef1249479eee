import type { Json } from '../core/json.js'

export const concealed = '(sensitive value)'

/**
 * The text with every secret in it replaced, however the sender wrote it: as it is, or with the escapes of JSON, of a URL or
 * of HTML, character by character.
 */
export function conceal(text: string, secrets: readonly string[]): string {
  // Longest first, since one secret may contain another; and all at once, so that none is looked for in what hides one.
  const distinct = [...new Set(secrets)].filter((secret) => secret !== '').sort((a, b) => b.length - a.length)
  if (distinct.length === 0) return text
  return text.replace(new RegExp(distinct.map(patternOf).join('|'), 'g'), () => concealed)
}

/** The same for all texts of a JSON value. The names of members stay: they are what an answer is told by. */
export function concealJson(json: Json, secrets: readonly string[]): Json {
  if (typeof json === 'string') return conceal(json, secrets)
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map((item: Json) => concealJson(item, secrets))
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, concealJson(value, secrets)]))
}

function patternOf(secret: string): string {
  return [...secret].map((character) => `(?:${formsOf(character).join('|')})`).join('')
}

/** The ways in which a character may be written, as patterns; the longer ones first. */
function formsOf(character: string): readonly string[] {
  const units = [...Array(character.length).keys()].map((i) => character.charCodeAt(i))
  const json = units.map((unit) => `\\\\u${anyCase(unit.toString(16).padStart(4, '0'))}`).join('')
  const url = [...Buffer.from(character)]
    .map((byte) => `%${anyCase(byte.toString(16).padStart(2, '0'))}`)
    .join('')
  const point = character.codePointAt(0) ?? 0
  const html = `&#0*${point};|&#[xX]0*${anyCase(point.toString(16))};`
  return [...(shortForms.get(character) ?? []), json, url, html, literal(character)]
}

const shortForms: ReadonlyMap<string, readonly string[]> = new Map([
  ['"', ['\\\\"', '&quot;']],
  ['\\', ['\\\\\\\\']],
  ['/', ['\\\\/']],
  ['\n', ['\\\\n']],
  ['\r', ['\\\\r']],
  ['\t', ['\\\\t']],
  [' ', ['\\+', '&nbsp;']],
  ['&', ['&amp;']],
  ['<', ['&lt;']],
  ['>', ['&gt;']],
  ["'", ['&apos;']],
])

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
}
