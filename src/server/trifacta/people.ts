import type { Kysely, Selectable } from 'kysely'
import type { JsonObject } from '../../core/json.js'
import type { PersonTable, Tables } from '../tables.js'
import { forbidden, gone, invalid, notFound } from './api-error.js'
import { assignToPerson } from './assignment.js'
import { hasEmail } from './email.js'
import { type Fields, readFields } from './fields.js'
import type { ListQuery } from './list-query.js'
import type { Caller, Service, Write } from './service.js'

export type PersonRow = Selectable<PersonTable>

/** The person as the caller may see them: people who are no administrators see who there is, and nothing more. */
export function presentPerson(row: PersonRow, caller: Caller): JsonObject {
  if (!caller.isAdmin) return { id: row.id, email: row.email, name: row.name }
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    ssoPrincipal: row.sso_principal,
    hadoopPrincipal: row.hadoop_principal,
    isAdmin: row.is_admin === 1,
    outputHomeDir: row.output_home_dir,
    isDisabled: row.is_disabled === 1,
    forcePasswordChange: row.force_password_change === 1,
    state: 'active',
    lastStateChange: row.last_state_change,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    fileUploadPath: row.file_upload_path,
    lastLoginTime: row.last_login_time,
    awsConfig: row.aws_config_id === null ? null : { id: row.aws_config_id },
    ...(row.deleted_at === null ? {} : { deletedAt: row.deleted_at }),
  }
}

export interface PeopleFilter {
  /** Compared without regard to case. */
  readonly email: string | null
  readonly workspaceId: number | undefined
  readonly isDisabled: boolean | undefined
}

export async function listPeople(
  tables: Kysely<Tables>,
  page: ListQuery,
  filter: PeopleFilter,
): Promise<PersonRow[]> {
  let query = tables.selectFrom('trifacta_people').selectAll()
  if (!page.includeDeleted) query = query.where('deleted_at', 'is', null)
  if (filter.email !== null) query = query.where(hasEmail(filter.email))
  if (filter.workspaceId !== undefined) query = query.where('workspace_id', '=', filter.workspaceId)
  if (filter.isDisabled !== undefined) query = query.where('is_disabled', '=', bit(filter.isDisabled))
  return await query.orderBy('id', 'desc').limit(page.limit).offset(page.offset).execute()
}

/** The person, or the answer 404, or 410 unless deleted ones are asked for. */
export async function existingPerson(
  tables: Kysely<Tables>,
  id: number,
  includeDeleted = false,
): Promise<PersonRow> {
  const row = await tables.selectFrom('trifacta_people').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw notFound('person', id)
  if (row.deleted_at !== null && !includeDeleted) throw gone('person', id)
  return row
}

