import { hostname } from 'node:os'
import { randomName, type VaultService } from './service.js'

/** The opened planes of this process. */
const living = new Set<string>()

/** Names an opened plane in the rows of work that it has begun: the machine, the process, and something random. */
export function newOwner(service: Pick<VaultService, 'random'>): string {
  const owner = `${hostname()}/${process.pid}/${randomName(service, 12)}`
  living.add(owner)
  return owner
}

export function retire(owner: string): void {
  living.delete(owner)
}

/**
 * Whether the plane that began some work is certainly gone, so that another may end it at once. Of a plane on another machine
 * nobody knows; its work is taken over when its time is up.
 */
export function isGone(owner: string): boolean {
  if (living.has(owner)) return false
  const [host, pid] = owner.split('/')
  if (host !== hostname()) return false
  if (Number(pid) === process.pid) return true
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'ESRCH'
  }
}
