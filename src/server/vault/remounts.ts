import { absent, invalid, quoted } from './api-error.js'
import { checkMountPath, mountAt, ownRoots, requireFree } from './mount-place.js'
import { done, type Reply } from './reply.js'
import { withoutSlashes } from './request.js'
import type { Call } from './route.js'
import { randomId, type VaultService } from './service.js'

/**
 * Moves a mount within its namespace, with all that is below it. Its leases are revoked first, since their names hold the old
 * path; until that is done the move is `in-progress`, and a server that is started again goes on with it.
 */
export async function remount({ service, namespace, fields }: Call): Promise<Reply> {
  const source = withoutSlashes(fields.text('from') ?? '')
  const target = withoutSlashes(fields.text('to') ?? '')
  if (source === '' || target === '') throw invalid("both 'from' and 'to' path must be specified as a string")
  if (ownRoots.some((root) => root === source.split('/')[0]))
    throw invalid(`cannot remount ${quoted(`${source}/`)}`)
  checkMountPath(target)
  const id = randomId(service)
  await service.tables.transaction().execute(async (write) => {
    const mount = await mountAt(write, namespace, source)
    if (mount === undefined) throw invalid(`no matching mount at ${quoted(`${source}/`)}`)
    await requireFree(write, namespace, target, mount.id)
    await write
      .updateTable('vault_leases')
      .set({ state: 'revoking', attempts: 0, retry_at: service.now().toISOString() })
      .where('mount_id', '=', mount.id)
      .where('state', '=', 'live')
      .execute()
    const left = await write
      .selectFrom('vault_leases')
      .select('id')
      .where('mount_id', '=', mount.id)
      .executeTakeFirst()
    const status = left === undefined ? 'success' : 'in-progress'
    if (left === undefined)
      await write.updateTable('vault_mounts').set({ path: target }).where('id', '=', mount.id).execute()
    await write
      .insertInto('vault_remounts')
      .values({ id, namespace, source, target, status, created_at: service.now().toISOString() })
      .execute()
  })
  service.wake()
  return service.generation === '1.0' ? done : { data: { migration_id: id }, flat: true }
}

export async function remountStatus({ service, namespace }: Call, id: string): Promise<Reply> {
  const row = await service.tables
    .selectFrom('vault_remounts')
    .selectAll()
    .where('id', '=', id)
    .where('namespace', '=', namespace)
    .executeTakeFirst()
  if (row === undefined) throw absent()
  return {
    data: {
      migration_id: id,
      migration_info: {
        source_mount: `${row.source}/`,
        target_mount: `${row.target}/`,
        status: row.status,
      },
    },
    flat: true,
  }
}

/** Ends the moves that waited for leases of their mount. */
export async function finishRemounts(service: VaultService): Promise<void> {
  await service.tables.transaction().execute(async (write) => {
    const waiting = await write
      .selectFrom('vault_remounts')
      .selectAll()
      .where('status', '=', 'in-progress')
      .execute()
    for (const { id, namespace, source, target } of waiting) {
      const mount = await mountAt(write, namespace, source)
      const taken = await mountAt(write, namespace, target)
      const left =
        mount &&
        (await write
          .selectFrom('vault_leases')
          .select('id')
          .where('mount_id', '=', mount.id)
          .executeTakeFirst())
      if (left !== undefined) continue
      const status = mount === undefined || taken !== undefined ? 'failure' : 'success'
      if (mount !== undefined && status === 'success')
        await write.updateTable('vault_mounts').set({ path: target }).where('id', '=', mount.id).execute()
      await write.updateTable('vault_remounts').set({ status }).where('id', '=', id).execute()
    }
  })
}
