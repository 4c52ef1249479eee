import { failed } from './api-error.js'
import { awsOf, awsText, type MountAws } from './mount-aws.js'
import { mountById } from './mount-place.js'
import { replaceKey } from './replace-key.js'
import type { VaultService } from './service.js'

/** Milliseconds until a rotation that AWS refused is tried again. */
const pause = 60_000

export interface StaticRole {
  readonly mountId: string
  readonly name: string
  readonly username: string
  readonly userId: string
  /** Seconds. */
  readonly period: number
}

/**
 * Gives the user of a static role a new key and keeps it. AWS lets a user have two: with two, the older one goes first. The key
 * that the role had before goes with the next rotation, so that whoever uses it has until then.
 */
export async function giveKey(service: VaultService, aws: MountAws, role: StaticRole): Promise<void> {
  const { mountId, name, username } = role
  try {
    await replaceKey(service, {
      mountId,
      username,
      aws,
      room: (keys) => (keys.length >= 2 ? keys[0]?.id : undefined),
      async store(write, key) {
        const content = {
          username,
          user_id: role.userId,
          rotation_period: role.period,
          next_rotation_at: rotationAfter(service, role.period),
          access_key: key.accessKeyId,
          ...service.sealer.seal(key.secretAccessKey, `vault_static_roles/${mountId}/${name}`),
        }
        await write
          .insertInto('vault_static_roles')
          .values({ mount_id: mountId, name, ...content })
          .onConflict((conflict) => conflict.columns(['mount_id', 'name']).doUpdateSet(content))
          .execute()
        return undefined
      },
    })
  } catch (cause) {
    throw failed(`unable to rotate the access key of ${JSON.stringify(username)}: ${awsText(cause)}`)
  }
}

/** Rotates the keys whose time is over. */
export async function rotateDue(service: VaultService): Promise<void> {
  const now = service.now()
  const due = await service.tables
    .selectFrom('vault_static_roles')
    .selectAll()
    .where('next_rotation_at', '<=', now.toISOString())
    .execute()
  for (const row of due) {
    // Whoever moves the time on has the work: another plane may look at the same moment.
    const { numUpdatedRows } = await service.tables
      .updateTable('vault_static_roles')
      .set({ next_rotation_at: new Date(now.getTime() + pause).toISOString() })
      .where('mount_id', '=', row.mount_id)
      .where('name', '=', row.name)
      .where('next_rotation_at', '=', row.next_rotation_at)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) continue
    try {
      await giveKey(service, await awsOf(service, row.mount_id), {
        mountId: row.mount_id,
        name: row.name,
        username: row.username,
        userId: row.user_id,
        period: row.rotation_period,
      })
    } catch (cause) {
      // The old key stays, and it is tried again.
      const mount = await mountById(service, row.mount_id)
      service.workFailed(
        `rotating the key of ${mount?.path}/static-roles/${row.name}`,
        cause,
        new Date(now.getTime() + pause),
      )
    }
  }
}

export function rotationAfter(service: VaultService, period: number): string {
  return new Date(service.now().getTime() + period * 1_000).toISOString()
}
