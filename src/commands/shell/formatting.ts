import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Diagnostic, error, Failure, hasErrors } from '../../core/diagnostic.js'
import { fileReason } from '../../core/file-error.js'
import type { JsonObject } from '../../core/json.js'
import { diagnosticJson } from '../../views/diagnostic-json.js'
import { escapeLine } from '../../views/escape.js'
import type { Session } from './session.js'

export interface FormattingOptions {
  readonly check: boolean
  readonly diff: boolean
  readonly recursive: boolean
  readonly write: boolean
  readonly list: boolean
}

const notCanonical = 3

/** Lays out files in place. Files that cannot be read stay as they are and are reported, all of them. */
export async function formatFiles(
  session: Session,
  paths: readonly string[],
  options: FormattingOptions,
): Promise<number> {
  const folder = session.ambient.cwd
  const changed: string[] = []
  // They belong into the document, because files were rewritten all the same.
  const wrong: JsonObject[] = []
  let failed = false
  for (const file of paths.flatMap((path) => hclFiles(folder, path, options.recursive))) {
    const text = await readText(folder, file)
    const { formatted, diagnostics } = await formatOne(text, file)
    const sources = new Map([[file, text]])
    if (session.json) wrong.push(...diagnostics.map((each) => diagnosticJson(each, sources)))
    else session.tell(diagnostics, sources)
    if (formatted === undefined) failed = true
    else if (formatted !== text) {
      changed.push(file)
      if (options.list && !session.json) session.out(`${escapeLine(file)}\n`)
      if (options.write) writeText(folder, file, formatted)
      if (options.diff && !session.json) session.out(await difference(session, file, text, formatted))
    }
  }
  if (session.json)
    session.out(`${JSON.stringify({ changed, ...(wrong.length > 0 && { diagnostics: wrong }) })}\n`)
  if (failed) return 1
  return options.check && changed.length > 0 ? notCanonical : 0
}

/** Lays out stdin onto stdout. */
export async function formatStream(session: Session, options: FormattingOptions): Promise<number> {
  const { largestFile, tooLarge } = await import('../../app.js')
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of session.terminal.stdin) {
    chunks.push(Buffer.from(chunk))
    length += chunk.length
    if (length > largestFile) throw inaccessible('<stdin>', tooLarge(largestFile))
  }
  const text = Buffer.concat(chunks).toString('utf8')
  const { formatted, diagnostics } = await formatOne(text, '<stdin>')
  session.tell(diagnostics, new Map([['<stdin>', text]]))
  if (formatted === undefined) return 1
  const changed = formatted === text ? [] : ['<stdin>']
  if (session.json) session.out(`${JSON.stringify({ changed, text: formatted })}\n`)
  else if (options.diff) session.out(await difference(session, '<stdin>', text, formatted))
  else if (!options.check) session.out(formatted)
  return options.check && formatted !== text ? notCanonical : 0
}

/** No text: it cannot be read as HCL. */
async function formatOne(
  text: string,
  file: string,
): Promise<{ readonly formatted: string | undefined; readonly diagnostics: readonly Diagnostic[] }> {
  const { formatText } = await import('../../app.js')
  const { text: formatted, diagnostics } = await formatText(text, file)
  return { formatted: hasErrors(diagnostics) ? undefined : formatted, diagnostics }
}

async function difference(session: Session, file: string, before: string, after: string): Promise<string> {
  const { fileDifference } = await import('../../views/file-difference.js')
  return fileDifference(file, before, after, session.terminal.outStyle)
}

/** The HCL files that a path names. Hidden ones are only taken when they are named themselves. */
function hclFiles(folder: string, path: string, recursive: boolean): string[] {
  try {
    if (!statSync(resolve(folder, path)).isDirectory()) {
      if (/\.ya?ml$/.test(path)) throw notHcl(path)
      return [path]
    }
    const entries = readdirSync(resolve(folder, path), { withFileTypes: true })
    return entries
      .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const inner = join(path, entry.name)
        if (entry.isDirectory()) return recursive ? hclFiles(folder, inner, true) : []
        return entry.isFile() && entry.name.endsWith('.hcl') ? [inner] : []
      })
  } catch (cause) {
    throw inaccessible(path, cause)
  }
}

async function readText(folder: string, file: string): Promise<string> {
  const { readRegularFile } = await import('../../app.js')
  try {
    return readRegularFile(resolve(folder, file)).toString('utf8')
  } catch (cause) {
    throw inaccessible(file, cause)
  }
}

function writeText(folder: string, file: string, text: string): void {
  try {
    writeFileSync(resolve(folder, file), text)
  } catch (cause) {
    throw inaccessible(file, cause)
  }
}

function notHcl(path: string): Failure {
  return new Failure(
    error('commands/fmt', 'The file cannot be formatted', {
      detail: `${path} is YAML. Only HCL has a canonical layout.`,
      help: 'Give .hcl files and folders; a formatter for YAML takes care of the others.',
    }),
  )
}

function inaccessible(path: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause
  return new Failure(
    error('commands/fmt', 'The file cannot be formatted', { detail: `${path}: ${fileReason(cause)}` }),
    { cause },
  )
}
