import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
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
  const [ready, lock, refused] = [join(folder, 'ready'), `${folder}.lock`, `${folder}.refused`]
  const program = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin', 'python')
  mkdirSync(cache, { recursive: true })
  while (!take(lock)) await new Promise((resolve) => setTimeout(resolve, 100))
  try {
    // One that stayed may be of a Python that is gone.
    if (existsSync(ready) && (await run(program, ['--version'])).code === 0) return { program }
    // What one test could not install, the next one of the same run cannot either.
    if (existsSync(refused) && Date.now() - statSync(refused).mtimeMs < 300_000)
      return readFileSync(refused, 'utf8')
    const words = await install(folder, program)
    if (words === undefined) {
      writeFileSync(ready, '')
      return { program }
    }
    const refusal = `${packages.join(', ')} cannot be installed: ${words}`
    writeFileSync(refused, refusal)
    return refusal
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
  rmSync(folder, { recursive: true, force: true })
  const pip = ['-m', 'pip', '--disable-pip-version-check', '--retries=1']
  // The pip of the system, if there is one, saves the four seconds that it takes to get another one.
  const hasPip = (await run('python3', ['-m', 'pip', '--version'])).code === 0
  const steps = [
    ['python3', '-m', 'venv', ...(hasPip ? ['--without-pip'] : []), folder],
    [
      ...(hasPip ? ['python3', ...pip, '--python', program] : [program, ...pip]),
      ...['install', '--quiet', '--no-compile', ...packages],
    ],
  ]
  for (const [first = '', ...args] of steps) {
    const { code, stderr } = await run(first, args)
    if (code !== 0) return stderr.trim().split('\n').at(-1) ?? first
  }
  return undefined
}
