import type { Kysely, Selectable } from 'kysely'
import type { JsonObject } from '../../core/json.js'
import { parseId } from '../body-fields.js'
import { badRequest, notFound } from './api-error.js'
import { offsetOf, type Page } from './list-page.js'
import type { AllTables } from './service.js'
import { slugOf } from './slug.js'
import type { CredentialTable } from './tables.js'

export type CredentialRow = Selectable<CredentialTable> & {
  readonly static_external_id: string | null
  readonly test_created_at: string | null
  readonly test_updated_at: string | null
}

export interface ViewOptions {
  /** Whether a credential without a test twin says so: recorded answers of the read by id do not. */
  readonly testMember: boolean
  /** Adds which stories and actions use it. A plane has neither. */
  readonly references: boolean
}

/** The one user of a plane, in whose name every key works. */
const owner = { user_id: 1, first_name: 'Rolecall', last_name: 'Owner', email: 'owner@localhost' }

/** The credential as answers show it: no option of its mode but the authentication type of AWS. */
export function presentCredential(row: CredentialRow, options: ViewOptions): JsonObject {
  const aws = row.mode === 'AWS'
  const hosts = list(row.allowed_hosts)
  const twin =
    row.test_created_at === null ? null : { created_at: row.test_created_at, updated_at: row.test_updated_at }
  return {
    id: row.id,
    name: row.name,
    mode: row.mode,
    team_id: row.team_id,
    folder_id: row.folder_id,
    read_access: row.read_access,
    shared_team_slugs: list(row.shared_team_slugs),
    slug: slugOf(row.name),
    created_at: row.created_at,
    updated_at: row.updated_at,
    description: row.description,
    aws_assumed_role_external_id: aws ? externalId(row) : null,
    aws_authentication_type: row.aws_authentication_type,
    use_static_external_id: row.use_static_external_id === 1,
    allowed_hosts: hosts,
    metadata: JSON.parse(row.metadata),
    restriction_type: hosts.length === 0 ? 'UNRESTRICTED' : 'RESTRICTED',
    test_credential_enabled: row.test_credential_enabled === 1,
    ...(twin === null && !options.testMember ? {} : { test_credential: twin }),
    expires_at: row.expires_at,
    expiry_notifications_enabled: row.expiry_notifications_enabled === 1,
    credential_notification_recipient_user_ids: list(row.recipient_user_ids),
    owner,
    ...(options.references ? { referencing_story_ids: [], referencing_action_ids: [] } : {}),
  }
}

export async function existingCredential(tables: Kysely<AllTables>, id: number): Promise<CredentialRow> {
  const row = await credentials(tables).where('tines_credentials.id', '=', id).executeTakeFirst()
  if (row === undefined) throw notFound('credential', String(id))
  return row
}

export async function listCredentials(tables: Kysely<AllTables>, query: URLSearchParams, page: Page) {
  let rows = credentials(tables)
  let total = tables
    .selectFrom('tines_credentials')
    .select((select) => select.fn.countAll<number>().as('count'))
  for (const name of ['team_id', 'folder_id'] as const) {
    const text = query.get(name)
    if (text === null) continue
    const id = parseId(text)
    if (id === undefined) throw badRequest(`the query parameter ${name} must be a positive integer`)
    rows = rows.where(`tines_credentials.${name}`, '=', id)
    total = total.where(`tines_credentials.${name}`, '=', id)
  }
  const filter = query.get('filter')
  if (filter !== null && !filters.includes(filter))
    throw badRequest(`the query parameter filter must be one of: ${filters.join(', ')}`)
  if (filter === 'RESTRICTED') {
    rows = rows.where('tines_credentials.allowed_hosts', '!=', '[]')
    total = total.where('tines_credentials.allowed_hosts', '!=', '[]')
  } else if (filter === 'UNRESTRICTED') {
    rows = rows.where('tines_credentials.allowed_hosts', '=', '[]')
    total = total.where('tines_credentials.allowed_hosts', '=', '[]')
  }
  // UNUSED_IN_ACTIONS is all of them: a plane has no actions.
  const { count } = await total.executeTakeFirstOrThrow()
  return {
    rows: await rows.orderBy('tines_credentials.id').limit(page.size).offset(offsetOf(page)).execute(),
    count: Number(count),
  }
}

const filters = ['UNUSED_IN_ACTIONS', 'UNRESTRICTED', 'RESTRICTED']

function externalId(row: CredentialRow): string | null {
  return row.use_static_external_id === 1 ? row.static_external_id : row.external_id
}

function credentials(tables: Kysely<AllTables>) {
  return tables
    .selectFrom('tines_credentials')
    .innerJoin('tines_teams', 'tines_teams.id', 'tines_credentials.team_id')
    .leftJoin('tines_inputs', (join) =>
      join
        .onRef('tines_inputs.credential_id', '=', 'tines_credentials.id')
        .on('tines_inputs.part', '=', 'test'),
    )
    .selectAll('tines_credentials')
    .select([
      'tines_teams.static_external_id as static_external_id',
      'tines_inputs.created_at as test_created_at',
      'tines_inputs.updated_at as test_updated_at',
    ])
}

function list(text: string): readonly (string | number)[] {
  const items: unknown = JSON.parse(text)
  return Array.isArray(items) ? items : []
}
