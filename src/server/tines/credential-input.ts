import type { JsonObject } from '../../core/json.js'
import { type Fields, readFields } from './fields.js'
import { type Mode, type ModeInputs, modes, readModeInputs } from './modes.js'

/** What any mode takes; undefined: left out. */
export interface CommonInput {
  readonly name: string | undefined
  readonly teamId: number | undefined
  readonly folderId: number | null | undefined
  readonly readAccess: 'TEAM' | 'GLOBAL' | 'SPECIFIC_TEAMS' | undefined
  readonly sharedTeamSlugs: readonly string[] | undefined
  readonly description: string | undefined
  readonly metadata: JsonObject | undefined
  readonly allowedHosts: readonly string[] | undefined
  readonly useStaticExternalId: boolean | undefined
  readonly expiresAt: string | null | undefined
  readonly expiryNotificationsEnabled: boolean | undefined
  readonly recipientUserIds: readonly number[] | undefined
  readonly testCredentialEnabled: boolean | undefined
}

export interface NewCredential {
  readonly mode: Mode
  readonly common: CommonInput
  /** For a test twin: of which credential. Then the common fields are those of that one, whatever the request says. */
  readonly liveId: number | undefined
  readonly inputs: ModeInputs
}

export interface CredentialUpdate {
  readonly mode: Mode
  readonly common: CommonInput
  /** The options of the mode are for the test twin. */
  readonly isTest: boolean
  /** What is not in it stays as it is. */
  readonly inputs: ModeInputs
}

export function readNewCredential(body: JsonObject): NewCredential {
  return readFields(body, (fields) => {
    const mode = readMode(fields)
    const liveId = fields.id('live_credential_id')
    const common = readCommon(fields)
    if (liveId === undefined)
      for (const name of ['name', 'team_id']) if (!fields.has(name)) fields.problem(`${name} is required`)
    return { mode, liveId, common, inputs: readModeInputs(fields, mode) }
  })
}

export function readCredentialUpdate(body: JsonObject): CredentialUpdate {
  return readFields(body, (fields) => {
    const mode = readMode(fields)
    return {
      mode,
      common: readCommon(fields),
      isTest: fields.flag('is_test') ?? false,
      inputs: readModeInputs(fields, mode),
    }
  })
}

function readMode(fields: Fields): Mode {
  const mode = fields.choice('mode', modes)
  if (!fields.has('mode')) fields.problem('mode is required')
  return mode ?? 'TEXT'
}

function readCommon(fields: Fields): CommonInput {
  return {
    name: fields.filledText('name'),
    teamId: fields.id('team_id'),
    folderId: fields.nullableId('folder_id'),
    readAccess: fields.choice('read_access', ['TEAM', 'GLOBAL', 'SPECIFIC_TEAMS']),
    sharedTeamSlugs: fields.texts('shared_team_slugs'),
    description: fields.text('description'),
    metadata: fields.object('metadata'),
    allowedHosts: fields.texts('allowed_hosts'),
    useStaticExternalId: fields.flag('use_static_external_id'),
    expiresAt: fields.time('expires_at'),
    expiryNotificationsEnabled: fields.flag('expiry_notifications_enabled'),
    recipientUserIds: fields.ids('credential_notification_recipient_user_ids'),
    testCredentialEnabled: fields.flag('test_credential_enabled'),
  }
}
