import type { AwsIdentity } from '../../aws/access.js'
import { awsOf, awsText, isMissing, type MountAws } from './mount-aws.js'
import { isGone } from './owner.js'
import { storedRoot } from './root.js'
import { randomId, type VaultService } from './service.js'
import type { KeyChangeTable, VaultWrite } from './tables.js'

/** Milliseconds in which a key is made and stored. */
const changeTime = 60_000

/** Milliseconds by which AWS's clock and ours may differ. */
const skew = 10_000

export interface KeyChange {
  readonly mountId: string
  readonly username: string
  readonly aws: MountAws
  /** Which of the user's keys goes before the new one is made, by age; undefined: none. */
  room?(keys: readonly UserKey[]): string | undefined
  /** Keeps the new key, in one transaction with whatever belongs to it, and says which key goes afterwards. */
  store(write: VaultWrite, key: AwsIdentity): Promise<string | undefined>
}

export interface UserKey {
  readonly id: string
  /** Milliseconds since 1970; 0: not told. */
  readonly made: number
}

/**
 * Gives a user a new access key. What it had before is written down first, so that a key which was made but never stored, because
 * this process died in between, can be told from the others and removed: nobody knows its secret. Throws what AWS throws.
 */
export async function replaceKey(service: VaultService, change: KeyChange): Promise<AwsIdentity> {
  const { aws, username, mountId } = change
  const iam = await import('@aws-sdk/client-iam')
  const before = await keysOf(aws, username)
  const id = randomId(service)
  await service.tables
    .insertInto('vault_key_changes')
    .values({
      id,
      mount_id: mountId,
      username,
      known: JSON.stringify(before.map((key) => key.id)),
      started_at: service.now().toISOString(),
      retired: null,
      owner: service.owner,
    })
    .execute()
  const forget = () => service.tables.deleteFrom('vault_key_changes').where('id', '=', id).execute()
  try {
    const room = change.room?.(before)
    if (room !== undefined) await deleteKey(aws, username, room)
    const { AccessKey: made } = await aws.iam((client) =>
      client.send(new iam.CreateAccessKeyCommand({ UserName: username })),
    )
    if (made?.AccessKeyId === undefined || made.SecretAccessKey === undefined)
      throw new Error('AWS answered without a key')
    const key = { accessKeyId: made.AccessKeyId, secretAccessKey: made.SecretAccessKey }
    const retired = await service.tables.transaction().execute(async (write) => {
      const row = await write
        .selectFrom('vault_key_changes')
        .select('id')
        .where('id', '=', id)
        .executeTakeFirst()
      if (row === undefined) throw new Error('another server took the change of the key for abandoned')
      const retired = await change.store(write, key)
      await write
        .updateTable('vault_key_changes')
        .set({ retired: retired ?? null })
        .where('id', '=', id)
        .execute()
      return retired
    })
    if (retired !== undefined) await deleteKey(aws, username, retired)
    await forget()
    return key
  } catch (cause) {
    // A change that stays is ended by the work beside requests.
    await service.tables.updateTable('vault_key_changes').set({ owner: '' }).where('id', '=', id).execute()
    service.wake()
    throw cause
  }
}

/** Ends what planes that died, or requests that failed, have left of key changes. */
export async function recoverKeyChanges(service: VaultService): Promise<void> {
  const rows = await service.tables.selectFrom('vault_key_changes').selectAll().execute()
  for (const row of rows) {
    const late = Date.parse(row.started_at) + changeTime < service.now().getTime()
    if (row.owner !== '' && !late && !isGone(row.owner)) continue
    try {
      const settled = await recover(service, row)
      if (settled || late)
        await service.tables.deleteFrom('vault_key_changes').where('id', '=', row.id).execute()
    } catch (cause) {
      // The row stays, and it is tried again.
      service.workFailed(`removing what a change of the key of ${row.username} left in AWS`, awsText(cause))
    }
  }
}

/** False: a key that was asked for may still be made. */
async function recover(service: VaultService, row: KeyChangeTable): Promise<boolean> {
  const aws = await awsOf(service, row.mount_id)
  if (row.retired !== null) {
    await deleteKey(aws, row.username, row.retired)
    return true
  }
  const kept = await keptKeys(service, row.mount_id)
  const known = new Set<string>(JSON.parse(row.known))
  const started = Date.parse(row.started_at)
  const orphans = (await keysOf(aws, row.username)).filter(
    ({ id, made }) =>
      !known.has(id) && !kept.has(id) && made >= started - skew && made <= started + changeTime + skew,
  )
  for (const { id } of orphans) await deleteKey(aws, row.username, id)
  return orphans.length > 0
}

/** The keys that the mount itself uses or gives out. */
async function keptKeys(service: VaultService, mountId: string): Promise<ReadonlySet<string>> {
  const root = await storedRoot(service, service.tables, mountId)
  const roles = await service.tables
    .selectFrom('vault_static_roles')
    .select('access_key')
    .where('mount_id', '=', mountId)
    .execute()
  return new Set([root?.settings.access_key ?? '', ...roles.map((row) => row.access_key)])
}

/** Oldest first. */
export async function keysOf(aws: MountAws, UserName: string): Promise<readonly UserKey[]> {
  const { ListAccessKeysCommand } = await import('@aws-sdk/client-iam')
  const { AccessKeyMetadata = [] } = await aws.iam((client) =>
    client.send(new ListAccessKeysCommand({ UserName })),
  )
  return AccessKeyMetadata.flatMap(({ AccessKeyId, CreateDate }) =>
    AccessKeyId === undefined ? [] : [{ id: AccessKeyId, made: CreateDate?.getTime() ?? 0 }],
  ).sort((a, b) => a.made - b.made)
}

/** Done as well if there is no such key. */
export async function deleteKey(aws: MountAws, UserName: string, AccessKeyId: string): Promise<void> {
  const { DeleteAccessKeyCommand } = await import('@aws-sdk/client-iam')
  try {
    await aws.iam((client) => client.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId })))
  } catch (cause) {
    if (!isMissing(cause)) throw cause
  }
}
