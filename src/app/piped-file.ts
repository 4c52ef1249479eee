import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { largestFile, readRegularFile, tooLarge } from './regular-file.js'

/** Milliseconds between two looks into a pipe, and how long somebody has to come who writes to it. */
const pause = 20
const patience = 10_000

/**
 * The bytes of a file that may also be a pipe, as in `--var-file <(…)` or `--var-file /dev/stdin`. A pipe can be read once. While
 * there is somebody who writes it is waited for, until `stop`. Throws as `readRegularFile`.
 */
export async function readRegularOrPiped(
  path: string,
  stop: AbortSignal,
  most: number = largestFile,
): Promise<Buffer> {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  try {
    if (!fstatSync(file).isFIFO()) return readRegularFile(path, most)
    const chunks: Buffer[] = []
    let length = 0
    let waited = 0
    for (;;) {
      const buffer = Buffer.allocUnsafe(Math.min(64 * 1024, most - length + 1))
      const count = available(file, buffer)
      if (count !== undefined && count > 0) {
        chunks.push(buffer.subarray(0, count))
        length += count
        if (length > most) throw tooLarge(most)
        continue
      }
      // Before the first byte, the end of a pipe is also what it looks like while nobody has opened it to write.
      if (count === 0 && length > 0) return Buffer.concat(chunks)
      if (count === 0 && waited >= patience)
        throw new Error(`it is a pipe, and nobody has written to it for ${patience / 1000} seconds.`)
      if (count === 0) waited += pause
      await sleep(pause, undefined, { signal: stop })
    }
  } finally {
    closeSync(file)
  }
}

/** How many bytes were there to read; 0 if nobody writes, undefined if there may be more later. */
function available(file: number, buffer: Buffer): number | undefined {
  try {
    return readSync(file, buffer)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EAGAIN') return undefined
    throw cause
  }
}