/** POST. The password is checked and dropped: nobody logs in with one here. */
export async function createPerson(service: Service, caller: Caller, body: JsonObject): Promise<JsonObject> {
  const input = readFields(body, (fields) => {
    const person = readNewPerson(fields)
    fields.require('accept', fields.choice('accept', ['accept']))
    fields.require('email', person.email)
    fields.require('name', person.name)
    fields.require('password', person.password)
    return { ...person, email: person.email ?? '', name: person.name ?? '' }
  })
  return await service.database.tables.transaction().execute(async (write) => {
    await requireFreeEmail(write, input.email)
    const at = service.now().toISOString()
    const { id } = await write
      .insertInto('trifacta_people')
      .values({
        workspace_id: 1,
        email: input.email,
        name: input.name,
        sso_principal: input.ssoPrincipal ?? null,
        hadoop_principal: input.hadoopPrincipal ?? null,
        is_admin: bit(input.isAdmin ?? false),
        is_disabled: 0,
        force_password_change: 0,
        output_home_dir: `/trifacta/queryResults/${input.email}`,
        file_upload_path: '/trifacta/uploads',
        last_login_time: null,
        last_state_change: null,
        aws_config_id: null,
        created_at: at,
        updated_at: at,
        deleted_at: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await giveConfig(write, id, input.awsConfig)
    return presentPerson(await existingPerson(write, id), caller)
  })
}

/** PATCH: any subset. Answers only the id and the time. */
export async function updatePerson(
  service: Service,
  caller: Caller,
  id: number,
  body: JsonObject,
): Promise<JsonObject> {
  const input = readFields(body, readPerson)
  return await service.database.tables.transaction().execute(async (write) => {
    const before = await existingPerson(write, id)
    if (!caller.isAdmin) requireOwnNameOrPassword(caller, id, body)
    if (input.email !== undefined) await requireFreeEmail(write, input.email, id)
    const at = service.now().toISOString()
    const { isAdmin, isDisabled, forcePasswordChange } = input
    const stateChanged = isDisabled !== undefined && bit(isDisabled) !== before.is_disabled
    await write
      .updateTable('trifacta_people')
      .set({
        updated_at: at,
        ...(input.email === undefined ? {} : { email: input.email }),
        ...(input.name === undefined ? {} : { name: input.name }),
        ...(input.ssoPrincipal === undefined ? {} : { sso_principal: input.ssoPrincipal }),
        ...(input.hadoopPrincipal === undefined ? {} : { hadoop_principal: input.hadoopPrincipal }),
        ...(isAdmin === undefined ? {} : { is_admin: bit(isAdmin) }),
        ...(isDisabled === undefined ? {} : { is_disabled: bit(isDisabled) }),
        ...(stateChanged ? { last_state_change: at } : {}),
        ...(forcePasswordChange === undefined ? {} : { force_password_change: bit(forcePasswordChange) }),
        ...(input.outputHomeDir === undefined ? {} : { output_home_dir: input.outputHomeDir }),
        ...(input.fileUploadPath === undefined ? {} : { file_upload_path: input.fileUploadPath }),
      })
      .where('id', '=', id)
      .execute()
    await giveConfig(write, id, input.awsConfig)
    return { id, updatedAt: at }
  })
}

/** DELETE, softly. Their config, if any, is nobody's afterwards, and their e-mail address is free. */
export async function deletePerson(service: Service, caller: Caller, id: number): Promise<void> {
  await service.database.tables.transaction().execute(async (write) => {
    await existingPerson(write, id)
    // In a plane without authentication the caller is the only administrator there is.
    if (id === caller.id) throw invalid('the person who makes the request cannot be deleted')
    const at = service.now().toISOString()
    await write
      .updateTable('trifacta_people')
      .set({ deleted_at: at, updated_at: at, aws_config_id: null })
      .where('id', '=', id)
      .execute()
  })
}

/** What creating takes; the rest can be changed afterwards. */
function readNewPerson(fields: Fields) {
  const person = {
    email: fields.text('email'),
    name: fields.text('name'),
    password: fields.text('password'),
    password2: fields.text('password2'),
    isAdmin: fields.flag('isAdmin'),
    ssoPrincipal: fields.nullableText('ssoPrincipal'),
    hadoopPrincipal: fields.nullableText('hadoopPrincipal'),
    awsConfig: fields.reference('awsConfig'),
  }
  if (person.password !== person.password2) fields.problem('password and password2 must be equal')
  return person
}

function readPerson(fields: Fields) {
  return {
    ...readNewPerson(fields),
    isDisabled: fields.flag('isDisabled'),
    forcePasswordChange: fields.flag('forcePasswordChange'),
    outputHomeDir: fields.text('outputHomeDir'),
    fileUploadPath: fields.text('fileUploadPath'),
  }
}

async function requireFreeEmail(write: Write, email: string, except = 0): Promise<void> {
  const taken = await write
    .selectFrom('trifacta_people')
    .select('id')
    .where(hasEmail(email))
    .where('deleted_at', 'is', null)
    .where('id', '!=', except)
    .executeTakeFirst()
  if (taken !== undefined) throw invalid('email is taken by another person')
}

async function giveConfig(
  write: Write,
  personId: number,
  configId: number | null | undefined,
): Promise<void> {
  if (configId === undefined) return
  if (configId === null) {
    await write
      .updateTable('trifacta_people')
      .set({ aws_config_id: null })
      .where('id', '=', personId)
      .execute()
    return
  }
  const config = await write
    .selectFrom('trifacta_aws_configs')
    .select('id')
    .where('id', '=', configId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (config === undefined) throw invalid(`awsConfig: awsConfig ${configId} doesn't exist`)
  await assignToPerson(write, configId, personId)
}

function requireOwnNameOrPassword(caller: Caller, id: number, body: JsonObject): void {
  const free = ['name', 'password', 'password2']
  if (id !== caller.id || Object.keys(body).some((name) => !free.includes(name))) {
    throw forbidden('people who are no administrators change only their own name and password')
  }
}

function bit(flag: boolean): number {
  return flag ? 1 : 0
}
