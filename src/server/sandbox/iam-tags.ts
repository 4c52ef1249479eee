import { AwsError, validationError } from './aws-error.js'
import type { Form } from './form.js'
import type { IamCall } from './iam.js'
import { userArn, userOf } from './iam-named-user.js'
import { page } from './iam-page.js'
import type { Service } from './service.js'
import { members, type XmlElements } from './xml.js'

export const tagCalls: Readonly<Record<string, IamCall>> = {
  TagUser: {
    resource: userArn,
    run: async (request) => {
      const user = await userOf(request)
      await saveTags(request.service, user.id, readTags(request.form))
      return undefined
    },
  },
  ListUserTags: {
    resource: userArn,
    run: async (request) => {
      const user = await userOf(request)
      const { items, rest } = page(await tagsOf(request.service, user.id), request.form)
      return { Tags: members(items), ...rest }
    },
  },
}

/** The tags that a call gives. */
export function readTags(form: Form): ReadonlyMap<string, string> {
  const tags = form.list('Tags').map((item) => [item.get('Key') ?? '', item.get('Value') ?? ''] as const)
  if (tags.some(([name]) => name === '' || name.length > 128))
    throw validationError("Value at 'tags' failed to satisfy constraint: a key has 1 to 128 characters")
  if (tags.some(([, value]) => value.length > 256))
    throw validationError("Value at 'tags' failed to satisfy constraint: a value has at most 256 characters")
  if (new Set(tags.map(([name]) => name.toLowerCase())).size < tags.length)
    throw new AwsError(
      400,
      'InvalidInput',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    )
  return new Map(tags)
}

export async function saveTags(
  { store }: Service,
  userId: string,
  tags: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [name, value] of tags)
    await store
      .insertInto('sandbox_tags')
      .values({ user_id: userId, name, value })
      .onConflict((conflict) => conflict.columns(['user_id', 'name']).doUpdateSet({ value }))
      .execute()
  const all = await store.selectFrom('sandbox_tags').select('name').where('user_id', '=', userId).execute()
  if (all.length > 50) throw new AwsError(409, 'LimitExceeded', 'Cannot exceed quota for TagsPerUser: 50')
}

export async function tagsOf({ store }: Service, userId: string): Promise<readonly XmlElements[]> {
  const rows = await store
    .selectFrom('sandbox_tags')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('name')
    .execute()
  return rows.map(({ name, value }) => ({ Key: name, Value: value }))
}
