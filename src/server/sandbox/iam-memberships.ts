import { AwsError } from './aws-error.js'
import type { Group } from './fixture.js'
import { checkForm, type Rule } from './form.js'
import type { IamCall, IamRequest } from './iam.js'
import { declaredPolicyCalls } from './iam-declared-policies.js'
import { accountArn, noSuchEntity, userArn, userOf } from './iam-named-user.js'
import { page } from './iam-page.js'
import { iamTime } from './iam-time.js'
import { declaredId } from './ids.js'
import { members } from './xml.js'

const groupNameRule: Rule = { required: true, min: 1, max: 128, pattern: '[\\w+=,.@-]+' }
/** Groups that a user may be in. */
const most = 10

export const membershipCalls: Readonly<Record<string, IamCall>> = {
  ...declaredPolicyCalls({
    word: 'Group',
    resource: async (request) => {
      checkForm(request.form, { GroupName: groupNameRule })
      return groupNamed(request)?.arn ?? accountArn(request, `group/${request.form.get('GroupName')}`)
    },
    find: groupOf,
  }),
  AddUserToGroup: {
    resource: groupArn,
    run: async (request) => {
      const group = groupOf(request)
      const user = await userOf(request)
      const { store } = request.service
      const member = { user_id: user.id, group_arn: group.arn }
      await store
        .insertInto('sandbox_memberships')
        .values(member)
        .onConflict((c) => c.doNothing())
        .execute()
      const groups = await store
        .selectFrom('sandbox_memberships')
        .selectAll()
        .where('user_id', '=', user.id)
        .execute()
      if (groups.length > most)
        throw new AwsError(409, 'LimitExceeded', `Cannot exceed quota for GroupsPerUser: ${most}`)
      return undefined
    },
  },
  RemoveUserFromGroup: {
    resource: groupArn,
    run: async (request) => {
      const group = groupOf(request)
      const user = await userOf(request)
      const { numDeletedRows } = await request.service.store
        .deleteFrom('sandbox_memberships')
        .where('user_id', '=', user.id)
        .where('group_arn', '=', group.arn)
        .executeTakeFirst()
      if (numDeletedRows === 0n)
        throw noSuchEntity(`The user with name ${user.name} is not in the group ${group.name}.`)
      return undefined
    },
  },
  ListGroupsForUser: {
    resource: userArn,
    run: async (request) => {
      const { service, form } = request
      const user = await userOf(request)
      const rows = await service.store
        .selectFrom('sandbox_memberships')
        .select('group_arn')
        .where('user_id', '=', user.id)
        .orderBy('group_arn')
        .execute()
      const groups = rows.flatMap(({ group_arn }) => service.fixture.groups.get(group_arn) ?? [])
      const { items, rest } = page(groups, form)
      return {
        Groups: members(
          items.map(({ arn, name, path }) => ({
            Path: path,
            GroupName: name,
            GroupId: declaredId('AGPA', arn),
            Arn: arn,
            CreateDate: iamTime(new Date(0).toISOString()),
          })),
        ),
        ...rest,
      }
    },
  },
}

async function groupArn(request: IamRequest): Promise<string> {
  checkForm(request.form, { GroupName: groupNameRule, UserName: { required: true } })
  return groupNamed(request)?.arn ?? accountArn(request, `group/${request.form.get('GroupName')}`)
}

function groupOf(request: IamRequest): Group {
  const group = groupNamed(request)
  if (group === undefined)
    throw noSuchEntity(`The group with name ${request.form.get('GroupName')} cannot be found.`)
  return group
}

function groupNamed({ service, caller, form }: IamRequest): Group | undefined {
  const name = form.get('GroupName')
  return [...service.fixture.groups.values()].find(
    (group) => group.account === caller.principal.account && group.name === name,
  )
}
