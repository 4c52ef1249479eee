import { AwsError } from './aws-error.js'
import { checkForm, type Rule } from './form.js'
import type { IamCall, IamRequest } from './iam.js'
import { noSuchEntity, userArn, userOf } from './iam-named-user.js'
import { page } from './iam-page.js'
import { MalformedPolicy, parsePolicyText } from './policy-document.js'
import type { UserTable } from './tables.js'
import { members } from './xml.js'

export const policyNameRule: Rule = { required: true, min: 1, max: 128, pattern: '[\\w+=,.@-]+' }
const policyArnRule: Rule = { required: true, min: 20, max: 2048 }

/** Characters of all inline policies of a user, spaces left out; managed policies of a user. */
const quotas = { inline: 2048, attached: 10 }

export const policyCalls: Readonly<Record<string, IamCall>> = {
  PutUserPolicy: { resource: userArn, run: putUserPolicy },
  GetUserPolicy: {
    resource: userArn,
    run: async (request) => {
      checkForm(request.form, { PolicyName: policyNameRule })
      const user = await userOf(request)
      const name = request.form.get('PolicyName') ?? ''
      const found = (await inlineOf(request, user)).find((policy) => policy.name === name)
      if (found === undefined) throw noSuchEntity(`The user policy with name ${name} cannot be found.`)
      return { UserName: user.name, PolicyName: name, PolicyDocument: inUrl(found.document) }
    },
  },
  DeleteUserPolicy: {
    resource: userArn,
    run: async (request) => {
      checkForm(request.form, { PolicyName: policyNameRule })
      const user = await userOf(request)
      const name = request.form.get('PolicyName') ?? ''
      const { numDeletedRows } = await request.service.store
        .deleteFrom('sandbox_user_policies')
        .where('user_id', '=', user.id)
        .where('name', '=', name)
        .executeTakeFirst()
      if (numDeletedRows === 0n) throw noSuchEntity(`The user policy with name ${name} cannot be found.`)
      return undefined
    },
  },
  ListUserPolicies: {
    resource: userArn,
    run: async (request) => {
      const { items, rest } = page(await inlineOf(request, await userOf(request)), request.form)
      return { PolicyNames: members(items.map(({ name }) => name)), ...rest }
    },
  },
  AttachUserPolicy: { resource: withPolicy, run: attachUserPolicy },
  DetachUserPolicy: {
    resource: withPolicy,
    run: async (request) => {
      const user = await userOf(request)
      const arn = request.form.get('PolicyArn') ?? ''
      const { numDeletedRows } = await request.service.store
        .deleteFrom('sandbox_attached_policies')
        .where('user_id', '=', user.id)
        .where('arn', '=', arn)
        .executeTakeFirst()
      if (numDeletedRows === 0n) throw noSuchEntity(`Policy ${arn} was not found.`)
      return undefined
    },
  },
  ListAttachedUserPolicies: {
    resource: userArn,
    run: async (request) => {
      const { items, rest } = page(await attachedTo(request, await userOf(request)), request.form)
      const policies = items.map((arn) => ({
        PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
        PolicyArn: arn,
      }))
      return { AttachedPolicies: members(policies), ...rest }
    },
  },
}

async function withPolicy(request: IamRequest): ReturnType<IamCall['resource']> {
  checkForm(request.form, { PolicyArn: policyArnRule })
  return {
    arn: await userArn(request),
    keys: new Map([['iam:policyarn', request.form.get('PolicyArn') ?? '']]),
  }
}

async function putUserPolicy(request: IamRequest): Promise<undefined> {
  const { service, form } = request
  checkForm(form, {
    PolicyName: policyNameRule,
    PolicyDocument: { required: true, min: 1, max: 131_072 },
  })
  const user = await userOf(request)
  const document = form.get('PolicyDocument') ?? ''
  try {
    parsePolicyText(document, 'identity')
  } catch (cause) {
    if (!(cause instanceof MalformedPolicy)) throw cause
    throw new AwsError(400, 'MalformedPolicyDocument', cause.message)
  }
  await service.store
    .insertInto('sandbox_user_policies')
    .values({ user_id: user.id, name: form.get('PolicyName') ?? '', document })
    .onConflict((conflict) => conflict.columns(['user_id', 'name']).doUpdateSet({ document }))
    .execute()
  const size = (await inlineOf(request, user)).reduce(
    (sum, one) => sum + one.document.replaceAll(/\s/g, '').length,
    0,
  )
  if (size > quotas.inline)
    throw new AwsError(
      409,
      'LimitExceeded',
      `Maximum policy size of ${quotas.inline} bytes exceeded for user ${user.name}`,
    )
  return undefined
}

async function attachUserPolicy(request: IamRequest): Promise<undefined> {
  const { service, caller, form } = request
  const user = await userOf(request)
  const arn = form.get('PolicyArn') ?? ''
  const owner = arn.split(':')[4]
  if (!service.fixture.policies.has(arn) || (owner !== 'aws' && owner !== caller.principal.account))
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`)
  const attached = await attachedTo(request, user)
  if (attached.includes(arn)) return undefined
  if (attached.length >= quotas.attached)
    throw new AwsError(409, 'LimitExceeded', `Cannot exceed quota for PoliciesPerUser: ${quotas.attached}`)
  await service.store.insertInto('sandbox_attached_policies').values({ user_id: user.id, arn }).execute()
  return undefined
}

async function inlineOf(
  { service }: IamRequest,
  { id }: UserTable,
): Promise<readonly { readonly name: string; readonly document: string }[]> {
  return await service.store
    .selectFrom('sandbox_user_policies')
    .select(['name', 'document'])
    .where('user_id', '=', id)
    .orderBy('name')
    .execute()
}

async function attachedTo({ service }: IamRequest, { id }: UserTable): Promise<readonly string[]> {
  const rows = await service.store
    .selectFrom('sandbox_attached_policies')
    .select('arn')
    .where('user_id', '=', id)
    .orderBy('arn')
    .execute()
  return rows.map(({ arn }) => arn)
}

/** IAM hands policies back encoded as in a URL (RFC 3986). */
export function inUrl(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
