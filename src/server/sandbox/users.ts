import type { KeyDeclaration } from './fixture.js'
import type { Service } from './service.js'
import type { Store, UserTable } from './tables.js'

/** Removes a user with all that belongs to them. */
export async function removeUser(store: Store, id: string): Promise<void> {
  await store.deleteFrom('sandbox_user_policies').where('user_id', '=', id).execute()
  await store.deleteFrom('sandbox_attached_policies').where('user_id', '=', id).execute()
  await store.deleteFrom('sandbox_memberships').where('user_id', '=', id).execute()
  await store.deleteFrom('sandbox_tags').where('user_id', '=', id).execute()
  await store.deleteFrom('sandbox_keys').where('user_id', '=', id).execute()
  await store.deleteFrom('sandbox_users').where('id', '=', id).execute()
}

export async function insertKey(
  { store, sealer, now }: Service,
  userId: string,
  { id, secret, status }: KeyDeclaration,
): Promise<void> {
  await store
    .insertInto('sandbox_keys')
    .values({
      id,
      user_id: userId,
      status,
      created_at: now().toISOString(),
      ...sealer.seal(secret, placeOf(id)),
    })
    .execute()
}

/** The active key of that id that AWS knows by now, with its user and its secret. */
export async function findKey(
  { store, sealer, fixture, now }: Service,
  id: string,
): Promise<{ readonly user: UserTable; readonly secret: string } | undefined> {
  const key = await store.selectFrom('sandbox_keys').selectAll().where('id', '=', id).executeTakeFirst()
  if (key === undefined || key.status !== 'Active') return undefined
  const user = await findUser(store, key.user_id)
  if (user === undefined) return undefined
  const declared = fixture.users.get(user.arn)?.keys.some((one) => one.id === id) === true
  const since = now().getTime() - Date.parse(key.created_at)
  if (!declared && since < fixture.newKeysAfter * 1000) return undefined
  const sealed = { nonce: new Uint8Array(key.nonce), sealed: new Uint8Array(key.sealed) }
  return { user, secret: sealer.open(sealed, placeOf(id)) }
}

export async function findUser(store: Store, id: string): Promise<UserTable | undefined> {
  return await store.selectFrom('sandbox_users').selectAll().where('id', '=', id).executeTakeFirst()
}

function placeOf(keyId: string): string {
  return `sandbox_keys/${keyId}`
}
