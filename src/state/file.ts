import * as fs from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { error, Failure } from '../core/diagnostic.js'
import { largestObject } from '../core/journal-object.js'
import type { StateStore } from '../core/state.js'

/** The file system as the store uses it; tests let it fail. */
export type FileSystem = Pick<
  typeof fs,
  | 'closeSync'
  | 'fstatSync'
  | 'fsync'
  | 'linkSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readdirSync'
  | 'statSync'
  | 'unlinkSync'
  | 'writeSync'
>

export interface FileStoreOptions {
  /** The folder; made when something is put there. */
  readonly path: string
  /** As the user knows it, for messages. */
  readonly where?: string
  random(bytes: number): Uint8Array
  readonly files?: FileSystem
}

/** Half-written files lie here, on the same file system as what they are going to be. */
const workshop = 'tmp'
/** A temporary file of this age, in milliseconds, has no writer that could still succeed. */
const abandonedAfter = 3_600_000

/**
 * A folder of files, for one machine or for a shared file system with working hard links. A file appears under its name
 * complete and durable, or not at all: it is written elsewhere and synced, then linked to its name, then the folder is
 * synced. Nothing is ever written in place, so there are no torn files to repair.
 */
export function fileStore({ path, where = path, random, files = fs }: FileStoreOptions): StateStore {
  const root = resolve(path)
  const ready = new Set<string>()
  let swept = false

  const locate = (name: string) => join(root, ...partsOf(name))

  /** Makes the folder, for good, once: a folder that vanishes while it is in use must not come back half empty. */
  async function prepare(folder: string): Promise<void> {
    if (ready.has(folder)) return
    const first = makeFolder(files, folder)
    // Up to the root always: who made these folders may have died before it synced their names.
    const top = first !== undefined && !first.startsWith(root + sep) ? dirname(first) : root
    for (let inner = folder; inner !== top; inner = dirname(inner)) await syncFolder(files, dirname(inner))
    ready.add(folder)
  }

  async function writeTemporary(bytes: Uint8Array): Promise<string> {
    const folder = join(root, workshop)
    await prepare(folder)
    const path = join(folder, Buffer.from(random(16)).toString('hex'))
    const file = files.openSync(path, 'wx', 0o600)
    try {
      for (let at = 0; at < bytes.length; ) at += files.writeSync(file, bytes, at)
      await sync(files, file)
      if (!swept) sweep(folder, files.fstatSync(file).mtimeMs)
      swept = true
    } catch (cause) {
      quietly(() => files.unlinkSync(path))
      throw cause
    } finally {
      files.closeSync(file)
    }
    return path
  }

  /** Removes what crashed writers left. `now` is the file system's own time. */
  function sweep(folder: string, now: number): void {
    for (const name of files.readdirSync(folder)) {
      quietly(() => {
        const left = join(folder, name)
        if (now - files.statSync(left).mtimeMs > abandonedAfter) files.unlinkSync(left)
      })
    }
  }

  return {
    where,
    liveness: 'process',
    async putIfAbsent(name, bytes) {
      const target = locate(name)
      return explained(`writing ${target}`, async () => {
        await prepare(dirname(target))
        const temporary = await writeTemporary(bytes)
        try {
          files.linkSync(temporary, target)
        } catch (cause) {
          if (codeOf(cause) === 'EEXIST') return false
          throw cause
        } finally {
          quietly(() => files.unlinkSync(temporary))
        }
        await syncFolder(files, dirname(target))
        return true
      })
    },
    list: () =>
      explained(`listing ${root}`, async () => {
        const names: string[] = []
        listFolder(files, root, '', names)
        return names
      }),
    async get(name) {
      const target = locate(name)
      return explained(`reading ${target}`, async () => {
        try {
          const found = files.statSync(target)
          // Reading a pipe would wait for ever.
          if (!found.isFile()) throw Object.assign(new Error('it is not a file'), { code: 'EISDIR' })
          const { size } = found
          if (size > largestObject) throw new Error(`it has ${size} bytes, the limit is ${largestObject}`)
          return files.readFileSync(target)
        } catch (cause) {
          if (codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR') return undefined
          throw cause
        }
      })
    },
    async delete(name) {
      const target = locate(name)
      await explained(`removing ${target}`, async () => {
        try {
          files.unlinkSync(target)
        } catch (cause) {
          if (codeOf(cause) !== 'ENOENT') throw cause
        }
      })
    },
  }
}

function partsOf(name: string): readonly string[] {
  const parts = name.split('/')
  const sound = parts.every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part))
  if (!sound || parts[0] === workshop)
    throw new Error(`not a name for a state store: ${JSON.stringify(name)}`)
  return parts
}

