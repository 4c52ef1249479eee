import type { Kysely, Selectable } from 'kysely'
import type { JsonObject } from '../../core/json.js'
import type { AwsRoleTable, Tables } from '../tables.js'
import { gone, notFound } from './api-error.js'
import { configOfOwner } from './assignment.js'
import { readFields } from './fields.js'
import type { ListQuery } from './list-query.js'
import type { Caller, Service, Write } from './service.js'

type AwsRoleRow = Selectable<AwsRoleTable>

/** The role as a list shows it. */
export function presentRole(row: AwsRoleRow): JsonObject {
  return {
    id: row.id,
    role: row.role,
    createdFrom: row.created_from,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    awsConfigId: row.aws_config_id,
    ...(row.deleted_at === null ? {} : { deletedAt: row.deleted_at }),
  }
}

/** The role as the answer to a write: the vendor spells `deleted_at` differently here. */
function presentWrittenRole(row: AwsRoleRow): JsonObject {
  return {
    createdFrom: row.created_from,
    id: row.id,
    role: row.role,
    awsConfigId: row.aws_config_id,
    updatedAt: row.updated_at,
    createdAt: row.created_at,
    deleted_at: row.deleted_at,
  }
}

export async function listRoles(tables: Kysely<Tables>, page: ListQuery): Promise<AwsRoleRow[]> {
  const query = tables.selectFrom('trifacta_aws_roles').selectAll()
  const chosen = page.includeDeleted ? query : query.where('deleted_at', 'is', null)
  return await chosen.orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute()
}

/** Adds a role object to a config; it does not become the active one by that. Returns its id. */
export async function createRole(
  write: Write,
  configId: number,
  role: string | null,
  createdFrom: 'api' | 'idp',
  at: string,
): Promise<number> {
  const { id } = await write
    .insertInto('trifacta_aws_roles')
    .values({
      aws_config_id: configId,
      role,
      created_from: createdFrom,
      created_at: at,
      updated_at: at,
      deleted_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** POST: the config is found through the person or workspace that the body names, or the caller. */
export async function addRole(service: Service, caller: Caller, body: JsonObject): Promise<JsonObject> {
  const input = readFields(body, (fields) => {
    const role = fields.text('role')
    const personId = fields.id('personId')
    const workspaceId = fields.id('workspaceId')
    fields.require('role', role)
    if (personId !== undefined && workspaceId !== undefined) {
      fields.problem('personId and workspaceId are alternatives: send one of them')
    }
    return { role: role ?? '', personId, workspaceId }
  })
  return await service.database.tables.transaction().execute(async (write) => {
    const { personId = caller.id, workspaceId } = input
    const configId = await configOfOwner(write, workspaceId === undefined ? { personId } : { workspaceId })
    const id = await createRole(write, configId, input.role, 'api', service.now().toISOString())
    return presentWrittenRole(await existingRole(write, id))
  })
}

/** PUT: changes the role in place. The config of a role object is fixed, whatever else the body says. */
export async function updateRole(service: Service, id: number, body: JsonObject): Promise<JsonObject> {
  const role = readFields(body, (fields) => fields.text('role'))
  return await service.database.tables.transaction().execute(async (write) => {
    await existingRole(write, id)
    await write
      .updateTable('trifacta_aws_roles')
      .set({ updated_at: service.now().toISOString(), ...(role === undefined ? {} : { role }) })
      .where('id', '=', id)
      .execute()
    return presentWrittenRole(await existingRole(write, id))
  })
}

/** DELETE, softly. A config whose active role this was has none afterwards. */
export async function deleteRole(service: Service, id: number): Promise<void> {
  await service.database.tables.transaction().execute(async (write) => {
    await existingRole(write, id)
    const at = service.now().toISOString()
    await write
      .updateTable('trifacta_aws_roles')
      .set({ deleted_at: at, updated_at: at })
      .where('id', '=', id)
      .execute()
    await write
      .updateTable('trifacta_aws_configs')
      .set({ active_role_id: null })
      .where('active_role_id', '=', id)
      .execute()
  })
}

async function existingRole(write: Write, id: number): Promise<AwsRoleRow> {
  const row = await write.selectFrom('trifacta_aws_roles').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw notFound('awsRole', id)
  if (row.deleted_at !== null) throw gone('awsRole', id)
  return row
}
