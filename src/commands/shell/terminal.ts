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
  /** Resolves when everything written is out of this process' hands. */
  flush(): Promise<void>
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
      await Promise.all([out.flush(), err.flush()])
    },
  }
}

function quietly(stream: NodeJS.WriteStream): {
  readonly write: (text: string) => void
  readonly flush: () => Promise<void>
} {
  let closed = false
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    // Nobody listens any more. An apply under way goes on all the same, and its exit code still counts.
    if (cause.code !== 'EPIPE' && cause.code !== 'ERR_STREAM_DESTROYED') throw cause
    closed = true
  })
  return {
    write(text) {
      if (!closed) stream.write(text)
    },
    flush: () =>
      new Promise((resolve) => {
        if (closed || stream.writableLength === 0) return resolve()
        stream.once('error', () => resolve())
        stream.write('', () => resolve())
      }),
  }
}
