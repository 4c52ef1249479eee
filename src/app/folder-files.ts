import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { error, Failure } from '../core/diagnostic.js'
import { fileReason } from '../core/file-error.js'
import { readRegularFile } from './regular-file.js'

/** The texts of the files of a folder whose names are ours, by name. */
export function readFolder(folder: string, isOurs: (name: string) => boolean): Map<string, string> {
  const files = new Map<string, string>()
  for (const entry of list(folder)) {
    if (entry.isDirectory() || !isOurs(entry.name)) continue
    files.set(
      entry.name,
      textOf(entry.name, () => readRegularFile(join(folder, entry.name))),
    )
  }
  return files
}

/** The text of a file, of which the bytes are read by `read`. Throws a `Failure` that says why not. */
export function textOf(name: string, read: () => Uint8Array): string {
  try {
    return decode(name, read())
  } catch (cause) {
    throw unreadable(name, cause)
  }
}

/** The text of bytes that are UTF-8, as all our files are. */
export function decode(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new Failure(
      error('app/not-utf8', 'A file is not UTF-8 text', {
        detail: `${name} holds bytes that are not UTF-8.`,
        help: 'Save it as UTF-8.',
      }),
      { cause },
    )
  }
}

export function unreadable(name: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause
  return new Failure(
    error('app/unreadable', 'A file cannot be read', { detail: `${name}: ${fileReason(cause)}` }),
    { cause },
  )
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (cause) {
    throw new Failure(
      error('app/no-folder', 'The folder cannot be read', { detail: `${folder}: ${fileReason(cause)}` }),
      { cause },
    )
  }
}
