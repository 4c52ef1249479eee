import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FolderListing } from '../core/configuration.js'
import { error, Failure } from '../core/diagnostic.js'
import { fileReason } from '../core/file-error.js'

type Entry = FolderListing['entries'][number]

/** What is in a folder, for the function `fileset`; undefined if it is none, or is not there. */
export function listFolder(path: string): FolderListing | undefined {
  try {
    const entries = readdirSync(path, { withFileTypes: true })
    return { real: realpathSync(path), entries: entries.map((entry) => kindOf(path, entry)) }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && absent.has(cause.code)) return undefined
    throw new Failure(
      error('lang/function-failed', 'Function failed', {
        detail: `The folder ${JSON.stringify(path)} cannot be read: ${fileReason(cause)}`,
      }),
      { cause },
    )
  }
}

const absent: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP'])

function kindOf(folder: string, entry: Dirent): Entry {
  const { name } = entry
  let found: Dirent | Stats | undefined = entry
  if (entry.isSymbolicLink()) found = followed(join(folder, name))
  if (found === undefined) return { name, kind: 'nothing' }
  return { name, kind: found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other' }
}

function followed(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}
