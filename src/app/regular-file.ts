import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'

/** Larger files are not read, for a configuration or by its functions, in bytes: three for each character of the longest string. */
export const largestFile = 32 * 1024 * 1024

/**
 * The bytes of a file that somebody named. A pipe that nobody writes to or a device without end would stop the program for good,
 * so it is looked at what the path leads to before anything is read. Throws an `Error` whose message, as `fileReason` tells it,
 * says why not; never reads more than `most` bytes and one.
 */
export function readRegularFile(path: string, most: number = largestFile): Buffer {
  // Opening a pipe to read waits for somebody who writes, unless it is told not to.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  try {
    const found = fstatSync(file)
    if (!found.isFile()) throw new Error(`it is ${kindOf(found)}, and only regular files are read.`)
    if (found.size > most) throw tooLarge(most)
    // Some files say that they are empty, and are not (/proc), and some grow.
    return readToEnd((buffer) => readSync(file, buffer), found.size, most)
  } finally {
    closeSync(file)
  }
}

/** All that `read` puts into the buffers it is given, until it has no more. */
function readToEnd(read: (buffer: Buffer) => number, expected: number, most: number): Buffer {
  const chunks: Buffer[] = []
  let length = 0
  for (let size = expected + 1; ; size = chunkSize) {
    const buffer = Buffer.allocUnsafe(Math.min(size, most - length + 1))
    const count = read(buffer)
    if (count === 0) return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
    chunks.push(buffer.subarray(0, count))
    length += count
    if (length > most) throw tooLarge(most)
  }
}

const chunkSize = 64 * 1024

/** What is said of a file or a stream that is too large. */
export function tooLarge(most: number): Error {
  return new Error(`it is larger than ${most / 1024 / 1024} MiB, and more is not read.`)
}

/** What something is that is no regular file. */
export function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a pipe'
  if (found.isSocket()) return 'a socket'
  return 'a device'
}

/** The text of a small file in UTF-8, `~/` being the home folder; undefined: it cannot be read, or there is none. */
export function readText(path: string, home: string | undefined): string | undefined {
  if (path.startsWith('~/') && (home === undefined || home === '')) return undefined
  try {
    const found = path.startsWith('~/') ? `${home}${path.slice(1)}` : path
    return readRegularFile(found, smallFile).toString('utf8')
  } catch {
    return undefined
  }
}

const smallFile = 1024 * 1024
