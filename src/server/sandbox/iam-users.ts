import { AwsError } from './aws-error.js'
import { checkForm } from './form.js'
import type { IamCall, IamRequest } from './iam.js'
import { checkBoundary } from './iam-boundaries.js'
import { accountArn, pathRule, userArn, userNamed, userNameRule, userOf } from './iam-named-user.js'
import { page } from './iam-page.js'
import { readTags, saveTags, tagsOf } from './iam-tags.js'
import { iamTime } from './iam-time.js'
import { newId } from './ids.js'
import type { Service } from './service.js'
import type { UserTable } from './tables.js'
import { members, type XmlElements } from './xml.js'

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
