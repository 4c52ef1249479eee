import type { Inputs, Outputs, Plain } from '../../core/resource.js'
import type { Body } from '../../http/client.js'
import { textsOf } from '../inputs.js'
import { textOf } from './api.js'
import type { WireMount } from './mounts.js'
import { durationIn, flagIn, secondsOf, textIn, textsIn } from './wire.js'

const texts = ['listing_visibility', 'identity_token_key'] as const
const lists = [
  'audit_non_hmac_request_keys',
  'audit_non_hmac_response_keys',
  'passthrough_request_headers',
  'allowed_response_headers',
] as const
const durations = ['default_lease_ttl', 'max_lease_ttl'] as const

/** Settled when the mount is made. */
const fixedFlags = ['local', 'seal_wrap', 'external_entropy_access'] as const

/** What means nothing: a mount is hidden unless it is shown. */
export const hiddenVisibility = { listing_visibility: 'hidden' }

/** All that a mount can have besides its path. */
const tunable = ['description', ...durations, ...texts, ...lists, 'plugin_version'] as const

export function outputsOf({ path, accessor, entry, config }: WireMount): Outputs {
  return {
    id: accessor,
    path,
    description: textIn(entry.description),
    ...fieldsOf(durations, (field) => durationIn(config[field])),
    ...fieldsOf(texts, (field) => textIn(config[field])),
    ...(config.listing_visibility === hiddenVisibility.listing_visibility && { listing_visibility: null }),
    ...fieldsOf(lists, (field) => textsIn(config[field])),
    plugin_version: textIn(entry.plugin_version) ?? textIn(config.plugin_version),
    force_no_cache: flagIn(config.force_no_cache),
    ...fieldsOf(fixedFlags, (field) => flagIn(entry[field])),
  }
}

/** What enables a mount as it is declared. What is nothing is left out, because older servers may not know it. */
export function mountBody(inputs: Inputs): Readonly<Record<string, Body | undefined>> {
  return {
    type: 'aws',
    description: given(inputs.description),
    config: {
      ...fieldsOf(durations, (field) => lifetime(inputs[field])),
      ...fieldsOf([...texts, ...lists, 'plugin_version'], (field) => given(inputs[field])),
      force_no_cache: inputs.force_no_cache === true || undefined,
    },
    ...fieldsOf(fixedFlags, (field) => inputs[field] === true || undefined),
  }
}

/** What has to be tuned. Both lifetimes go together, because the server compares them. */
export function tuning(inputs: Inputs, current: Outputs): Readonly<Record<string, Body>> {
  const changes: Record<string, Body> = {}
  for (const field of differing(inputs, current)) {
    if (isLifetime(field)) for (const each of durations) changes[each] = lifetime(inputs[each])
    else changes[field] = given(inputs[field]) ?? (isList(field) ? [] : '')
  }
  return changes
}

/** Whether what is declared takes another mount in the place of this one. */
export function isAnother(inputs: Inputs, current: Outputs): boolean {
  return [...fixedFlags, 'force_no_cache'].some(
    (field) => (inputs[field] === true) !== (current[field] === true),
  )
}

/** What is declared and not there at all: this release, or this edition, does not know it. */
export function unheededFields(inputs: Inputs, out: Outputs): readonly string[] {
  return differing(inputs, out).filter((field) => comparable(out[field]) === comparable(null))
}

function differing(inputs: Inputs, current: Outputs): readonly string[] {
  return tunable.filter((field) => {
    // Whose version is not declared takes the one that the server has.
    if (field === 'plugin_version' && textOf(inputs[field]) === null) return false
    if (isLifetime(field)) return secondsOf(inputs[field]) !== secondsOf(current[field])
    return comparable(inputs[field]) !== comparable(current[field])
  })
}

function comparable(value: Plain | undefined): string {
  return JSON.stringify(Array.isArray(value) && value.length > 0 ? [...textsOf(value)].sort() : textOf(value))
}

/** In the words of the API: seconds, or the server's own. */
function lifetime(value: Plain | undefined): string {
  const length = secondsOf(value)
  return length === 0 ? 'system' : `${length}s`
}

/** Undefined: nothing. */
function given(value: Plain | undefined): Body | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : textsOf(value)
  return textOf(value) ?? undefined
}

function isLifetime(field: string): boolean {
  return durations.some((each) => each === field)
}

function isList(field: string): boolean {
  return lists.some((each) => each === field)
}

function fieldsOf<T>(fields: readonly string[], of: (field: string) => T): Record<string, T> {
  return Object.fromEntries(fields.map((field) => [field, of(field)]))
}
