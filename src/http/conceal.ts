import type { Json } from '../core/json.js'

export const concealed = '(sensitive value)'

/** No message shows so many characters; what is behind them goes. */
const longest = 20_000
/** How often a text may have been written into another: JSON in JSON in HTML, say. */
const mostWritten = 3

/**
 * The text with every secret in it replaced, however the sender wrote it: as it is, or with the escapes of JSON, of a URL or
 * of HTML, character by character, and once more where such a text was written into another.
 */
export function conceal(text: string, secrets: readonly string[]): string {
  // Longest first, since one secret may contain another; and all at once, so that none is looked for in what hides one.
  const distinct = [...new Set(secrets)].filter((secret) => secret !== '').sort((a, b) => b.length - a.length)
  if (distinct.length === 0) return text
  const pattern = new RegExp(distinct.map(patternOf).join('|'), 'g')
  const whole = text.length > longest ? `${text.slice(0, longest)}…` : text
  const found: Range[] = []
  let levels: readonly Level[] = [{ text: whole, at: undefined }]
  const seen = new Set<string>()
  for (let n = 0; levels.length > 0; n++) {
    for (const level of levels)
      for (const match of level.text.matchAll(pattern))
        found.push([placeOf(level, match.index), placeOf(level, match.index + match[0].length)])
    levels = n === mostWritten ? [] : levels.flatMap((level) => unescaped(level, seen))
  }
  return covered(whole, found)
}

type Range = readonly [start: number, end: number]

/** A text, and where each of its characters begins in the text that it was read from; undefined: it is that text. */
interface Level {
  readonly text: string
  readonly at: readonly number[] | undefined
}

function placeOf({ at }: Level, index: number): number {
  return at === undefined ? index : (at[index] as number)
}

/** One kind at a time: what looks like an escape of one may be a plain part of a secret in the other. */
const escapes = [
  /\\u[0-9a-fA-F]{4}|\\["\\/bfnrt]/g,
  /(?:%[0-9a-fA-F]{2})+/g,
  /&#\d{1,7};|&#[xX][0-9a-fA-F]{1,6};|&(?:quot|amp|lt|gt|apos|nbsp);/g,
]

/** The text with its escapes of each kind resolved once, where it has any and that was not looked at yet. */
function unescaped(level: Level, seen: Set<string>): readonly Level[] {
  return escapes.flatMap((kind) => {
    const next = resolved(level, kind)
    if (next === undefined || seen.has(next.text)) return []
    seen.add(next.text)
    return [next]
  })
}

function resolved(level: Level, kind: RegExp): Level | undefined {
  const { text } = level
  const parts: string[] = []
  const at: number[] = []
  let from = 0
  const copy = (end: number) => {
    parts.push(text.slice(from, end))
    for (let i = from; i < end; i++) at.push(placeOf(level, i))
  }
  for (const { 0: written, index } of text.matchAll(kind)) {
    copy(index)
    const meant = meantBy(written)
    parts.push(meant)
    for (let i = 0; i < meant.length; i++) at.push(placeOf(level, index))
    from = index + written.length
  }
  if (from === 0) return undefined
  copy(text.length)
  at.push(placeOf(level, text.length))
  return { text: parts.join(''), at }
}

const named: ReadonlyMap<string, string> = new Map([
  ['&quot;', '"'],
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&apos;', "'"],
  ['&nbsp;', ' '],
])

function meantBy(written: string): string {
  if (written.startsWith('\\')) return JSON.parse(`"${written}"`) as string
  if (written.startsWith('%')) return Buffer.from(written.replaceAll('%', ''), 'hex').toString('utf8')
  const known = named.get(written)
  if (known !== undefined) return known
  const digits = written.slice(2, -1)
  const point = /^[xX]/.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number(digits)
  return point <= 0x10ffff ? String.fromCodePoint(point) : written
}

function covered(text: string, found: readonly Range[]): string {
  const parts: string[] = []
  let from = 0
  for (const [start, end] of [...found].sort((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (end <= from) continue
    // What overlaps with the one before is covered together with it.
    if (start >= from) parts.push(text.slice(from, start), concealed)
    from = end
  }
  parts.push(text.slice(from))
  return parts.join('')
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
