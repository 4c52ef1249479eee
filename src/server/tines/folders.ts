import type { Kysely, Selectable } from 'kysely'
import type { JsonObject } from '../../core/json.js'
import { parseId } from '../body-fields.js'
import { badRequest, invalid, notFound } from './api-error.js'
import { readFields } from './fields.js'
import { offsetOf, type Page } from './list-page.js'
import type { AllTables, Service, Write } from './service.js'
import type { FolderTable } from './tables.js'
import { teamOrPersonal } from './teams.js'

const contentTypes = ['CREDENTIAL', 'RESOURCE', 'STORY'] as const

type FolderRow = Selectable<FolderTable> & { readonly size: number }

export function presentFolder(row: FolderRow): JsonObject {
  const { id, name, content_type, team_id, size, parent_folder_id } = row
  return { id, name, content_type, team_id, size: Number(size), parent_folder_id }
}

export async function listFolders(tables: Kysely<AllTables>, query: URLSearchParams, page: Page) {
  const teamText = query.get('team_id')
  const teamId = teamText === null ? undefined : parseId(teamText)
  if (teamText !== null && teamId === undefined)
    throw badRequest('the query parameter team_id must be a positive integer')
  const type = query.get('content_type')
  if (type !== null && !contentTypes.some((known) => known === type))
    throw badRequest(`the query parameter content_type must be one of: ${contentTypes.join(', ')}`)
  let rows = folders(tables)
  let total = tables.selectFrom('tines_folders').select((select) => select.fn.countAll<number>().as('count'))
  if (teamId !== undefined) {
    rows = rows.where('team_id', '=', teamId)
    total = total.where('team_id', '=', teamId)
  }
  if (type !== null) {
    rows = rows.where('content_type', '=', type)
    total = total.where('content_type', '=', type)
  }
  const { count } = await total.executeTakeFirstOrThrow()
  return {
    rows: await rows.orderBy('id').limit(page.size).offset(offsetOf(page)).execute(),
    count: Number(count),
  }
}

export async function existingFolder(tables: Kysely<AllTables>, id: number): Promise<FolderRow> {
  const row = await folders(tables).where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw notFound('folder', String(id))
  return row
}

export async function createFolder(service: Service, body: JsonObject): Promise<JsonObject> {
  const input = readFields(body, (fields) => {
    for (const name of ['name', 'content_type', 'team_id'])
      if (!fields.has(name)) fields.problem(`${name} is required`)
    return {
      name: fields.filledText('name') ?? '',
      contentType: fields.choice('content_type', contentTypes) ?? 'CREDENTIAL',
      teamId: fields.id('team_id') ?? 0,
      parentId: fields.nullableId('parent_folder_id') ?? null,
    }
  })
  return await service.tables.transaction().execute(async (write) => {
    const team = await teamOrPersonal(write, input.teamId)
    if (input.parentId !== null) {
      const parent = await folderOf(write, input.parentId, team.id, input.contentType)
      if (parent === undefined) throw invalid('parent_folder_id must be such a folder of the same team')
    }
    const { id } = await write
      .insertInto('tines_folders')
      .values({
        name: input.name,
        content_type: input.contentType,
        team_id: team.id,
        parent_folder_id: input.parentId,
        created_at: service.now().toISOString(),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return presentFolder(await existingFolder(write, id))
  })
}

/** Only its name changes. */
export async function updateFolder(service: Service, id: number, body: JsonObject): Promise<JsonObject> {
  const name = readFields(body, (fields) => fields.filledText('name'))
  return await service.tables.transaction().execute(async (write) => {
    await existingFolder(write, id)
    if (name !== undefined)
      await write.updateTable('tines_folders').set({ name }).where('id', '=', id).execute()
    return presentFolder(await existingFolder(write, id))
  })
}

/** What was in it is in the root afterwards. */
export async function deleteFolder(service: Service, id: number): Promise<void> {
  await service.tables.transaction().execute(async (write) => {
    await existingFolder(write, id)
    await write
      .updateTable('tines_credentials')
      .set({ folder_id: null })
      .where('folder_id', '=', id)
      .execute()
    await write
      .updateTable('tines_folders')
      .set({ parent_folder_id: null })
      .where('parent_folder_id', '=', id)
      .execute()
    await write.deleteFrom('tines_folders').where('id', '=', id).execute()
  })
}

/** The folder, if it is one of the team for this kind of content. */
export async function folderOf(write: Write, id: number, teamId: number, contentType: string) {
  return await write
    .selectFrom('tines_folders')
    .select('id')
    .where('id', '=', id)
    .where('team_id', '=', teamId)
    .where('content_type', '=', contentType)
    .executeTakeFirst()
}

function folders(tables: Kysely<AllTables>) {
  return tables
    .selectFrom('tines_folders')
    .selectAll('tines_folders')
    .select((select) =>
      select
        .selectFrom('tines_credentials')
        .whereRef('tines_credentials.folder_id', '=', 'tines_folders.id')
        .select((inner) => inner.fn.countAll<number>().as('size'))
        .$asScalar()
        .$notNull()
        .as('size'),
    )
}
