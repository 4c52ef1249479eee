import { checkForm } from './form.js'
import type { IamCall, IamRequest } from './iam.js'
import { noSuchEntity, userArn, userOf } from './iam-named-user.js'

export const boundaryCalls: Readonly<Record<string, IamCall>> = {
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

async function setBoundary({ service }: IamRequest, id: string, boundary: string | null): Promise<void> {
  await service.store.updateTable('sandbox_users').set({ boundary }).where('id', '=', id).execute()
}

/** A managed policy of AWS or of the caller's account. */
export function checkBoundary({ service, caller, form }: IamRequest): string {
  checkForm(form, { PermissionsBoundary: { required: true, min: 20, max: 2048 } })
  const arn = form.get('PermissionsBoundary') ?? ''
  const owner = arn.split(':')[4]
  if (!service.fixture.policies.has(arn) || (owner !== 'aws' && owner !== caller.principal.account))
    throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`)
  return arn
}
