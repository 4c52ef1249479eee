/**
 * Characters that a terminal obeys or that people cannot see: control characters, formatting characters (bidirectional
 * overrides, zero-width joiners, tags), line and paragraph separators, and halves of surrogate pairs.
 */
const dangerous = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const dangerousButLayout = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

const short: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

function escapeCharacter(character: string): string {
  const known = short.get(character)
  if (known !== undefined) return known
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`
}

/** One line of text from anywhere, made harmless for a terminal: nothing in it moves the cursor or ends the line. */
export function escapeLine(text: string): string {
  return text.replace(dangerous, escapeCharacter)
}

/** Text of several lines from anywhere, made harmless for a terminal: line breaks and tabs stay. */
export function escapeText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(dangerousButLayout, escapeCharacter)
}

/** A string as HCL would have it, in quotes, harmless for a terminal. */
export function quote(text: string): string {
  const body = text.replace(/[\\"]/g, '\\$&').replace(/[$%](?=\{)/g, '$&$&')
  return `"${body.replace(dangerous, escapeCharacter)}"`
}

const identifier = /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u

/** The key of an object: bare if it is an identifier, otherwise in quotes. */
export function objectKey(name: string): string {
  return identifier.test(name) ? escapeLine(name) : quote(name)
}

const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u
const narrowest = /[\p{Mn}\p{Me}]/u

/** How many columns of a terminal an escaped text takes. */
export function columns(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let total = 0
  for (const character of text) total += narrowest.test(character) ? 0 : wide.test(character) ? 2 : 1
  return total
}

/** The text with spaces after it, so that it takes at least `width` columns. */
export function padColumns(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)))
}
