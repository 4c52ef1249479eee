import type { Inputs, Outputs, Plain } from '../../core/resource.js'
import type { Body } from '../../http/client.js'
import { textOf, textsOf } from '../inputs.js'

/** One attribute that every mode has, as the service takes it. */
interface CommonMember {
  readonly attribute: string
  readonly body: (value: Plain) => Body
}

const text = (attribute: string): CommonMember => ({ attribute, body: (value) => textOf(value) ?? '' })
const flag = (attribute: string): CommonMember => ({ attribute, body: (value) => value === true })

const members: readonly CommonMember[] = [
  text('name'),
  { attribute: 'folder_id', body: (value) => idNumber(value) },
  { attribute: 'read_access', body: (value) => textOf(value) ?? 'TEAM' },
  { attribute: 'shared_team_slugs', body: (value) => textsOf(value) },
  text('description'),
  { attribute: 'metadata', body: (value) => Object.fromEntries(entriesOf(value)) },
  { attribute: 'allowed_hosts', body: (value) => textsOf(value) },
  { attribute: 'expires_at', body: textOf },
  flag('expiry_notifications_enabled'),
  {
    attribute: 'credential_notification_recipient_user_ids',
    body: (value) => (Array.isArray(value) ? value.filter((one) => typeof one === 'number') : []),
  },
  flag('use_static_external_id'),
]

/** What is declared of a new credential. What is not is left to the service, which older tenants may not know. */
export function commonMembers(inputs: Inputs): Readonly<Record<string, Body>> {
  const given = members.filter(({ attribute }) => !isNothing(inputs[attribute]))
  return Object.fromEntries(given.map(({ attribute, body }) => [attribute, body(inputs[attribute] ?? null)]))
}

/** What is to change of one that is there. */
export function changedMembers(inputs: Inputs, current: Outputs): Readonly<Record<string, Body>> {
  const changed = members.filter(
    ({ attribute }) => canonical(inputs[attribute]) !== canonical(current[attribute]),
  )
  const names = new Set(changed.map(({ attribute }) => attribute))
  // The service judges these two together.
  const sharing = names.has('read_access') || names.has('shared_team_slugs')
  const sent = members.filter(
    ({ attribute }) =>
      names.has(attribute) || (sharing && /^(?:read_access|shared_team_slugs)$/.test(attribute)),
  )
  return Object.fromEntries(sent.map(({ attribute, body }) => [attribute, body(inputs[attribute] ?? null)]))
}

function canonical(value: Plain | undefined): string {
  if (isNothing(value)) return ''
  if (value instanceof Map) return JSON.stringify([...value].sort(([a], [b]) => (a < b ? -1 : 1)))
  return JSON.stringify(Array.isArray(value) ? [...value].sort() : value)
}

function isNothing(value: Plain | undefined): boolean {
  if (value === undefined || value === null || value === '') return true
  return value instanceof Map ? value.size === 0 : Array.isArray(value) && value.length === 0
}

function entriesOf(value: Plain): readonly (readonly [string, string])[] {
  if (!(value instanceof Map)) return []
  return [...(value as ReadonlyMap<string, Plain>)].map(([key, one]) => [key, textOf(one) ?? ''] as const)
}

/** Ids are numbers to the service; null moves to the root. */
export function idNumber(value: Plain | undefined): number | null {
  const id = textOf(value)
  return id === null ? null : Number(id)
}
