import { AwsError, validationError } from './aws-error.js'
import { checkForm, type Form, type Rule } from './form.js'
import type { IamCall, IamRequest } from './iam.js'
import { page } from './iam-page.js'
import { newId } from './ids.js'
import type { Service } from './service.js'
import type { UserTable } from './tables.js'
import { members, type XmlElements } from './xml.js'

/** Limits of names and paths. Source: IAM API reference, CreateUser. */
export const userNameRule: Rule = { required: true, min: 1, max: 64, pattern: '[\\w+=,.@-]+' }
export const pathRule: Rule = { min: 1, max: 512, pattern: '(?:/)|(?:/[!-~]+/)' }

export function noSuchEntity(message: string): AwsError {
  return new AwsError(404, 'NoSuchEntity', message)
}

/** The user that a call names, or whoever calls. Throws `NoSuchEntity`. */
export async function userOf(request: IamRequest): Promise<UserTable> {
  const { name, row } = await named(request)
  if (row === undefined) throw noSuchEntity(`The user with name ${name} cannot be found.`)
  return row
}

/** The ARN of the user that a call names, whether there is one or not. */
export async function userArn(request: IamRequest): Promise<string> {
  const { name, row } = await named(request)
  return row?.arn ?? accountArn(request, `user/${name}`)
}

export function accountArn({ caller }: IamRequest, resource: string): string {
  return `arn:${caller.partition}:iam::${caller.principal.account}:${resource}`
}

async function named({
  service,
  caller,
  form,
}: IamRequest): Promise<{ name: string; row: UserTable | undefined }> {
  const name = form.get('UserName')
  if (name === undefined) {
    if (caller.user === undefined)
      throw new AwsError(
        400,
        'ValidationError',
        'Must specify userName when calling with non-User credentials',
      )
    return { name: caller.user.name, row: await userNamed(service, caller.user.account, caller.user.name) }
  }
  checkForm(form, { UserName: userNameRule })
  return { name, row: await userNamed(service, caller.principal.account, name) }
}

async function userNamed({ store }: Service, account: string, name: string): Promise<UserTable | undefined> {
  return await store
    .selectFrom('sandbox_users')
    .selectAll()
    .where('account', '=', account)
    .where('name', '=', name)
    .executeTakeFirst()
}

export const userCalls: Readonly<Record<string, IamCall>> = {
  GetUser: {
    resource: userArn,
    run: async (request) => ({ User: await userXml(request.service, await userOf(request), true) }),
  },
  CreateUser: {
    resource: async (request) => {
      checkForm(request.form, { UserName: userNameRule, Path: pathRule })
      const boundary = request.form.get('PermissionsBoundary')
      return {
        arn: accountArn(request, `user${request.form.get('Path') ?? '/'}${request.form.get('UserName')}`),
        keys: new Map(boundary === undefined ? [] : [['iam:permissionsboundary', boundary]]),
      }
    },
    run: createUser,
  },
  DeleteUser: { resource: userArn, run: deleteUser },
  ListUsers: {
    resource: async (request) => accountArn(request, 'user/'),
    run: async ({ service, caller, form }) => {
      checkForm(form, { PathPrefix: { min: 1, max: 512 } })
      const prefix = form.get('PathPrefix') ?? '/'
      const rows = await service.store
        .selectFrom('sandbox_users')
        .selectAll()
        .where('account', '=', caller.principal.account)
        .orderBy('name')
        .execute()
      const { items, rest } = page(
        rows.filter(({ path }) => path.startsWith(prefix)),
        form,
      )
      const users: XmlElements[] = []
      for (const row of items) users.push(await userXml(service, row, false))
      return { Users: members(users), ...rest }
    },
  },
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
  PutUserPermissionsBoundary: {
    resource: async (request) => ({
      arn: await userArn(request),
      keys: new Map([['iam:permissionsboundary', request.form.get('PermissionsBoundary') ?? '']]),
    }),
    run: async (request) => {
      const user = await userOf(request)
      await setBoundary(request, user.id, checkBoundary(request))
      return undefined
    },
  },
  DeleteUserPermissionsBoundary: {
    resource: userArn,
    run: async (request) => {
      const user = await userOf(request)
      if (user.boundary === null)
        throw noSuchEntity(`The user with name ${user.name} has no permissions boundary.`)
      await setBoundary(request, user.id, null)
      return undefined
    },
  },
}

