import { ArgumentError } from './function.js'

/**
 * The character encodings of `textencodebase64` and `textdecodebase64`, by their IANA names. Single-byte ones are turned round
 * from the decoder that Node has; ISO 8859-1 is not what the web calls by that name.
 */
const decoders: ReadonlyMap<string, string> = new Map([
  ['utf-16le', 'utf-16le'],
  ['utf-16be', 'utf-16be'],
  ...[2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16].map((n) => [`iso-8859-${n}`, `iso-8859-${n}`] as const),
  ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258].map(
    (n) => [`windows-${n}`, `windows-${n}`] as const,
  ),
  ['koi8-r', 'koi8-r'],
  ['koi8-u', 'koi8-u'],
  ['macintosh', 'macintosh'],
])

export function encodeText(text: string, encoding: string): Buffer {
  const name = encoding.toLowerCase()
  if (name === 'utf-8') return Buffer.from(text)
  if (name === 'utf-16le') return Buffer.from(text, 'utf16le')
  if (name === 'utf-16be') return Buffer.from(text, 'utf16le').swap16()
  if (name === 'utf-16') return Buffer.concat([Buffer.from([0xfe, 0xff]), encodeText(text, 'utf-16be')])
  const table = tableOf(encoding)
  const bytes = Array.from(text, (character) => {
    const byte = table.indexOf(character)
    if (byte < 0) throw new ArgumentError(0, `it has characters that ${encoding} does not have`)
    return byte
  })
  return Buffer.from(bytes)
}

export function decodeText(bytes: Uint8Array, encoding: string): string {
  const name = encoding.toLowerCase()
  if (name === 'utf-8' || name.startsWith('utf-16')) {
    try {
      return new TextDecoder(name === 'utf-16' ? 'utf-16be' : name, { fatal: true }).decode(bytes)
    } catch {
      if (name !== 'utf-8' && name !== 'utf-16' && !decoders.has(name)) throw unknownEncoding(encoding)
      throw new ArgumentError(0, `the bytes are no text in ${encoding}`)
    }
  }
  const table = tableOf(encoding)
  return Array.from(bytes, (byte) => table[byte] ?? '\ufffd').join('')
}

/** Written out, because some versions of Node decode it as if it were ISO 8859-1. */
const windows1252: readonly (string | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte < 0x80 || byte > 0x9f) return String.fromCharCode(byte)
  const special = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'[byte - 0x80]
  return special === ' ' ? undefined : special
})

/** The character of every byte. */
function tableOf(encoding: string): readonly (string | undefined)[] {
  const name = encoding.toLowerCase()
  if (name === 'iso-8859-1' || name === 'latin1' || name === 'us-ascii') {
    return Array.from({ length: name === 'us-ascii' ? 128 : 256 }, (_, byte) => String.fromCharCode(byte))
  }
  if (name === 'windows-1252') return windows1252
  const decoder = decoders.get(name)
  if (decoder === undefined) throw unknownEncoding(encoding)
  const all = new TextDecoder(decoder).decode(Uint8Array.from({ length: 256 }, (_, byte) => byte))
  return Array.from(all, (character) => (character === '\ufffd' ? undefined : character))
}

function unknownEncoding(encoding: string): ArgumentError {
  return new ArgumentError(
    1,
    `there is no encoding named ${JSON.stringify(encoding)} here`,
    'Encodings are UTF-8, UTF-16, UTF-16LE, UTF-16BE, US-ASCII, ISO-8859-1 to -16, windows-1250 to -1258, KOI8-R, KOI8-U.',
  )
}
