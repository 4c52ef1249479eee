import { AsyncLocalStorage } from 'node:async_hooks'
import { chooseStyle, type Style } from '../../views/style.js'

/** A stream that may be a terminal. */
export type Screen = NodeJS.WritableStream & {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly writableLength: number
}

/** What a run has around it: this process's own, or what a test gives. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: Screen
  readonly stderr: Screen
}

// The command line library makes the commands itself: nothing can be handed to them as an argument.
const given = new AsyncLocalStorage<Surroundings>()

/** Runs the body, and all commands that it runs, in surroundings other than this process's own. */
export function inSurroundings<T>(surroundings: Surroundings, body: () => Promise<T>): Promise<T> {
  return given.run(surroundings, body)
}

/** Where a command writes to and reads from, and what it knows of its surroundings. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  /** Where questions are asked. */
  readonly screen: Screen
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

/** The terminal of this run. Writing to a pipe that nobody reads any more is silent: `rolecall state list | head`. */
export function terminalHere(color: boolean): Terminal {
  const { env, cwd, stdin, stdout, stderr } = given.getStore() ?? processSurroundings()
  const out = quietly(stdout)
  const err = quietly(stderr)
  return {
    env,
    cwd,
    stdin,
    screen: stdout,
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

function processSurroundings(): Surroundings {
  const { env, stdin, stdout, stderr } = process
  return { env, cwd: process.cwd(), stdin, stdout, stderr }
}

/** A stream that fails (nobody reads it, the disk is full) must not stop an apply under way: what follows is dropped. */
function quietly(stream: Screen): {
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
