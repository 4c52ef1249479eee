import { invalid } from './api-error.js'
import { revoke } from './lease-routes.js'
import { mountAt } from './mount-place.js'
import { done, type Reply } from './reply.js'
import { withoutSlashes } from './request.js'
import type { Call } from './route.js'
import type { VaultWrite } from './tables.js'

/**
 * Takes a mount away with everything below it; done, too, where nothing is mounted. What its leases are for is removed from AWS
 * first: if AWS refuses, the mount stays, with the leases that are left.
 */
export async function disableMount({ service, namespace }: Call, at: string): Promise<Reply> {
  const mount = await mountAt(service.tables, namespace, withoutSlashes(at))
  if (mount === undefined) return done
  const leases = await service.tables
    .selectFrom('vault_leases')
    .select('id')
    .where('mount_id', '=', mount.id)
    .execute()
  await revoke(
    service,
    leases.map((row) => row.id),
    true,
  )
  await service.tables.transaction().execute(async (write) => {
    const left = await write
      .selectFrom('vault_leases')
      .select('id')
      .where('mount_id', '=', mount.id)
      .executeTakeFirst()
    // Within its time limit it is removed, or becomes a lease that can be revoked.
    if (left !== undefined)
      throw invalid(`failed to revoke "${left.id}": it is being issued or cleaned up; try again in a minute`)
    await forgetMount(write, mount.id)
  })
  return done
}

async function forgetMount(write: VaultWrite, id: string): Promise<void> {
  for (const table of ['vault_roles', 'vault_roots', 'vault_static_roles', 'vault_key_changes'] as const)
    await write.deleteFrom(table).where('mount_id', '=', id).execute()
  await write.deleteFrom('vault_mounts').where('id', '=', id).execute()
}
