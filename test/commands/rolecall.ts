import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { main } from '../../src/commands/shell/main.js'

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Surroundings {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

const program = join(process.cwd(), 'bin', 'rolecall.js')

/** What every run finds in its environment. */
const { PATH, HOME } = process.env

/**
 * Runs a command line as a user would, without a terminal, but in this process: the same from the arguments to the exit code,
 * at a tenth of the cost.
 */
export async function rolecall(
  args: readonly string[],
  { cwd, env = {}, input }: Surroundings,
): Promise<Ran> {
  const stdout = collector()
  const stderr = collector()
  const code = await main(args, {
    cwd,
    env: { PATH, HOME, ...env },
    stdin: Readable.from(input === undefined ? [] : [Buffer.from(input)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
  })
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}

function collector(): { readonly stream: Writable; text(): string } {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk)
      done()
    },
  })
  return { stream, text: () => Buffer.concat(chunks).toString() }
}

/** Runs the program as a user would, without a terminal, in a process of its own. */
export function spawned(args: readonly string[], { cwd, env = {}, input }: Surroundings): Promise<Ran> {
  const child = start(args, { cwd, env })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk))
  child.stdin?.end(input ?? '')
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    )
  })
}

/** Starts the program and leaves it running. `stdout`: a file that it writes its results to. */
export function start(
  args: readonly string[],
  { cwd, env = {}, stdout }: Omit<Surroundings, 'input'> & { readonly stdout?: number },
): ChildProcess {
  return spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['pipe', stdout ?? 'pipe', 'pipe'],
  })
}
