import type { Kysely, Selectable } from 'kysely'
import type { JsonObject } from '../../core/json.js'
import type { AwsConfigTable, Tables } from '../tables.js'
import { gone, notFound } from './api-error.js'
import type { ListQuery } from './list-query.js'
import type { Generation } from './service.js'

/** A config with the role that is active, which only generation A shows on it. */
export type AwsConfigRow = Selectable<AwsConfigTable> & { readonly active_role: string | null }

/**
 * The config as a caller sees it. Never on it: key, secret, mode, personId and workspaceId, which can only be written. The order of the members
 * is that of the vendor's samples, where what was sent stands before what was not.
 */
export function presentConfig(row: AwsConfigRow, generation: Generation): JsonObject {
  const credential = row.credential_id === null ? null : { id: row.credential_id }
  const extraBuckets: unknown = JSON.parse(row.extra_buckets)
  const deleted = row.deleted_at === null ? {} : { deletedAt: row.deleted_at }
  const start = { extraBuckets: Array.isArray(extraBuckets) ? extraBuckets : [], id: row.id }
  if (generation === 'A') {
    return {
      ...start,
      credentialProvider: row.credential_provider,
      ...(row.active_role === null ? {} : { role: row.active_role }),
      defaultBucket: row.default_bucket,
      updatedAt: row.updated_at,
      createdAt: row.created_at,
      ...(row.active_role === null ? { role: null } : {}),
      externalId: null,
      credential,
      ...deleted,
    }
  }
  return {
    ...start,
    defaultBucket: row.default_bucket,
    credentialProvider: row.credential_provider,
    externalId: row.external_id,
    activeRoleId: row.active_role_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    credential,
    ...deleted,
  }
}

export async function listConfigs(tables: Kysely<Tables>, page: ListQuery): Promise<AwsConfigRow[]> {
  const query = configs(tables)
    .orderBy('trifacta_aws_configs.id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
  return await (page.includeDeleted
    ? query
    : query.where('trifacta_aws_configs.deleted_at', 'is', null)
  ).execute()
}

export async function configsById(
  tables: Kysely<Tables>,
  ids: readonly number[],
): Promise<Map<number, AwsConfigRow>> {
  if (ids.length === 0) return new Map()
  const rows = await configs(tables).where('trifacta_aws_configs.id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** The config, or the answer 404 or 410. */
export async function existingConfig(tables: Kysely<Tables>, id: number): Promise<AwsConfigRow> {
  const row = await configs(tables).where('trifacta_aws_configs.id', '=', id).executeTakeFirst()
  if (row === undefined) throw notFound('awsConfig', id)
  if (row.deleted_at !== null) throw gone('awsConfig', id)
  return row
}

function configs(tables: Kysely<Tables>) {
  return tables
    .selectFrom('trifacta_aws_configs')
    .leftJoin('trifacta_aws_roles', 'trifacta_aws_roles.id', 'trifacta_aws_configs.active_role_id')
    .selectAll('trifacta_aws_configs')
    .select('trifacta_aws_roles.role as active_role')
}