async function createUser(request: IamRequest): Promise<XmlElements> {
  const { service, caller, form } = request
  const name = form.get('UserName') ?? ''
  const account = caller.principal.account
  if ((await userNamed(service, account, name)) !== undefined)
    throw new AwsError(409, 'EntityAlreadyExists', `User with name ${name} already exists.`)
  const path = form.get('Path') ?? '/'
  const tags = readTags(form)
  const row: UserTable = {
    id: newId('AIDA', 21, (bytes) => service.random(bytes)),
    account,
    name,
    path,
    arn: accountArn(request, `user${path}${name}`),
    boundary: form.get('PermissionsBoundary') === undefined ? null : checkBoundary(request),
    created_at: service.now().toISOString(),
  }
  await service.store.insertInto('sandbox_users').values(row).execute()
  await saveTags(service, row.id, tags)
  return { User: await userXml(service, row, true) }
}

async function deleteUser(request: IamRequest): Promise<undefined> {
  checkForm(request.form, { UserName: userNameRule })
  const { id } = await userOf(request)
  const { store } = request.service
  const uses = [
    ['sandbox_keys', 'must delete access keys first'],
    ['sandbox_user_policies', 'must delete policies first'],
    ['sandbox_attached_policies', 'must detach all policies first'],
    ['sandbox_memberships', 'must remove users from group first'],
  ] as const
  for (const [table, what] of uses) {
    const used = await store.selectFrom(table).select('user_id').where('user_id', '=', id).executeTakeFirst()
    if (used !== undefined) throw new AwsError(409, 'DeleteConflict', `Cannot delete entity, ${what}.`)
  }
  await store.deleteFrom('sandbox_tags').where('user_id', '=', id).execute()
  await store.deleteFrom('sandbox_users').where('id', '=', id).execute()
  return undefined
}

async function setBoundary({ service }: IamRequest, id: string, boundary: string | null): Promise<void> {
  await service.store.updateTable('sandbox_users').set({ boundary }).where('id', '=', id).execute()
}

/** A managed policy of AWS or of the caller's account. */
function checkBoundary({ service, caller, form }: IamRequest): string {
  checkForm(form, { PermissionsBoundary: { required: true, min: 20, max: 2048 } })
  const arn = form.get('PermissionsBoundary') ?? ''
  const owner = arn.split(':')[4]
  if (!service.fixture.policies.has(arn) || (owner !== 'aws' && owner !== caller.principal.account))
    throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`)
  return arn
}

function readTags(form: Form): ReadonlyMap<string, string> {
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

async function saveTags(
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

async function tagsOf({ store }: Service, userId: string): Promise<readonly XmlElements[]> {
  const rows = await store
    .selectFrom('sandbox_tags')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('name')
    .execute()
  return rows.map(({ name, value }) => ({ Key: name, Value: value }))
}

async function userXml(service: Service, row: UserTable, whole: boolean): Promise<XmlElements> {
  const tags = whole ? await tagsOf(service, row.id) : []
  return {
    Path: row.path,
    UserName: row.name,
    UserId: row.id,
    Arn: row.arn,
    CreateDate: iamTime(row.created_at),
    PermissionsBoundary:
      row.boundary === null || !whole
        ? undefined
        : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: row.boundary },
    Tags: tags.length === 0 ? undefined : members(tags),
  }
}

/** IAM tells whole seconds. */
export function iamTime(iso: string): string {
  return `${iso.slice(0, 19)}Z`
}
