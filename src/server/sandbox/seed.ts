import { createHash } from 'node:crypto'
import type { Bucket, UserDeclaration } from './fixture.js'
import { declaredId } from './ids.js'
import { putObject } from './objects.js'
import type { Service } from './service.js'
import { insertKey, removeUser } from './users.js'

/**
 * Enters what the fixture declares. A user's or bucket's declaration counts when it is first seen and whenever it has changed;
 * in between, what requests made of it counts. What is no longer declared goes.
 */
export async function seed(service: Service): Promise<void> {
  const { fixture, store } = service
  await store.transaction().execute(async (write) => {
    const within: Service = { ...service, store: write }
    const known = new Map(
      (await write.selectFrom('sandbox_declared').selectAll().execute()).map(({ name, hash }) => [
        name,
        hash,
      ]),
    )
    const changed = async (name: string, declaration: unknown): Promise<boolean> => {
      const hash = createHash('sha256').update(stable(declaration)).digest('hex')
      const before = known.get(name)
      known.delete(name)
      if (before === hash) return false
      await write
        .insertInto('sandbox_declared')
        .values({ name, hash })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ hash }))
        .execute()
      return true
    }
    for (const user of fixture.users.values()) if (await changed(user.arn, user)) await seedUser(within, user)
    for (const bucket of fixture.buckets.values())
      if (await changed(`arn:${bucket.partition}:s3:::${bucket.name}`, [...bucket.objects]))
        await seedBucket(within, bucket)
    for (const name of known.keys()) {
      await write.deleteFrom('sandbox_declared').where('name', '=', name).execute()
      const bucket = /:s3:::(.*)$/.exec(name)?.[1]
      if (bucket !== undefined)
        await write.deleteFrom('sandbox_objects').where('bucket', '=', bucket).execute()
      const user = await write
        .selectFrom('sandbox_users')
        .select('id')
        .where('arn', '=', name)
        .executeTakeFirst()
      if (user !== undefined) await removeUser(write, user.id)
    }
  })
}

function stable(declaration: unknown): string {
  return JSON.stringify(declaration, (_name, value: unknown) => (value instanceof Map ? [...value] : value))
}

async function seedUser(service: Service, declared: UserDeclaration): Promise<void> {
  const { store, fixture } = service
  const { arn, account, name, path, policies } = declared
  const before = await store
    .selectFrom('sandbox_users')
    .select('id')
    .where('account', '=', account)
    .where('name', '=', name)
    .executeTakeFirst()
  if (before !== undefined) await removeUser(store, before.id)
  const id = declaredId('AIDA', arn)
  const created_at = service.now().toISOString()
  await store
    .insertInto('sandbox_users')
    .values({ id, account, name, path, arn, boundary: policies.boundary ?? null, created_at })
    .execute()
  for (const [policy, { text }] of policies.inline)
    await store
      .insertInto('sandbox_user_policies')
      .values({ user_id: id, name: policy, document: text })
      .execute()
  for (const attached of new Set(policies.attached))
    await store.insertInto('sandbox_attached_policies').values({ user_id: id, arn: attached }).execute()
  for (const group of fixture.groups.values())
    if (group.account === account && declared.groups.includes(group.name))
      await store.insertInto('sandbox_memberships').values({ user_id: id, group_arn: group.arn }).execute()
  for (const [tag, value] of declared.tags)
    await store.insertInto('sandbox_tags').values({ user_id: id, name: tag, value }).execute()
  for (const key of declared.keys) {
    // A key that a changed file gives to another user is taken from the first.
    await store.deleteFrom('sandbox_keys').where('id', '=', key.id).execute()
    await insertKey(service, id, key)
  }
}

async function seedBucket(service: Service, bucket: Bucket): Promise<void> {
  await service.store.deleteFrom('sandbox_objects').where('bucket', '=', bucket.name).execute()
  for (const [name, text] of bucket.objects)
    await putObject(service, bucket.name, name, Buffer.from(text), 'binary/octet-stream')
}
