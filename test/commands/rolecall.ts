import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

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

/** Runs the program as a user would, without a terminal. */
export function rolecall(args: readonly string[], { cwd, env = {}, input }: Surroundings): Promise<Ran> {
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
  const { PATH, HOME } = process.env
  return spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['pipe', stdout ?? 'pipe', 'pipe'],
  })
}
