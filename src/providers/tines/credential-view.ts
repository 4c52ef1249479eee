import type { Inputs, Outputs, Plain } from '../../core/resource.js'
import { ServiceError } from '../../core/resource.js'
import { textOf } from '../inputs.js'
import { unlessAbsent } from '../meaning.js'
import { folded, type TinesApi } from './api.js'
import { credentials } from './lists.js'
import { credentialIn, type References, type WireCredential } from './wire.js'

/** What uses a credential, where the service said so. Plans tell it of what goes. */
const referencesOf = new WeakMap<Outputs, References>()

export function references(outputs: Outputs): References | undefined {
  return referencesOf.get(outputs)
}

/** The credential as its attributes. A flag that is not set is null, whether the tenant knows it or not. */
export function outputsOf(wire: WireCredential): Outputs {
  const outputs: Outputs = {
    id: wire.id,
    name: wire.name,
    mode: wire.mode,
    team_id: wire.teamId,
    folder_id: wire.folderId,
    read_access: wire.readAccess,
    shared_team_slugs: [...wire.sharedTeamSlugs],
    description: wire.description,
    metadata: wire.metadata,
    allowed_hosts: [...wire.allowedHosts],
    expires_at: normalTime(wire.expiresAt ?? null),
    expiry_notifications_enabled: wire.expiryNotifications === true ? true : null,
    credential_notification_recipient_user_ids: [...(wire.recipientIds ?? [])],
    aws_authentication_type: wire.authenticationType,
    use_static_external_id: wire.staticExternalId === true ? true : null,
    slug: wire.slug,
    aws_assumed_role_external_id: wire.externalId,
    created_at: wire.createdAt,
    updated_at: wire.updatedAt,
  }
  if (wire.references !== undefined) referencesOf.set(outputs, wire.references)
  return outputs
}

/** The same form as above: names without blanks around them, times as the clock of the whole world, flags that are set or nothing. */
export function normalize(inputs: Inputs): Inputs {
  const flag = (value: Plain | undefined) => (value === true ? true : null)
  return {
    ...inputs,
    ...(typeof inputs.name === 'string' && { name: inputs.name.trim() }),
    ...(inputs.expires_at !== undefined && { expires_at: normalTime(textOf(inputs.expires_at)) }),
    ...(inputs.expiry_notifications_enabled !== undefined && {
      expiry_notifications_enabled: flag(inputs.expiry_notifications_enabled),
    }),
    ...(inputs.use_static_external_id !== undefined && {
      use_static_external_id: flag(inputs.use_static_external_id),
    }),
  }
}

function normalTime(text: string | null): string | null {
  const time = text === null ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? text : new Date(time).toISOString()
}

/** The credential of a number. */
export async function credentialById(api: TinesApi, id: string): Promise<WireCredential | undefined> {
  const doing = `reading credential ${id}`
  const answer = await unlessAbsent(
    api.send({
      method: 'GET',
      path: ['user_credentials', id],
      query: { include_references: true },
      doing,
      accept: [200],
    }),
  )
  return answer === undefined ? undefined : credentialIn(answer.body, answer.reading)
}

/** The credential of a team that has a name; an error if several do. */
export async function credentialByName(
  api: TinesApi,
  teamId: string,
  name: string,
): Promise<WireCredential | undefined> {
  const same = (await credentials(api, teamId)).filter((one) => folded(one.name) === folded(name))
  if (same.length > 1)
    throw new ServiceError(`looking for the credential ${JSON.stringify(name)} of team ${teamId}`, {
      words: `${same.length} credentials have this name: ${same.map(({ id }) => id).join(', ')}`,
      help: 'Upper and lower case make no difference. Rename or delete all but one of them in Tines, or import the one that is meant by its number.',
    })
  return same[0]
}
