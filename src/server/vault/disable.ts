import { mountAt } from './mounts.js'
import { done, type Reply } from './reply.js'
import { withoutSlashes } from './request.js'
import type { Call } from './route.js'
import type { VaultWrite } from './tables.js'

/** Takes a mount away with everything below it; done, too, where nothing is mounted. */
export async function disableMount({ service, namespace }: Call, at: string): Promise<Reply> {
  await service.tables.transaction().execute(async (write) => {
    const mount = await mountAt(write, namespace, withoutSlashes(at))
    if (mount !== undefined) await forgetMount(write, mount.id)
  })
  return done
}

async function forgetMount(write: VaultWrite, id: string): Promise<void> {
  for (const table of ['vault_roles', 'vault_roots', 'vault_static_roles', 'vault_key_changes'] as const)
    await write.deleteFrom(table).where('mount_id', '=', id).execute()
  await write.deleteFrom('vault_mounts').where('id', '=', id).execute()
}
