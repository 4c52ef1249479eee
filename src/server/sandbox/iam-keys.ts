import { AwsError } from './aws-error.js'
import { checkForm } from './form.js'
import type { IamCall } from './iam.js'
import { noSuchEntity, userArn, userOf } from './iam-named-user.js'
import { page } from './iam-page.js'
import { iamTime } from './iam-time.js'
import { newId, newSecret } from './ids.js'
import { insertKey } from './users.js'
import { members } from './xml.js'

/** Access keys that a user may have at once. */
const most = 2

export const keyCalls: Readonly<Record<string, IamCall>> = {
  CreateAccessKey: {
    resource: userArn,
    run: async (request) => {
      const { service } = request
      const user = await userOf(request)
      const keys = await service.store
        .selectFrom('sandbox_keys')
        .select('id')
        .where('user_id', '=', user.id)
        .execute()
      if (keys.length >= most)
        throw new AwsError(409, 'LimitExceeded', `Cannot exceed quota for AccessKeysPerUser: ${most}`)
      const random = (bytes: number): Uint8Array => service.random(bytes)
      const key = { id: newId('AKIA', 20, random), secret: newSecret(random), status: 'Active' } as const
      await insertKey(service, user.id, key)
      return {
        AccessKey: {
          UserName: user.name,
          AccessKeyId: key.id,
          Status: key.status,
          SecretAccessKey: key.secret,
          CreateDate: iamTime(service.now().toISOString()),
        },
      }
    },
  },
  UpdateAccessKey: {
    resource: userArn,
    run: async (request) => {
      const { service, form } = request
      checkForm(form, {
        AccessKeyId: { required: true, min: 16, max: 128, pattern: '[\\w]*' },
        Status: { required: true, pattern: 'Active|Inactive' },
      })
      const user = await userOf(request)
      const id = form.get('AccessKeyId') ?? ''
      const { numUpdatedRows } = await service.store
        .updateTable('sandbox_keys')
        .set({ status: form.get('Status') ?? '' })
        .where('id', '=', id)
        .where('user_id', '=', user.id)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`)
      return undefined
    },
  },
  DeleteAccessKey: {
    resource: userArn,
    run: async (request) => {
      const { service, form } = request
      checkForm(form, { AccessKeyId: { required: true, min: 16, max: 128, pattern: '[\\w]*' } })
      const user = await userOf(request)
      const id = form.get('AccessKeyId') ?? ''
      const { numDeletedRows } = await service.store
        .deleteFrom('sandbox_keys')
        .where('id', '=', id)
        .where('user_id', '=', user.id)
        .executeTakeFirst()
      if (numDeletedRows === 0n) throw noSuchEntity(`The Access Key with id ${id} cannot be found.`)
      return undefined
    },
  },
  ListAccessKeys: {
    resource: userArn,
    run: async (request) => {
      const user = await userOf(request)
      const keys = await request.service.store
        .selectFrom('sandbox_keys')
        .selectAll()
        .where('user_id', '=', user.id)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      const { items, rest } = page(keys, request.form)
      return {
        AccessKeyMetadata: members(
          items.map(({ id, status, created_at }) => ({
            UserName: user.name,
            AccessKeyId: id,
            Status: status,
            CreateDate: iamTime(created_at),
          })),
        ),
        ...rest,
      }
    },
  },
}
