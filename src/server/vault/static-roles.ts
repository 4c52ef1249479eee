import type { JsonObject } from '../../core/json.js'
import { absent, failed, invalid, quoted } from './api-error.js'
import type { Fields } from './fields.js'
import { awsOf, awsText, type MountAws } from './mount-aws.js'
import { deleteKey } from './replace-key.js'
import { done, type Reply } from './reply.js'
import type { MountCall } from './route.js'
import type { VaultService } from './service.js'
import { giveKey, rotationAfter } from './static-rotation.js'
import type { StaticRoleTable } from './tables.js'

/** Seconds. */
const shortest = 60

export async function listStaticRoles({ service, mount }: MountCall): Promise<Reply> {
  const rows = await service.tables
    .selectFrom('vault_static_roles')
    .select('name')
    .where('mount_id', '=', mount.id)
    .execute()
  if (rows.length === 0) throw absent()
  return { data: { keys: rows.map((row) => row.name).sort() } }
}

export async function readStaticRole({ service, mount }: MountCall, name: string): Promise<Reply> {
  const role = await storedStaticRole(service, mount.id, name)
  if (role === undefined) throw absent()
  return { data: presentStaticRole(role) }
}

/** Making one gives its user a key at once; changing the period starts the clock anew. */
export async function writeStaticRole(call: MountCall, name: string): Promise<Reply> {
  const { service, mount, fields } = call
  const input = readStaticInput(fields)
  const before = await storedStaticRole(service, mount.id, name)
  const username = input.username ?? before?.username ?? ''
  const period = input.period ?? before?.rotation_period
  if (username === '') throw invalid('missing "username" parameter')
  if (period === undefined) throw invalid('missing "rotation_period" parameter')
  if (period < shortest)
    throw failed(`role rotation period out of range: must be greater than ${shortest.toFixed(2)} seconds`)
  const aws = await awsOf(service, mount.id)
  const userId = await userIdOf(aws, username)
  if (before !== undefined && before.user_id !== userId)
    throw failed(
      `unable to validate username: the user ${quoted(username)} is not the one that the role was made for`,
    )
  if (before === undefined) await giveKey(service, aws, { mountId: mount.id, name, username, userId, period })
  else if (period !== before.rotation_period)
    await service.tables
      .updateTable('vault_static_roles')
      .set({ rotation_period: period, next_rotation_at: rotationAfter(service, period) })
      .where('mount_id', '=', mount.id)
      .where('name', '=', name)
      .execute()
  service.wake()
  return await readStaticRole(call, name)
}

/** The key that this server made goes, the user stays. */
export async function deleteStaticRole({ service, mount }: MountCall, name: string): Promise<Reply> {
  const role = await storedStaticRole(service, mount.id, name)
  if (role === undefined) return done
  try {
    await deleteKey(await awsOf(service, mount.id), role.username, role.access_key)
  } catch (cause) {
    throw failed(`unable to delete the access key of ${quoted(role.username)}: ${awsText(cause)}`)
  }
  await service.tables
    .deleteFrom('vault_static_roles')
    .where('mount_id', '=', mount.id)
    .where('name', '=', name)
    .where('access_key', '=', role.access_key)
    .execute()
  return done
}

export async function readStaticCredentials({ service, mount }: MountCall, name: string): Promise<Reply> {
  const role = await storedStaticRole(service, mount.id, name)
  if (role === undefined) throw absent()
  const sealed = { nonce: new Uint8Array(role.nonce), sealed: new Uint8Array(role.sealed) }
  const secret = service.sealer.open(sealed, `vault_static_roles/${mount.id}/${name}`)
  return { data: { access_key: role.access_key, secret_key: secret } }
}

async function storedStaticRole(
  service: VaultService,
  mountId: string,
  name: string,
): Promise<StaticRoleTable | undefined> {
  return await service.tables
    .selectFrom('vault_static_roles')
    .selectAll()
    .where('mount_id', '=', mountId)
    .where('name', '=', name)
    .executeTakeFirst()
}

function presentStaticRole(role: StaticRoleTable): JsonObject {
  return {
    name: role.name,
    id: role.user_id,
    username: role.username,
    rotation_period: role.rotation_period,
  }
}

function readStaticInput(fields: Fields) {
  fields.has('name')
  const enterprise = ['assume_role_arn', 'assume_role_session_name', 'external_id'] as const
  if (enterprise.map((field) => fields.text(field) ?? '').some((text) => text !== ''))
    throw failed('cross-account static roles are only supported in Vault Enterprise')
  return { username: fields.text('username'), period: fields.seconds('rotation_period') }
}

async function userIdOf(aws: MountAws, UserName: string): Promise<string> {
  const { GetUserCommand } = await import('@aws-sdk/client-iam')
  try {
    const { User: user } = await aws.iam((client) => client.send(new GetUserCommand({ UserName })))
    return user?.UserId ?? ''
  } catch (cause) {
    throw failed(`unable to validate username ${quoted(UserName)}: ${awsText(cause)}`)
  }
}
