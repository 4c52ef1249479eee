import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A secret that is like no other text, so that any trace of it can be told. */
export interface Canary {
  readonly name: string
  /** The secret itself. */
  readonly text: string
  /** What every form of it holds: letters and digits only, which no escaping changes. */
  readonly core: string
}

/** The characters around the core are those that JSON, URLs, HTML and shells write with escapes. */
export function canary(name: string, around = '"\\/+=&%<é'): Canary {
  const core = `cnry${name}${randomBytes(12).toString('hex')}`
  return { name, core, text: `${around}${core}${around}` }
}

/** A secret that may stand in a header, a shell word and a file name. */
export function plainCanary(name: string): Canary {
  const core = `cnry${name}${randomBytes(12).toString('hex')}`
  return { name, core, text: core }
}

/** Where traces of the canaries are, in one text or file: `secret (base64)`. Latin-1 keeps every byte one character. */
export function traces(bytes: Uint8Array | string, canaries: readonly Canary[]): readonly string[] {
  const text = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1')
  const lower = text.toLowerCase()
  return canaries.flatMap((one) =>
    formsOf(one)
      .filter(([, form, anyCase]) => (anyCase ? lower : text).includes(form))
      .map(([what]) => `${one.name} (${what})`),
  )
}

type Form = readonly [what: string, form: string, anyCase: boolean]

const known = new Map<string, readonly Form[]>()

function formsOf({ core }: Canary): readonly Form[] {
  const forms = known.get(core) ?? [
    // A half is found too: a text that was cut off holds no whole one.
    ['in clear', core.slice(0, 20).toLowerCase(), true] as const,
    ['in clear', core.slice(-16).toLowerCase(), true] as const,
    ['backwards', [...core].reverse().join('').toLowerCase(), true] as const,
    ['hexadecimal', Buffer.from(core).toString('hex'), true] as const,
    ['UTF-16', Buffer.from(core, 'utf16le').toString('latin1').toLowerCase(), true] as const,
    ...[0, 1, 2].map((shift) => ['base64', base64At(core, shift), false] as const),
  ]
  known.set(core, forms)
  return forms
}

/** The characters of the core in base64, when so many bytes of a group stand before it. */
function base64At(core: string, shift: number): string {
  const encoded = Buffer.from(`${'\0'.repeat(shift)}${core}`).toString('base64')
  const whole = Math.floor((shift + core.length) / 3) * 4
  return encoded.slice(shift === 0 ? 0 : 4, whole)
}

/** Searches every byte of every file of a folder. `exempt` names what may be where: a file's name and a canary. */
export function tracesInFolder(
  folder: string,
  canaries: readonly Canary[],
  exempt: (file: string, canary: Canary) => boolean = () => false,
): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.flatMap((name) => {
    const path = join(folder, name)
    // SQLite takes its own files away when the last connection is collected.
    if (!existsSync(path)) return []
    if (!statSync(path).isFile()) return traces(name, canaries).map((trace) => `${name}: its name: ${trace}`)
    const searched = canaries.filter((one) => !exempt(name, one))
    return traces(readFileSync(path), searched).map((trace) => `${name}: ${trace}`)
  })
}
