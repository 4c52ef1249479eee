import { execFileSync, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A PostgreSQL server of this test's own. */
export interface PostgresServer {
  /** `postgres://tester:secret@127.0.0.1:PORT/postgres` */
  readonly address: string
  start(): void
  /** Ends all connections and stops, as for an upgrade. */
  stop(): void
  /** Ends it for good, with its data. */
  remove(): void
}

/** Nothing of it has to survive a power cut, and waiting for disks is most of the time. */
const unsafe = '-c fsync=off -c synchronous_commit=off -c full_page_writes=off'

/** Where Debian's packages put the programs. */
function programFolder(): string | undefined {
  const versions = '/usr/lib/postgresql'
  if (!existsSync(versions)) return undefined
  const latest = readdirSync(versions).sort((a, b) => Number(b) - Number(a))[0]
  const folder = latest === undefined ? undefined : join(versions, latest, 'bin')
  return folder !== undefined && existsSync(join(folder, 'initdb')) ? folder : undefined
}

/** Makes and starts a server; undefined where there are no programs of it, or nobody that it could run as. */
export async function startPostgres(): Promise<PostgresServer | undefined> {
  const programs = programFolder()
  const owner = ownerOfServer()
  if (programs === undefined || owner === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'rolecall-postgres-'))
  if ('uid' in owner) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const run = (program: string, args: readonly string[]): void => {
    const { status, stderr, error } = spawnSync(join(programs, program), args, {
      cwd: folder,
      env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
      // What the server itself inherits must not be a pipe: it would never end.
      stdio: ['ignore', 'ignore', program === 'pg_ctl' ? 'ignore' : 'pipe'],
      ...owner,
    })
    if (status !== 0) throw new Error(`${program}: ${error?.message ?? String(stderr)}`)
  }
  const port = await freePort()
  const password = join(folder, 'password')
  writeFileSync(password, 'secret\n')
  run('initdb', [
    '--pgdata',
    data,
    '--username=tester',
    '--encoding=UTF8',
    '--auth=scram-sha-256',
    `--pwfile=${password}`,
    '--no-sync',
  ])
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c max_connections=100 ${unsafe}`
  const start = (): void =>
    run('pg_ctl', ['start', '--wait', '--pgdata', data, '--log', join(folder, 'log'), '--options', options])
  const stop = (): void => run('pg_ctl', ['stop', '--wait', '--pgdata', data, '--mode=fast'])
  start()
  return {
    address: `postgres://tester:secret@127.0.0.1:${port}/postgres`,
    start,
    stop,
    remove() {
      spawnSync(join(programs, 'pg_ctl'), ['stop', '--pgdata', data, '--mode=immediate'], {
        ...owner,
        cwd: folder,
      })
      rmSync(folder, { recursive: true })
    },
  }
}

/** PostgreSQL refuses to run as root. */
function ownerOfServer(): { uid: number; gid: number } | Record<string, never> | undefined {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // The next one.
    }
  }
  return undefined
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
