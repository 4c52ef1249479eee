import { removeUser } from './iam-users.js'
import { awsOf, awsText } from './mount-aws.js'
import type { VaultService } from './service.js'
import type { LeaseTable } from './tables.js'

/** Milliseconds that one cleaning up has before somebody else may try. */
const claimTime = 120_000

/** Milliseconds before what AWS refused is tried again; the last for ever. */
const pauses = [1_000, 5_000, 30_000, 120_000, 600_000]

/**
 * Removes from AWS what an ended lease was for, and then its row. Undefined: done. Otherwise what AWS said; the row stays and
 * it is tried again. May be called for any lease that is not live.
 */
export async function cleanUp(service: VaultService, id: string): Promise<string | undefined> {
  const lease = await claim(service, id)
  if (lease === undefined) return undefined
  let outcome: 'removed' | 'absent'
  try {
    const { username } = lease
    outcome = username === null ? 'removed' : await removeUser(await awsOf(service, lease.mount_id), username)
  } catch (cause) {
    const problem = awsText(cause)
    const pause = pauses[Math.min(lease.attempts, pauses.length - 1)] ?? 0
    const again = service.now().getTime() + pause
    await postpone(service, id, again, problem, lease.attempts + 1)
    service.workFailed(
      `revoking the lease ${id}, whose IAM user ${lease.username} has to go`,
      problem,
      new Date(again),
    )
    return problem
  }
  // The request that makes the user may still be under way, of a plane that died or was not answered.
  if (outcome === 'absent' && lease.settled_at > service.now().toISOString())
    await postpone(service, id, Date.parse(lease.settled_at), lease.problem, lease.attempts)
  else await service.tables.deleteFrom('vault_leases').where('id', '=', id).execute()
  return undefined
}

/** Takes the work, unless somebody is at it. */
async function claim(service: VaultService, id: string): Promise<LeaseTable | undefined> {
  const now = service.now()
  const { numUpdatedRows } = await service.tables
    .updateTable('vault_leases')
    .set({ owner: service.owner, retry_at: new Date(now.getTime() + claimTime).toISOString() })
    .where('id', '=', id)
    .where('state', '=', 'revoking')
    .where('retry_at', '<=', now.toISOString())
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) return undefined
  return await service.tables.selectFrom('vault_leases').selectAll().where('id', '=', id).executeTakeFirst()
}

async function postpone(
  service: VaultService,
  id: string,
  until: number,
  problem: string | null,
  attempts: number,
): Promise<void> {
  await service.tables
    .updateTable('vault_leases')
    .set({ retry_at: new Date(until).toISOString(), problem, attempts })
    .where('id', '=', id)
    .execute()
  service.wake()
}
