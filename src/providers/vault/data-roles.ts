import type { DataType, Plain } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { compareCodePoints } from '../../core/type.js'
import { loadSchemas } from '../schemas.js'
import { textOf, type VaultApi } from './api.js'
import { mountOf } from './place.js'
import { roleAt, roleNames } from './role.js'

const shown = [
  'name',
  'credential_type',
  'role_arns',
  'policy_arns',
  'policy_document',
  'default_sts_ttl',
  'max_sts_ttl',
]

/** The roles of a mount, or those of one type. */
export const rolesData: DataType<VaultApi> = {
  schema: loadSchemas('vault').data.get('vault_aws_roles') as Schema,

  async read(api, inputs) {
    const mount = mountOf(inputs)
    const type = textOf(inputs.credential_type)
    const names = [...(await roleNames(api, mount))].sort(compareCodePoints)
    // The client sends so many at a time as the connection has room for.
    const all = await Promise.all(names.map((name) => roleAt(api, { mount, name })))
    // One of them may have gone since the list was read.
    const roles = all
      .filter((found) => found !== undefined)
      .filter((found) => type === null || textOf(found.credential_type)?.split(',').includes(type) === true)
    return {
      mount,
      credential_type: type,
      names: roles.map((found) => textOf(found.name)),
      roles: roles.map(
        (found): ReadonlyMap<string, Plain> => new Map(shown.map((field) => [field, found[field] ?? null])),
      ),
    }
  },
}
