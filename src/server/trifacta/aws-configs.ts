import type { JsonObject } from '../../core/json.js'
import { forbidden, invalid } from './api-error.js'
import {
  assignToPerson,
  assignToWorkspace,
  unassignFromPeople,
  unassignFromWorkspaces,
} from './assignment.js'
import type { AwsConfigInput, NewAwsConfig } from './aws-config-input.js'
import { type AwsConfigRow, existingConfig, presentConfig } from './aws-config-view.js'
import { createRole } from './aws-roles.js'
import { eraseCredential, saveCredential } from './credentials.js'
import type { Caller, Service, Write } from './service.js'

/** Makes a config, with its role or credential, and assigns it. Answers the whole of it. */
export async function createConfig(
  service: Service,
  caller: Caller,
  input: NewAwsConfig,
): Promise<JsonObject> {
  return await service.database.tables.transaction().execute(async (write) => {
    const at = service.now().toISOString()
    const row = await write
      .insertInto('trifacta_aws_configs')
      .values({
        credential_provider: input.credentialProvider,
        default_bucket: input.defaultBucket,
        extra_buckets: JSON.stringify(input.extraBuckets ?? []),
        external_id: null,
        credential_id: null,
        active_role_id: null,
        created_at: at,
        updated_at: at,
        deleted_at: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    const { id } = row
    await applyAuthentication(service, write, { ...row, active_role: null }, input, at)
    const unassigned = input.personId === undefined && input.workspaceId === undefined
    const personId = unassigned && service.generation === 'C' ? caller.id : input.personId
    await assign(write, caller, id, { ...input, personId })
    return presentConfig(await existingConfig(write, id), service.generation)
  })
}

/**
 * Changes what the request names and keeps the rest, in spite of the verb PUT. Answers only the id and the time, and the
 * active role if the request changed it.
 */
export async function updateConfig(
  service: Service,
  caller: Caller,
  id: number,
  input: AwsConfigInput,
): Promise<JsonObject> {
  return await service.database.tables.transaction().execute(async (write) => {
    const before = await existingConfig(write, id)
    if (!caller.isAdmin) await requireOwner(write, caller, id)
    const at = service.now().toISOString()
    await write
      .updateTable('trifacta_aws_configs')
      .set({
        updated_at: at,
        ...(input.credentialProvider === undefined ? {} : { credential_provider: input.credentialProvider }),
        ...(input.defaultBucket === undefined ? {} : { default_bucket: input.defaultBucket }),
        ...(input.extraBuckets === undefined ? {} : { extra_buckets: JSON.stringify(input.extraBuckets) }),
      })
      .where('id', '=', id)
      .execute()
    const activeRoleId = await applyAuthentication(service, write, before, input, at)
    await assign(write, caller, id, input)
    const roleChanged = service.generation === 'C' && activeRoleId !== before.active_role_id
    return { id, ...(roleChanged ? { activeRoleId } : {}), updatedAt: at }
  })
}

/** Deletes softly. Its roles go with it, nobody keeps it, and its credential is erased. */
export async function deleteConfig(service: Service, caller: Caller, id: number): Promise<void> {
  await service.database.tables.transaction().execute(async (write) => {
    const config = await existingConfig(write, id)
    if (!caller.isAdmin) await requireOwner(write, caller, id)
    const at = service.now().toISOString()
    await unassignFromPeople(write, id)
    await unassignFromWorkspaces(write, id)
    await write
      .updateTable('trifacta_aws_roles')
      .set({ deleted_at: at, updated_at: at })
      .where('aws_config_id', '=', id)
      .where('deleted_at', 'is', null)
      .execute()
    if (config.credential_id !== null) await eraseCredential(write, config.credential_id)
    await write
      .updateTable('trifacta_aws_configs')
      .set({ deleted_at: at, updated_at: at, active_role_id: null, credential_id: null })
      .where('id', '=', id)
      .execute()
  })
}

/** Brings credential and role in line with the credential provider. Returns the id of the active role. */
async function applyAuthentication(
  service: Service,
  write: Write,
  before: AwsConfigRow,
  input: AwsConfigInput,
  at: string,
): Promise<number | null> {
  const provider = input.credentialProvider ?? before.credential_provider
  let credentialId = before.credential_id
  let activeRoleId: number | null = null
  let externalId = before.external_id
  if (provider === 'default') {
    const { sealer } = service.database
    if (credentialId === null || input.key !== undefined || input.secret !== undefined) {
      credentialId = await saveCredential(write, sealer, credentialId, input)
    }
  } else {
    // Key and secret, if there are any, stay stored: only what is used changes.
    activeRoleId = await chooseRole(service, write, before, input, at)
    externalId ??= Buffer.from(service.random(16)).toString('hex')
  }
  await write
    .updateTable('trifacta_aws_configs')
    .set({ credential_id: credentialId, active_role_id: activeRoleId, external_id: externalId })
    .where('id', '=', before.id)
    .execute()
  return activeRoleId
}

/** Another role than the active one becomes a role object of its own; the former stays behind until it is deleted. */
async function chooseRole(
  service: Service,
  write: Write,
  before: AwsConfigRow,
  input: AwsConfigInput,
  at: string,
): Promise<number> {
  if (input.activeRoleId !== undefined) {
    await requireRole(write, input.activeRoleId)
    return input.activeRoleId
  }
  const active = before.active_role_id
  if (active === null) return await createRole(write, before.id, input.role ?? null, 'api', at)
  if (input.role === undefined || input.role === before.active_role) return active
  // A placeholder is there to be filled in, and generation A has no role objects that could be left behind.
  if (before.active_role !== null && service.generation === 'C') {
    return await createRole(write, before.id, input.role, 'api', at)
  }
  await write
    .updateTable('trifacta_aws_roles')
    .set({ role: input.role, updated_at: at })
    .where('id', '=', active)
    .execute()
  return active
}

async function requireRole(write: Write, id: number): Promise<void> {
  const role = await write
    .selectFrom('trifacta_aws_roles')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (role === undefined) throw invalid(`activeRoleId: awsRole ${id} doesn't exist`)
}

async function assign(
  write: Write,
  caller: Caller,
  id: number,
  { personId, workspaceId }: Pick<AwsConfigInput, 'personId' | 'workspaceId'>,
): Promise<void> {
  const toOthers = workspaceId !== undefined || (personId !== undefined && personId !== caller.id)
  if (toOthers && !caller.isAdmin) throw forbidden('only an administrator assigns awsConfigs to others')
  if (personId !== undefined) await assignToPerson(write, id, personId)
  if (workspaceId !== undefined) await assignToWorkspace(write, id, workspaceId)
}

async function requireOwner(write: Write, caller: Caller, id: number): Promise<void> {
  const person = await write
    .selectFrom('trifacta_people')
    .select('aws_config_id')
    .where('id', '=', caller.id)
    .executeTakeFirst()
  if (person?.aws_config_id !== id) throw forbidden(`awsConfig ${id} is not yours`)
}
