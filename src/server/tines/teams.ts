import type { Kysely, Selectable } from 'kysely'
import type { JsonObject } from '../../core/json.js'
import { invalid, notFound } from './api-error.js'
import { readFields } from './fields.js'
import { offsetOf, type Page } from './list-page.js'
import type { AllTables, Service, Write } from './service.js'
import { slugOf } from './slug.js'
import type { TeamTable } from './tables.js'

export type TeamRow = Selectable<TeamTable>

export function presentTeam(row: TeamRow): JsonObject {
  return { id: row.id, name: row.name, slug: slugOf(row.name) }
}

/** The team that a plane starts with. */
export async function ensurePersonalTeam(service: Service): Promise<void> {
  await service.tables.transaction().execute(async (write) => {
    const row = await write
      .selectFrom('tines_teams')
      .select('id')
      .where('is_personal', '=', 1)
      .executeTakeFirst()
    if (row !== undefined) return
    await write
      .insertInto('tines_teams')
      .values({
        name: 'Personal team',
        is_personal: 1,
        static_external_id: null,
        created_at: service.now().toISOString(),
      })
      // Another process may open the plane at the same time.
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })
}

/** The team with this id; the caller's personal one if there is none, without a word: what the vendor does. */
export async function teamOrPersonal(write: Write, id: number): Promise<TeamRow> {
  return await write
    .selectFrom('tines_teams')
    .selectAll()
    .where((is) => is.or([is('id', '=', id), is('is_personal', '=', 1)]))
    .orderBy('is_personal')
    .executeTakeFirstOrThrow()
}

/** Personal teams are left out unless they are asked for. */
export async function listTeams(tables: Kysely<AllTables>, page: Page, includePersonal: boolean) {
  const most = includePersonal ? 1 : 0
  const { count } = await tables
    .selectFrom('tines_teams')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('is_personal', '<=', most)
    .executeTakeFirstOrThrow()
  const rows = await tables
    .selectFrom('tines_teams')
    .selectAll()
    .where('is_personal', '<=', most)
    .orderBy('id')
    .limit(page.size)
    .offset(offsetOf(page))
    .execute()
  return { rows, count: Number(count) }
}

export async function existingTeam(tables: Kysely<AllTables>, id: number): Promise<TeamRow> {
  const row = await tables.selectFrom('tines_teams').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw notFound('team', String(id))
  return row
}

export async function createTeam(service: Service, body: JsonObject): Promise<JsonObject> {
  const name = readName(body)
  const row = await service.tables
    .insertInto('tines_teams')
    .values({ name, is_personal: 0, static_external_id: null, created_at: service.now().toISOString() })
    .returningAll()
    .executeTakeFirstOrThrow()
  return presentTeam(row)
}

export async function updateTeam(service: Service, id: number, body: JsonObject): Promise<JsonObject> {
  const name = readName(body)
  return await service.tables.transaction().execute(async (write) => {
    await existingTeam(write, id)
    await write.updateTable('tines_teams').set({ name }).where('id', '=', id).execute()
    return presentTeam(await existingTeam(write, id))
  })
}

/** With everything that is in it. */
export async function deleteTeam(service: Service, id: number): Promise<void> {
  await service.tables.transaction().execute(async (write) => {
    const team = await existingTeam(write, id)
    if (team.is_personal === 1) throw invalid('a personal team cannot be deleted')
    const ofTeam = write.selectFrom('tines_credentials').select('id').where('team_id', '=', id)
    await write.deleteFrom('tines_inputs').where('credential_id', 'in', ofTeam).execute()
    await write.deleteFrom('tines_credentials').where('team_id', '=', id).execute()
    await write.deleteFrom('tines_folders').where('team_id', '=', id).execute()
    await write.deleteFrom('tines_teams').where('id', '=', id).execute()
  })
}

function readName(body: JsonObject): string {
  return readFields(body, (fields) => {
    const name = fields.filledText('name')
    if (!fields.has('name')) fields.problem('name is required')
    return name ?? ''
  })
}