function listFolder(files: FileSystem, folder: string, prefix: string, names: string[]): void {
  let entries: fs.Dirent[]
  try {
    entries = files.readdirSync(folder, { withFileTypes: true })
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return
    throw cause
  }
  for (const entry of entries) {
    if (entry.name.startsWith('.') || (prefix === '' && entry.name === workshop)) continue
    if (entry.isDirectory()) listFolder(files, join(folder, entry.name), `${prefix}${entry.name}/`, names)
    else names.push(prefix + entry.name)
  }
}

/**
 * Makes a folder and those that it lies in; returns the outermost one that it made. Node's own way never ends where a folder
 * cannot have any in it, as in /proc.
 */
function makeFolder(files: FileSystem, folder: string): string | undefined {
  const make = (): boolean => {
    try {
      files.mkdirSync(folder, { mode: 0o700 })
      return true
    } catch (cause) {
      if (codeOf(cause) === 'EEXIST' && files.statSync(folder).isDirectory()) return false
      throw cause
    }
  }
  try {
    return make() ? folder : undefined
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT' || dirname(folder) === folder) throw cause
    const first = makeFolder(files, dirname(folder))
    return make() ? (first ?? folder) : first
  }
}

function sync(files: FileSystem, file: number): Promise<void> {
  return new Promise((done, fail) => files.fsync(file, (cause) => (cause ? fail(cause) : done())))
}

async function syncFolder(files: FileSystem, folder: string): Promise<void> {
  // Windows cannot open folders to sync them; NTFS journals its names itself.
  if (process.platform === 'win32') return
  const file = files.openSync(folder, 'r')
  try {
    await sync(files, file)
  } finally {
    files.closeSync(file)
  }
}

function quietly(action: () => void): void {
  try {
    action()
  } catch {
    // A leftover is swept up later.
  }
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined
}

async function explained<T>(doing: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (cause) {
    if (cause instanceof Failure) throw cause
    throw new Failure(
      error('state/file', 'The state folder cannot be used', {
        detail: `${doing}: ${(cause as Error).message}`,
        help: helpFor(codeOf(cause)),
      }),
      { cause },
    )
  }
}

function helpFor(code: string | undefined): string {
  switch (code) {
    case 'EACCES':
    case 'EROFS':
      return 'The folder and all in it must be readable and writable for the user who runs Rolecall. The setting "path" of the state block names another one.'
    case 'ENOSPC':
    case 'EDQUOT':
      return 'Make room on the disk and run the command again: what was recorded so far is safe.'
    case 'EPERM':
    case 'ENOTSUP':
    case 'EOPNOTSUPP':
    case 'ENOSYS':
    case 'EMLINK':
      return 'The state needs a file system with hard links. Put it on another one with the setting "path" of the state block.'
    case 'ENOENT':
      return 'The folder was removed or replaced while it was in use.'
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EEXIST':
    case 'ELOOP':
      return 'Something else lies where the state keeps its folders and files. Move it away, and put back from a backup what was there.'
    default:
      return 'Check the disk, and that this path is one for the state: the setting "path" of the state block.'
  }
}
