import { absent, invalid } from './api-error.js'
import { cleanUp } from './cleanup.js'
import { endLeases, leaseIds, liveLease, userLease } from './leases.js'
import { mountById } from './mount-place.js'
import { maxLeaseTtl } from './mount-settings.js'
import { done, type Reply } from './reply.js'
import type { Call } from './route.js'
import type { VaultService } from './service.js'

export async function lookupLease({ service, namespace, fields }: Call): Promise<Reply> {
  const id = leaseId(fields.text('lease_id'))
  const lease = await liveLease(service, namespace, id)
  if (lease === undefined) throw invalid('invalid lease')
  return {
    data: {
      id,
      issue_time: lease.issued_at,
      expire_time: lease.expires_at,
      last_renewal: lease.last_renewal,
      renewable: lease.username !== null,
      ttl: Math.max(0, Math.floor((Date.parse(lease.expires_at) - service.now().getTime()) / 1_000)),
    },
  }
}

/** As a folder: what is directly below the prefix, deeper ones by their first part. */
export async function listLeases({ service, namespace }: Call, prefix = ''): Promise<Reply> {
  const below = prefix === '' ? '' : `${prefix}/`
  const ids = await leaseIds(service.tables, namespace, below, 'live')
  const keys = new Set(ids.map((id) => id.slice(below.length).replace(/\/.*$/s, '/')))
  if (keys.size === 0) throw absent()
  return { data: { keys: [...keys] } }
}

/** The increment is a wish, counted from now; the most that the lease may last counts from its issue. */
export async function renewLease(call: Call, inPath: string): Promise<Reply> {
  const { service, namespace, fields } = call
  const id = leaseId(inPath || fields.text('lease_id'))
  const increment = fields.seconds('increment') ?? 0
  const lease = await liveLease(service, namespace, id)
  if (lease === undefined) throw invalid('lease not found')
  if (lease.username === null) throw invalid('lease is not renewable')
  const mount = await mountById(service, lease.mount_id)
  if (mount === undefined) throw invalid('lease not found')
  const { duration, most } = userLease(mount)
  const now = service.now().getTime()
  const wished = increment === 0 ? duration : increment
  const left = (Date.parse(lease.issued_at) - now) / 1_000 + Math.min(most, maxLeaseTtl(mount))
  if (left <= 0) throw invalid('past the max TTL, cannot renew')
  const granted = Math.min(wished, left)
  const { numUpdatedRows } = await service.tables
    .updateTable('vault_leases')
    .set({
      expires_at: new Date(now + granted * 1_000).toISOString(),
      last_renewal: new Date(now).toISOString(),
    })
    .where('id', '=', id)
    .where('state', '=', 'live')
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw invalid('lease not found')
  service.wake()
  const warnings =
    granted < wished
      ? [
          `TTL of "${Math.floor(wished)}s" exceeded the effective max_ttl of "${Math.floor(left)}s"; TTL value is capped accordingly`,
        ]
      : []
  return { lease: { id, renewable: true, duration: Math.floor(granted) }, warnings }
}

/** Done as well if there is no such lease. What AWS refuses to remove is tried again later; `sync` tells it now. */
export async function revokeLease({ service, namespace, fields }: Call, inPath: string): Promise<Reply> {
  const id = leaseId(inPath || fields.text('lease_id'))
  const sync = fields.flag('sync') ?? false
  const found = (await leaseIds(service.tables, namespace, id)).includes(id)
  return found ? await revoke(service, [id], sync) : done
}

export async function revokePrefix({ service, namespace, fields }: Call, prefix: string): Promise<Reply> {
  const sync = fields.flag('sync') ?? true
  return await revoke(service, await below(service, namespace, prefix), sync)
}

/** Forgets leases whatever AWS says: what they were for may stay there. */
export async function revokeForce({ service, namespace }: Call, prefix: string): Promise<Reply> {
  const ids = await below(service, namespace, prefix)
  await endLeases(service, service.tables, ids)
  for (const id of ids) {
    await cleanUp(service, id)
    await service.tables
      .deleteFrom('vault_leases')
      .where('id', '=', id)
      .where('state', '=', 'revoking')
      .execute()
  }
  service.wake()
  return done
}

/** Ends leases and removes what they are for, as far as AWS lets it. Throws a 400 with the first refusal if that is asked for. */
export async function revoke(service: VaultService, ids: readonly string[], sync: boolean): Promise<Reply> {
  await endLeases(service, service.tables, ids)
  const problems: string[] = []
  for (const id of ids) {
    const problem = await cleanUp(service, id)
    if (problem !== undefined) problems.push(`failed to revoke "${id}": failed to revoke entry: ${problem}`)
  }
  service.wake()
  if (sync && problems[0] !== undefined) throw invalid(problems[0])
  return done
}

async function below(service: VaultService, namespace: string, prefix: string): Promise<readonly string[]> {
  const ids = await leaseIds(service.tables, namespace, prefix)
  return ids.filter((id) => id === prefix || id.startsWith(`${prefix}/`))
}

function leaseId(text: string | undefined): string {
  if (text === undefined || text === '') throw invalid('lease_id must be specified')
  return text
}
