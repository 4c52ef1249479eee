import { AwsError } from './aws-error.js'
import { checkForm, type Rule } from './form.js'
import type { IamRequest } from './iam.js'
import type { Service } from './service.js'
import type { UserTable } from './tables.js'

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

export async function userNamed(
  { store }: Service,
  account: string,
  name: string,
): Promise<UserTable | undefined> {
  return await store
    .selectFrom('sandbox_users')
    .selectAll()
    .where('account', '=', account)
    .where('name', '=', name)
    .executeTakeFirst()
}
