import { chooseStyle, type Style } from '../../views/style.js'

/** Where a command writes to and reads from, and what it knows of its surroundings. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  /** Results. */
  out(text: string): void
  /** Progress and diagnostics. */
  err(text: string): void
  readonly outStyle: Style
  readonly errStyle: Style
  /** Columns of the terminal that shows `err`; undefined without one. */
  readonly width: number | undefined
  now(): Date
  /** Resolves when everything written is out of this process' hands: with what was lost, if the results could not be written. */
  flush(): Promise<Error | undefined>
}

/** The terminal of this process. Writing to a pipe that nobody reads any more is silent: `rolecall state list | head`. */
export function processTerminal(color: boolean): Terminal {
  const { stdout, stderr, stdin, env } = process
  const out = quietly(stdout)
  const err = quietly(stderr)
  return {
    env,
    cwd: process.cwd(),
    stdin,
    out: out.write,
    err: err.write,
    outStyle: chooseStyle({ flag: color, env, terminal: stdout.isTTY === true }),
    errStyle: chooseStyle({ flag: color, env, terminal: stderr.isTTY === true }),
    width: stderr.isTTY === true ? stderr.columns : undefined,
    now: () => new Date(),
    flush: async () => {
      const [lost] = await Promise.all([out.flush(), err.flush()])
      return lost
    },
  }
}

/** A stream that fails (nobody reads it, the disk is full) must not stop an apply under way: what follows is dropped. */
function quietly(stream: NodeJS.WriteStream): {
  readonly write: (text: string) => void
  readonly flush: () => Promise<Error | undefined>
} {
  let failure: NodeJS.ErrnoException | undefined
  // oclif's own listener would end the process in the middle of whatever it does.
  stream.removeAllListeners('error')
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    failure ??= cause
  })
  return {
    write(text) {
      if (failure === undefined) stream.write(text)
    },
    async flush() {
      // A file tells that it is full only after the write has returned.
      await new Promise((resolve) => setImmediate(resolve))
      if (failure === undefined && stream.writableLength > 0)
        await new Promise<void>((resolve) => {
          stream.once('error', () => resolve())
          stream.write('', () => resolve())
        })
      // That nobody reads any more is what `rolecall state list | head` does.
      return failure?.code === 'EPIPE' || failure?.code === 'ERR_STREAM_DESTROYED' ? undefined : failure
    },
  }
}
