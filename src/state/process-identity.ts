import { readFileSync, readlinkSync } from 'node:fs'
import type { Holder, Liveness } from '../core/state.js'
import type { ProcessIdentity } from './environment.js'

/**
 * What identifies a process for good: on Linux its number and start time together with the boot and the namespaces that
 * give these a meaning. `proc` is where /proc is mounted. Elsewhere the number alone, which proves nothing.
 */
export function processIdentity(pid = process.pid, proc = '/proc'): ProcessIdentity {
  try {
    // A /proc of another pid namespace (a host's, mounted into a container) would show other processes under our numbers.
    if (readlinkSync(`${proc}/self`) !== String(process.pid)) return { pid }
    const stat = processStat(pid, proc)
    if (stat === undefined) return { pid }
    return {
      pid,
      startTime: stat.startTime,
      bootId: readFileSync(`${proc}/sys/kernel/random/boot_id`, 'utf8').trim(),
      // Start times are shifted by time namespaces, so these belong to what makes two of them comparable.
      pidNamespace: `${readlinkSync(`${proc}/self/ns/pid`)} ${timeNamespace(proc)}`,
    }
  } catch {
    return { pid }
  }
}

/**
 * Whether the holder's process still runs, as far as that can be proven from this process: only within one boot and one
 * pid namespace. A stopped process is alive.
 */
export function processLiveness(
  holder: Pick<Holder, 'pid' | 'startTime' | 'bootId' | 'pidNamespace'>,
  proc = '/proc',
): Liveness {
  const own = processIdentity(process.pid, proc)
  if (own.bootId === undefined || holder.startTime === undefined) return 'unknown'
  if (own.bootId !== holder.bootId || own.pidNamespace !== holder.pidNamespace) return 'unknown'
  try {
    const stat = processStat(holder.pid, proc)
    if (stat === undefined) return exists(holder.pid) ? 'unknown' : 'dead'
    if (stat.startTime !== holder.startTime) return 'dead'
    // A zombie runs no more, unless threads of it are left.
    return /^[ZX]$/.test(stat.status) && stat.threads <= 1 ? 'dead' : 'alive'
  } catch {
    return 'unknown'
  }
}

/** Kernels before 5.6 have none. */
function timeNamespace(proc: string): string {
  try {
    return readlinkSync(`${proc}/self/ns/time`)
  } catch {
    return 'time:-'
  }
}

interface ProcessStat {
  readonly status: string
  readonly threads: number
  /** In clock ticks since boot. */
  readonly startTime: string
}

/** Fields of /proc/PID/stat (proc(5)); undefined when there is no such process, or it is hidden from us. */
function processStat(pid: number, proc: string): ProcessStat | undefined {
  let text: string
  try {
    text = readFileSync(`${proc}/${pid}/stat`, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
  // The second field is the program's name in parentheses and may hold anything, parentheses and spaces too.
  const [status, ...rest] = text
    .slice(text.lastIndexOf(')') + 2)
    .trim()
    .split(' ')
  const threads = rest[16]
  const startTime = rest[18]
  if (status === undefined || threads === undefined || startTime === undefined)
    throw new Error(`cannot read ${proc}/${pid}/stat`)
  return { status, threads: Number(threads), startTime }
}

/** Tells also of processes that a /proc mounted with hidepid does not show. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
