import { invalid } from './api-error.js'
import type { CommonInput, CredentialUpdate, NewCredential } from './credential-input.js'
import { type CredentialRow, existingCredential } from './credential-view.js'
import { readFields } from './fields.js'
import { folderOf } from './folders.js'
import { eraseInputs, openInputs, saveInputs } from './inputs.js'
import { type Mode, type ModeInputs, requireModeInputs } from './modes.js'
import type { Service, Write } from './service.js'
import { type TeamRow, teamOrPersonal } from './teams.js'

/** Makes a credential; or the test twin of one, which answers with the credential whose twin it is. */
export async function createCredential(service: Service, input: NewCredential): Promise<CredentialRow> {
  const { mode, common, inputs, liveId } = input
  requireInputs(mode, inputs)
  return await service.tables.transaction().execute(async (write) => {
    const at = service.now().toISOString()
    if (liveId !== undefined) return await createTwin(service, write, liveId, input, at)
    const team = await teamOrPersonal(write, common.teamId ?? 0)
    const statics = mode === 'AWS' && (common.useStaticExternalId ?? false)
    if (statics) await ensureStaticExternalId(service, write, team)
    const { id } = await write
      .insertInto('tines_credentials')
      .values({
        name: common.name ?? '',
        mode,
        team_id: team.id,
        folder_id: await folder(write, common.folderId ?? null, team.id),
        ...sharing(common, { read_access: 'TEAM', shared_team_slugs: '[]' }),
        description: common.description ?? '',
        metadata: JSON.stringify(common.metadata ?? {}),
        allowed_hosts: JSON.stringify(common.allowedHosts ?? []),
        aws_authentication_type: authenticationType(inputs),
        external_id: mode === 'AWS' ? uuid(service) : null,
        use_static_external_id: bit(statics),
        expires_at: common.expiresAt ?? null,
        expiry_notifications_enabled: bit(common.expiryNotificationsEnabled ?? false),
        recipient_user_ids: JSON.stringify(common.recipientUserIds ?? []),
        test_credential_enabled: bit(common.testCredentialEnabled ?? false),
        created_at: at,
        updated_at: at,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await saveInputs(service, write, id, 'live', inputs, at)
    return await existingCredential(write, id)
  })
}

/** PUT, which changes what the request names and keeps the rest. */
export async function updateCredential(
  service: Service,
  id: number,
  { mode, common, isTest, inputs }: CredentialUpdate,
): Promise<CredentialRow> {
  return await service.tables.transaction().execute(async (write) => {
    const before = await existingCredential(write, id)
    if (mode !== before.mode) throw invalid('mode cannot be changed')
    const at = service.now().toISOString()
    const team = common.teamId === undefined ? undefined : await teamOrPersonal(write, common.teamId)
    const teamId = team?.id ?? before.team_id
    const moved = teamId !== before.team_id
    const statics = mode === 'AWS' && (common.useStaticExternalId ?? before.use_static_external_id === 1)
    if (statics) await ensureStaticExternalId(service, write, await teamOrPersonal(write, teamId))
    const folderId = common.folderId === undefined ? (moved ? null : before.folder_id) : common.folderId
    const enabled = common.testCredentialEnabled ?? before.test_credential_enabled === 1
    await write
      .updateTable('tines_credentials')
      .set({
        ...(common.name === undefined ? {} : { name: common.name }),
        team_id: teamId,
        folder_id: await folder(write, folderId, teamId),
        ...sharing(common, before),
        ...(common.description === undefined ? {} : { description: common.description }),
        ...(common.metadata === undefined ? {} : { metadata: JSON.stringify(common.metadata) }),
        ...(common.allowedHosts === undefined ? {} : { allowed_hosts: JSON.stringify(common.allowedHosts) }),
        use_static_external_id: bit(statics),
        ...(common.expiresAt === undefined ? {} : { expires_at: common.expiresAt }),
        ...(common.expiryNotificationsEnabled === undefined
          ? {}
          : { expiry_notifications_enabled: bit(common.expiryNotificationsEnabled) }),
        ...(common.recipientUserIds === undefined
          ? {}
          : { recipient_user_ids: JSON.stringify(common.recipientUserIds) }),
        test_credential_enabled: bit(enabled),
        updated_at: at,
      })
      .where('id', '=', id)
      .execute()
    if (isTest && (!enabled || before.test_created_at === null)) {
      throw invalid('is_test needs test_credential_enabled and a test credential that exists')
    }
    if (Object.keys(inputs).length > 0) await updateInputs(service, write, before, isTest, inputs, at)
    return await existingCredential(write, id)
  })
}

export async function deleteCredential(service: Service, id: number): Promise<void> {
  await service.tables.transaction().execute(async (write) => {
    await existingCredential(write, id)
    await eraseInputs(write, id)
    await write.deleteFrom('tines_credentials').where('id', '=', id).execute()
  })
}

async function updateInputs(
  service: Service,
  write: Write,
  { id, mode }: CredentialRow,
  isTest: boolean,
  changed: ModeInputs,
  at: string,
): Promise<void> {
  const part = isTest ? 'test' : 'live'
  const inputs = { ...(await openInputs(service, write, id, part)), ...changed }
  requireInputs(mode as Mode, inputs)
  await saveInputs(service, write, id, part, inputs, at)
  if (isTest) return
  await write
    .updateTable('tines_credentials')
    .set({ aws_authentication_type: authenticationType(inputs) })
    .where('id', '=', id)
    .execute()
}

async function createTwin(
  service: Service,
  write: Write,
  liveId: number,
  { mode, inputs }: NewCredential,
  at: string,
): Promise<CredentialRow> {
  const live = await write
    .selectFrom('tines_credentials')
    .select('mode')
    .where('id', '=', liveId)
    .executeTakeFirst()
  if (live === undefined) throw invalid(`live_credential_id: credential ${liveId} doesn't exist`)
  if (live.mode !== mode) throw invalid('mode must be that of the live credential')
  if ((await openInputs(service, write, liveId, 'test')) !== undefined)
    throw invalid('live_credential_id: that credential has a test credential already')
  await saveInputs(service, write, liveId, 'test', inputs, at)
  await write
    .updateTable('tines_credentials')
    .set({ test_credential_enabled: 1, updated_at: at })
    .where('id', '=', liveId)
    .execute()
  return await existingCredential(write, liveId)
}

function requireInputs(mode: Mode, inputs: ModeInputs): void {
  readFields({}, (fields) => requireModeInputs(fields, mode, inputs))
}

/** Slugs are shown only where they have a meaning. */
function sharing(
  { readAccess, sharedTeamSlugs }: CommonInput,
  before: { readonly read_access: string; readonly shared_team_slugs: string },
) {
  const access = readAccess ?? before.read_access
  if (access !== 'SPECIFIC_TEAMS') return { read_access: access, shared_team_slugs: '[]' }
  const slugs = sharedTeamSlugs === undefined ? before.shared_team_slugs : JSON.stringify(sharedTeamSlugs)
  if (slugs === '[]') throw invalid('shared_team_slugs is required for read_access SPECIFIC_TEAMS')
  return { read_access: access, shared_team_slugs: slugs }
}

async function folder(write: Write, id: number | null, teamId: number): Promise<number | null> {
  if (id !== null && (await folderOf(write, id, teamId, 'CREDENTIAL')) === undefined)
    throw invalid('folder_id must be a CREDENTIAL folder of the same team')
  return id
}

async function ensureStaticExternalId(service: Service, write: Write, team: TeamRow): Promise<void> {
  if (team.static_external_id !== null) return
  await write
    .updateTable('tines_teams')
    .set({ static_external_id: uuid(service) })
    .where('id', '=', team.id)
    .execute()
}

function authenticationType(inputs: ModeInputs): string | null {
  const type = inputs.aws_authentication_type
  return typeof type === 'string' ? type : null
}

/** A random UUID, version 4. */
function uuid(service: Service): string {
  const bytes = Buffer.from(service.random(16))
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

function bit(flag: boolean): number {
  return flag ? 1 : 0
}
