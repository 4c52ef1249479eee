import type { Selectable } from 'kysely'
import type { JsonObject } from '../../core/json.js'
import { ApiError } from './api-error.js'
import type { Service } from './service.js'
import type { ConnectorTable, ConnectorType } from './tables.js'

type ConnectorRow = Selectable<ConnectorTable>

/** A connector whose access was proven. */
export interface Verified {
  readonly name: string
  readonly type: ConnectorType
  /** The members without their prefix `verified_`. */
  readonly target: Readonly<Record<string, string | null>>
}

const targets = [
  'bucket_uri',
  'role_arn',
  'bucket_owner_account_id',
  'account',
  'warehouse',
  'database',
  'schema_name',
  'server_hostname',
  'http_path',
  'catalog',
] as const

/** A connector as it is answered: the members of other types are null. */
export function present(row: ConnectorRow): JsonObject {
  const verified = JSON.parse(row.verified) as Readonly<Record<string, string | null>>
  return {
    id: row.id,
    credential_name: row.credential_name,
    connector_type: row.connector_type,
    created_at: row.created_at,
    updated_at: row.updated_at,
    ...Object.fromEntries(targets.map((name) => [`verified_${name}`, verified[name] ?? null])),
  }
}

export async function listConnectors({ tables }: Service, owner: string): Promise<readonly ConnectorRow[]> {
  return await tables
    .selectFrom('outerproduct_connectors')
    .selectAll()
    .where('owner', '=', owner)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** Refuses a name that this user has given already, whatever the type. */
export async function requireFree({ tables }: Service, owner: string, name: string): Promise<void> {
  const taken = await tables
    .selectFrom('outerproduct_connectors')
    .select('id')
    .where('owner', '=', owner)
    .where('credential_name', '=', name)
    .executeTakeFirst()
  if (taken !== undefined) throw nameTaken(name)
}

/** Stores what was proven. */
export async function insertConnector(
  { tables, context }: Service,
  owner: string,
  { name, type, target }: Verified,
): Promise<ConnectorRow> {
  const at = context.now().toISOString()
  const inserted = await tables
    .insertInto('outerproduct_connectors')
    .values({
      id: uuid(context.random(16)),
      owner,
      credential_name: name,
      connector_type: type,
      verified: JSON.stringify(target),
      created_at: at,
      updated_at: at,
    })
    // While the access was tried, somebody may have taken the name.
    .onConflict((conflict) => conflict.columns(['owner', 'credential_name']).doNothing())
    .returningAll()
    .executeTakeFirst()
  if (inserted === undefined) throw nameTaken(name)
  return inserted
}

/** A connector of another type, or another user's, is not there. */
export async function deleteConnector(
  { tables }: Service,
  owner: string,
  type: string,
  id: string,
): Promise<void> {
  // PostgreSQL takes no text with a NUL in it, not even to look for it.
  if (`${type}${id}`.includes('\0')) throw new ApiError(404, 'Connector not found')
  const { numDeletedRows } = await tables
    .deleteFrom('outerproduct_connectors')
    .where('owner', '=', owner)
    .where('connector_type', '=', type as ConnectorType)
    .where('id', '=', id)
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw new ApiError(404, 'Connector not found')
}

function nameTaken(name: string): ApiError {
  return new ApiError(409, `A credential named ${JSON.stringify(name)} already exists`)
}

/** A random UUID, version 4. */
function uuid(random: Uint8Array): string {
  const bytes = Buffer.from(random)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
