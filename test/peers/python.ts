import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './programs.js'

/**
 * What the peers need, and what validates XML. Of moto, what its server needs for IAM, S3 and STS: `moto[server]` brings three times as much, for
 * services that nobody asks here.
 */
const packages = ['boto3', 'hvac', 'moto', 'flask', 'flask-cors', 'xmlschema'] as const

/** A Python with the packages of the peers. */
export interface Python {
  readonly program: string
}

/**
 * The Python of all peers; a text says why there is none (no Python, no package index). Installing costs ten seconds of CPU
 * time, so the first test that asks does it, and those that run beside it wait. It stays for later runs, in the folder that
 * `npm ci` empties.
 */
export async function peersPython(): Promise<Python | string> {
  const name = createHash('sha256').update(packages.join()).digest('hex').slice(0, 8)
  const cache = join(process.cwd(), 'node_modules', '.cache')
  const folder = join(cache, `python-${name}`)
  const [ready, lock] = [join(folder, 'ready'), `${folder}.lock`]
  const program = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin', 'python')
  mkdirSync(cache, { recursive: true })
  while (!take(lock)) await new Promise((resolve) => setTimeout(resolve, 100))
  try {
    // One that stayed may be of a Python that is gone.
    if (existsSync(ready) && (await run(program, ['--version'])).code === 0) return { program }
    const refusal = await install(folder, program)
    if (refusal !== undefined) return `${packages.join(', ')} cannot be installed: ${refusal}`
    writeFileSync(ready, '')
    return { program }
  } finally {
    rmSync(lock, { force: true })
  }
}

/** Whether we have the lock now. One that a dead process left counts for nothing. */
function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    if (isDead(lock)) rmSync(lock, { force: true })
    return false
  }
}

function isDead(lock: string): boolean {
  try {
    const holder = readFileSync(lock, 'utf8')
    // Empty: it is about to write its number.
    if (holder !== '') process.kill(Number(holder), 0)
    return false
  } catch (cause) {
    // Not `ENOENT`: the lock was given back between the two looks.
    return (cause as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Makes a virtual environment with the packages; the last words of what failed. */
async function install(folder: string, program: string): Promise<string | undefined> {
  const pip = ['-m', 'pip', '--disable-pip-version-check']
  const wanted = ['install', '--quiet', '--no-compile', ...packages]
  const ways = [
    // The pip of the system saves the four seconds that it takes to get another one.
    [
      ['python3', '-m', 'venv', '--without-pip'],
      ['python3', ...pip, '--python', program],
    ],
    [
      ['python3', '-m', 'venv'],
      [program, ...pip],
    ],
  ] as const
  let words = ''
  for (const [[python, ...venv], [installer, ...args]] of ways) {
    rmSync(folder, { recursive: true, force: true })
    let done = await run(python, [...venv, folder])
    if (done.code === 0) done = await run(installer, [...args, ...wanted])
    if (done.code === 0) return undefined
    words = done.stderr.trim().split('\n').at(-1) ?? python
  }
  rmSync(folder, { recursive: true, force: true })
  return words
}
