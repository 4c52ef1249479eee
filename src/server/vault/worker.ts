import { cleanUp } from './cleanup.js'
import { isGone } from './owner.js'
import { finishRemounts } from './remounts.js'
import { recoverKeyChanges } from './replace-key.js'
import type { VaultService } from './service.js'
import { rotateDue } from './static-rotation.js'
import { endExpiredTokens } from './tokens.js'

/** What goes on beside requests: leases whose time is over, and whatever a plane that died has left behind. */
export interface Worker {
  /** Has it look at what is due, soon and whenever something will be. */
  wake(): void
  /** Waits for what is under way, and begins nothing more. */
  close(): Promise<void>
}

/** Milliseconds: the longest until it looks again, since other planes on the same database make work as well. */
const longest = 60_000

export function startWorker(service: VaultService): Worker {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let again = false
  let closed = false
  const lookAfter = (pause: number) => {
    clearTimeout(timer)
    // A process that has nothing else to do ends; its work stays in the database.
    if (!closed) timer = setTimeout(start, pause).unref()
  }
  const look = async () => {
    do {
      again = false
      await workOff(service, () => closed)
    } while (again && !closed)
    if (closed) return
    const at = await nextDue(service)
    lookAfter(Math.min(Math.max(at - service.now().getTime(), 5), longest))
  }
  const start = () => {
    if (closed) return
    if (running !== undefined) {
      again = true
      return
    }
    running = look()
      .catch((error) => {
        lookAfter(longest)
        const again = new Date(service.now().getTime() + longest)
        service.workFailed('looking at what is due', error, again)
      })
      .finally(() => {
        running = undefined
        if (again) start()
      })
  }
  return {
    // Later than now, so that an answer does not wait for it.
    wake() {
      setImmediate(start)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}

async function workOff(service: VaultService, isClosed: () => boolean): Promise<void> {
  await endExpiredTokens(service)
  await endWhatIsDue(service)
  const now = service.now().toISOString()
  const due = await service.tables
    .selectFrom('vault_leases')
    .select('id')
    .where('state', '=', 'revoking')
    .where('retry_at', '<=', now)
    .orderBy('retry_at')
    .execute()
  for (const { id } of due) {
    if (isClosed()) return
    await cleanUp(service, id)
  }
  await finishRemounts(service)
  if (!isClosed()) await recoverKeyChanges(service)
  if (!isClosed()) await rotateDue(service)
}

async function endWhatIsDue(service: VaultService): Promise<void> {
  const now = service.now().toISOString()
  await service.tables
    .updateTable('vault_leases')
    .set({ state: 'revoking', attempts: 0, retry_at: now })
    .where('state', '=', 'live')
    .where('expires_at', '<=', now)
    .execute()
  const unfinished = await service.tables
    .selectFrom('vault_leases')
    .select(['id', 'state', 'owner', 'settled_at'])
    .where('state', '!=', 'live')
    .execute()
  for (const { id, state, owner, settled_at } of unfinished) {
    const late = state === 'issuing' && settled_at <= now
    // What a plane that died was removing need not wait until its time is up either.
    if (!late && !isGone(owner)) continue
    await service.tables
      .updateTable('vault_leases')
      .set({ state: 'revoking', owner: service.owner, retry_at: now })
      .where('id', '=', id)
      .where('state', '=', state)
      .where('owner', '=', owner)
      .execute()
  }
}

/** Milliseconds since 1970 when something has to be done. */
async function nextDue(service: VaultService): Promise<number> {
  const times = await Promise.all([
    service.tables
      .selectFrom('vault_leases')
      .select((row) => row.fn.min('expires_at').as('at'))
      .where('state', '=', 'live')
      .executeTakeFirst(),
    service.tables
      .selectFrom('vault_leases')
      .select((row) => row.fn.min('retry_at').as('at'))
      .where('state', '!=', 'live')
      .executeTakeFirst(),
    service.tables
      .selectFrom('vault_tokens')
      .select((row) => row.fn.min('expires_at').as('at'))
      .executeTakeFirst(),
    service.tables
      .selectFrom('vault_static_roles')
      .select((row) => row.fn.min('next_rotation_at').as('at'))
      .executeTakeFirst(),
  ])
  const known = times.flatMap((row) => (row?.at ? [Date.parse(String(row.at))] : []))
  return Math.min(...known, Number.MAX_SAFE_INTEGER)
}
