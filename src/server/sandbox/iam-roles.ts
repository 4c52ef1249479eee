import type { Role } from './fixture.js'
import { checkForm } from './form.js'
import type { IamCall, IamRequest } from './iam.js'
import { declaredPolicyCalls } from './iam-declared-policies.js'
import { accountArn, noSuchEntity } from './iam-named-user.js'
import { page } from './iam-page.js'
import { inUrl } from './iam-policies.js'
import { iamTime } from './iam-time.js'
import { declaredId } from './ids.js'
import { members, type XmlElements } from './xml.js'

export const roleCalls: Readonly<Record<string, IamCall>> = {
  ...declaredPolicyCalls({ word: 'Role', resource: roleArn, find: roleOf }),
  GetRole: {
    resource: roleArn,
    run: async (request) => ({ Role: roleXml(roleOf(request)) }),
  },
  ListRoles: {
    resource: async (request) => accountArn(request, 'role/'),
    run: async (request) => {
      const prefix = request.form.get('PathPrefix') ?? '/'
      const roles = rolesOf(request).filter(({ path }) => path.startsWith(prefix))
      const { items, rest } = page(roles, request.form)
      return { Roles: members(items.map(roleXml)), ...rest }
    },
  },
}

async function roleArn(request: IamRequest): Promise<string> {
  checkForm(request.form, { RoleName: { required: true, min: 1, max: 64, pattern: '[\\w+=,.@-]+' } })
  return roleNamed(request)?.arn ?? accountArn(request, `role/${request.form.get('RoleName')}`)
}

function roleOf(request: IamRequest): Role {
  const role = roleNamed(request)
  if (role === undefined)
    throw noSuchEntity(`The role with name ${request.form.get('RoleName')} cannot be found.`)
  return role
}

function rolesOf({ service, caller }: IamRequest): readonly Role[] {
  return [...service.fixture.roles.values()].filter(({ account }) => account === caller.principal.account)
}

function roleNamed(request: IamRequest): Role | undefined {
  const name = request.form.get('RoleName')
  return rolesOf(request).find((role) => role.name === name)
}

function roleXml(role: Role): XmlElements {
  const tags = [...role.tags].map(([name, value]) => ({ Key: name, Value: value }))
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: declaredId('AROA', role.arn),
    Arn: role.arn,
    CreateDate: iamTime(new Date(0).toISOString()),
    AssumeRolePolicyDocument: inUrl(role.trust.text),
    MaxSessionDuration: role.maxSession,
    Tags: tags.length === 0 ? undefined : members(tags),
  }
}
