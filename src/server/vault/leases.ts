import { sql } from '../query-builder.js'
import { noHandler } from './api-error.js'
import { defaultLeaseTtl, type Mount, maxLeaseTtl } from './mount-settings.js'
import type { VaultService } from './service.js'
import type { LeaseTable, VaultDatabase, VaultWrite } from './tables.js'

export interface NewLease {
  readonly id: string
  readonly mountId: string
  readonly username: string | null
  readonly token: string | undefined
  /** Seconds. */
  readonly duration: number
}

/**
 * Writes down a lease before AWS is asked for what it is for. Whatever happens then, the row says what may have to be removed.
 * `makingTime` is how many milliseconds it may take until it is live.
 */
export async function beginLease(service: VaultService, lease: NewLease, makingTime: number): Promise<void> {
  const now = service.now()
  const settled = new Date(now.getTime() + makingTime).toISOString()
  await service.tables.transaction().execute(async (write) => {
    const mount = await write
      .selectFrom('vault_mounts')
      .select('id')
      .where('id', '=', lease.mountId)
      .executeTakeFirst()
    // Disabled in the meantime: then nobody would clean up.
    if (mount === undefined) throw noHandler(lease.id)
    await write
      .insertInto('vault_leases')
      .values({
        id: lease.id,
        mount_id: lease.mountId,
        username: lease.username,
        state: 'issuing',
        token: lease.token ?? null,
        issued_at: now.toISOString(),
        expires_at: new Date(now.getTime() + lease.duration * 1_000).toISOString(),
        last_renewal: null,
        owner: service.owner,
        settled_at: settled,
        retry_at: settled,
        attempts: 0,
        problem: null,
      })
      .execute()
  })
}

/** Makes it count. False: somebody took it for abandoned, and is removing what was made. */
export async function concludeLease(service: VaultService, id: string, duration: number): Promise<boolean> {
  const now = service.now()
  const { numUpdatedRows } = await service.tables
    .updateTable('vault_leases')
    .set({
      state: 'live',
      issued_at: now.toISOString(),
      settled_at: now.toISOString(),
      expires_at: new Date(now.getTime() + duration * 1_000).toISOString(),
    })
    .where('id', '=', id)
    .where('state', '=', 'issuing')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** The lease as long as it counts, in its namespace. */
export async function liveLease(
  service: VaultService,
  namespace: string,
  id: string,
): Promise<(LeaseTable & { readonly mount: string }) | undefined> {
  return await service.tables
    .selectFrom('vault_leases')
    .innerJoin('vault_mounts', 'vault_mounts.id', 'vault_leases.mount_id')
    .selectAll('vault_leases')
    .select('vault_mounts.path as mount')
    .where('vault_leases.id', '=', id)
    .where('vault_leases.state', '=', 'live')
    .where('vault_leases.expires_at', '>', service.now().toISOString())
    .where('vault_mounts.namespace', '=', namespace)
    .executeTakeFirst()
}

/** The ids of leases, of any state or only live ones, that begin with the text. */
export async function leaseIds(
  tables: VaultDatabase | VaultWrite,
  namespace: string,
  prefix: string,
  only?: 'live',
): Promise<readonly string[]> {
  const rows = await tables
    .selectFrom('vault_leases')
    .innerJoin('vault_mounts', 'vault_mounts.id', 'vault_leases.mount_id')
    .select('vault_leases.id as id')
    .where('vault_mounts.namespace', '=', namespace)
    .where(sql<boolean>`substr(vault_leases.id, 1, ${prefix.length}) = ${prefix}`)
    .$if(only !== undefined, (query) => query.where('vault_leases.state', '=', 'live'))
    .execute()
  return rows.map((row) => row.id).sort()
}

/** Ends leases: nobody may use them from now on, and the work beside requests removes what they are for. */
export async function endLeases(
  service: VaultService,
  tables: VaultDatabase | VaultWrite,
  ids: readonly string[],
): Promise<void> {
  for (let start = 0; start < ids.length; start += 500)
    await tables
      .updateTable('vault_leases')
      .set({ state: 'revoking', attempts: 0, retry_at: service.now().toISOString() })
      .where('id', 'in', ids.slice(start, start + 500))
      .where('state', '!=', 'issuing')
      .execute()
}

/** How long users of a mount last, in seconds. */
export function userLease(mount: Mount): { readonly duration: number; readonly most: number } {
  const most = capped(mount.lease_max, maxLeaseTtl(mount))
  return { duration: Math.min(capped(mount.lease, defaultLeaseTtl(mount), true), most), most }
}

/** Of nanoseconds and seconds; zero, or never set, leaves the other. */
function capped(nanoseconds: number | null, seconds: number, instead = false): number {
  const own = (nanoseconds ?? 0) / 1_000_000_000
  if (own === 0) return seconds
  return instead ? own : Math.min(own, seconds)
}
