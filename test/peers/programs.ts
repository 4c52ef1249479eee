import { type ChildProcess, spawn } from 'node:child_process'

/** What a program did. */
export interface Done {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. One that cannot be started has no code. */
export function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Done> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()))
    child.once('error', (error) => resolve({ code: null, stdout: '', stderr: error.message }))
    child.once('close', (code) => resolve({ code, ...output }))
  })
}

/** Starts a program and waits for a line of its output that matches. Rejects if it ends first. */
export function started(
  program: string,
  args: readonly string[],
  ready: RegExp,
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly child: ChildProcess; readonly match: RegExpExecArray }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    const look = (chunk: Buffer): void => {
      text += chunk.toString()
      const match = ready.exec(text)
      if (match !== null) resolve({ child, match })
    }
    child.stdout.on('data', look)
    child.stderr.on('data', look)
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`${program} ended with ${code}: ${text}`)))
  })
}

/** Ends a program in good order. */
export async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill()
  if (child.exitCode === null) await ended
}
