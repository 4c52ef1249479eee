import { type DataType, ServiceError } from '../../core/resource.js'
import type { Schema } from '../../core/schema.js'
import { textOf } from '../inputs.js'
import { loadSchemas } from '../schemas.js'
import type { TrifactaApi } from './api.js'
import { normalEmail, personByEmail } from './find-person.js'

/** Looks up an account and touches nothing. */
export const personData: DataType<TrifactaApi> = {
  schema: loadSchemas('trifacta').data.get('trifacta_person') as Schema,

  async read(api, inputs) {
    const email = textOf(inputs.email) ?? ''
    const found = await personByEmail(api, email)
    if (found === undefined)
      throw new ServiceError(`looking for the person ${email}`, {
        words: 'there is no account with this e-mail address',
        help: 'Check the spelling and the workspace, or invite the person first. A resource "trifacta_person" would create it.',
      })
    return {
      email: normalEmail(found.email),
      id: found.id,
      name: found.name,
      is_admin: found.isAdmin ?? null,
      is_disabled: found.isDisabled ?? null,
      state: found.state,
      sso_principal: found.ssoPrincipal,
      last_login_time: found.lastLoginTime,
      created_at: found.createdAt,
    }
  },
}
