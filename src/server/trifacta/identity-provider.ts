import { configOfOwner } from './assignment.js'
import { createRole } from './aws-roles.js'
import type { Service } from './service.js'

/** A role that the identity provider sends along with a person's login. Returns its id. */
export async function deliverRole(
  service: Service,
  { personId, role }: { readonly personId: number; readonly role: string },
): Promise<number> {
  return await service.database.tables.transaction().execute(async (write) => {
    const configId = await configOfOwner(write, { personId })
    return await createRole(write, configId, role, 'idp', service.now().toISOString())
  })
}
