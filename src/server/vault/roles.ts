import { absent, invalid } from './api-error.js'
import type { Fields } from './fields.js'
import { legacyRole } from './legacy-role.js'
import { oldRole } from './old-role.js'
import { done, type Reply } from './reply.js'
import { checkRole } from './role-rules.js'
import { mergedRole, presentOldRole, presentRole, type RoleSettings, unsetRole } from './role-settings.js'
import type { MountCall } from './route.js'
import type { VaultGeneration } from './service.js'
import type { VaultDatabase, VaultWrite } from './tables.js'

export async function listRoles({ service, mount }: MountCall): Promise<Reply> {
  const rows = await service.tables
    .selectFrom('vault_roles')
    .select('name')
    .where('mount_id', '=', mount.id)
    .execute()
  if (rows.length === 0) throw absent()
  return { data: { keys: rows.map((row) => row.name).sort() } }
}

export async function readRole({ service, mount }: MountCall, name: string): Promise<Reply> {
  const role = await storedRole(service.tables, mount.id, name)
  if (role === undefined) throw absent()
  return { data: service.generation === '1.0' ? presentOldRole(role) : presentRole(role) }
}

export async function writeRole({ service, mount, fields }: MountCall, name: string): Promise<Reply> {
  const warnings = await service.tables.transaction().execute(async (write) => {
    const before = await storedRole(write, mount.id, name)
    const { role, warnings } = roleAfter(fields, before ?? unsetRole, service.generation)
    const settings = JSON.stringify(role)
    await write
      .insertInto('vault_roles')
      .values({ mount_id: mount.id, name, settings })
      .onConflict((conflict) => conflict.columns(['mount_id', 'name']).doUpdateSet({ settings }))
      .execute()
    return warnings
  })
  return { ...done, warnings }
}

/** Done whether there was one or not; the leases of its credentials live on. */
export async function deleteRole({ service, mount }: MountCall, name: string): Promise<Reply> {
  await service.tables
    .deleteFrom('vault_roles')
    .where('mount_id', '=', mount.id)
    .where('name', '=', name)
    .execute()
  return done
}

export async function storedRole(
  tables: VaultDatabase | VaultWrite,
  mountId: string,
  name: string,
): Promise<RoleSettings | undefined> {
  const row = await tables
    .selectFrom('vault_roles')
    .select('settings')
    .where('mount_id', '=', mountId)
    .where('name', '=', name)
    .executeTakeFirst()
  return row === undefined ? undefined : { ...unsetRole, ...JSON.parse(row.settings) }
}

function roleAfter(
  fields: Fields,
  before: RoleSettings,
  generation: VaultGeneration,
): { readonly role: RoleSettings; readonly warnings: readonly string[] } {
  // The path has it too.
  fields.has('name')
  const legacy = legacyRole(fields)
  if (generation === '1.0') return { role: legacy ?? oldRole(fields, before), warnings: [] }
  const role = legacy ?? mergedRole(fields, before)
  if (legacy === undefined) checkRole(role)
  const warnings =
    legacy === undefined
      ? []
      : ['Detected use of legacy role or policy parameter. Please upgrade to use the new parameters.']
  return { role, warnings }
}

/** The rule for names of roles: word characters at both ends, and `-`, `.`, `@` between. */
export const namePattern = '\\w(?:[\\w.@-]*\\w)?'

/** Throws a 400: a name is asked for where a request has none. */
export function missingName(): never {
  throw invalid('missing role name')
}
