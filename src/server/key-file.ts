import { link, open, unlink } from 'node:fs/promises'
import { error, Failure } from '../core/diagnostic.js'
import { fileReason } from '../core/file-error.js'

/** Bytes in a key: AES-256. */
export const keyLength = 32

/**
 * Reads the key that a plane's secrets are sealed with: 64 hexadecimal digits in a file of its owner's alone. Returns
 * undefined if there is no such file; refuses one that others may read or write.
 */
export async function readKeyFile(path: string): Promise<Buffer | undefined> {
  const text = await readPrivateFile(path)
  if (text === undefined) return undefined
  if (!/^[0-9a-f]{64}\s*$/.test(text)) {
    throw new Failure(
      error('server/key-file-malformed', 'the key file does not hold a key', {
        detail: `${path} should hold 64 hexadecimal digits`,
        help: 'Restore the file from a backup, or name the right one.',
      }),
    )
  }
  return Buffer.from(text.trim(), 'hex')
}

/** Makes a key and its file, durably and whole: nobody ever reads half a key. Fails if the file exists. */
export async function createKeyFile(path: string, random: (bytes: number) => Uint8Array): Promise<Buffer> {
  try {
    return await writeKeyFile(path, random)
  } catch (cause) {
    const help = 'Name a file in a folder that exists and can be written.'
    const detail = `${path}: ${fileReason(cause)}`
    throw new Failure(error('server/key-file-unwritable', 'the key file cannot be made', { detail, help }), {
      cause,
    })
  }
}

async function writeKeyFile(path: string, random: (bytes: number) => Uint8Array): Promise<Buffer> {
  const key = Buffer.from(random(keyLength))
  const draft = `${path}.${Buffer.from(random(8)).toString('hex')}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${key.toString('hex')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(draft, path)
  } finally {
    await unlink(draft)
  }
  return key
}

async function readPrivateFile(path: string): Promise<string | undefined> {
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(path, 'r')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw unreadable(path, cause)
  }
  try {
    // Asked of the open file, not of its name, so that what was checked is what is read.
    const { mode } = await file.stat()
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new Failure(
        error('server/key-file-permissions', 'the key file can be read by other users', {
          detail: `${path} has mode ${(mode & 0o777).toString(8).padStart(4, '0')}, it must be 0600`,
          help: `Run: chmod 600 '${path}'. If others may have read it, replace the AWS keys that the plane holds.`,
        }),
      )
    }
    return await file.readFile('utf8')
  } catch (cause) {
    throw cause instanceof Failure ? cause : unreadable(path, cause)
  } finally {
    await file.close()
  }
}

function unreadable(path: string, cause: unknown): Failure {
  const detail = `${path}: ${cause instanceof Error ? cause.message : String(cause)}`
  return new Failure(error('server/key-file-unreadable', 'the key file cannot be read', { detail }), {
    cause,
  })
}
