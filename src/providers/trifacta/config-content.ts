import type { Inputs, Plain } from '../../core/resource.js'
import { Secret } from '../../core/secret.js'
import type { Body } from '../../http/client.js'
import { textOf, textsOf } from '../inputs.js'
import { ownWorkspace, type TrifactaApi } from './api.js'
import { requireOwnWorkspace } from './find-config.js'

export type Members = Readonly<Record<string, Body>>

/** All that a configuration says of itself, under the service's names. */
export function contentOf(inputs: Inputs): Members {
  return {
    credentialProvider: textOf(inputs.credential_provider),
    ...(textOf(inputs.role) === null ? {} : { role: textOf(inputs.role) }),
    ...keysOf(inputs),
    ...bucketsOf(inputs),
  }
}

/** Key and secret, where they are declared. */
export function keysOf(inputs: Inputs): Members {
  const key = revealed(inputs.key)
  const secret = revealed(inputs.secret)
  return { ...(key === undefined ? {} : { key }), ...(secret === undefined ? {} : { secret }) }
}

export function bucketsOf(inputs: Inputs): Members {
  return { defaultBucket: textOf(inputs.default_bucket), extraBuckets: textsOf(inputs.extra_buckets) }
}

function revealed(value: Plain | undefined): Secret | undefined {
  if (value instanceof Secret) return value
  return typeof value === 'string' ? new Secret(value) : undefined
}

/** The owner as the service takes it, in the numbers that it uses. */
export function ownerMembers(api: TrifactaApi, inputs: Inputs): Members {
  const personId = textOf(inputs.person_id)
  if (personId !== null) return { personId: Number(personId) }
  const workspaceId = requireOwnWorkspace(api, textOf(inputs.workspace_id) ?? ownWorkspace(api))
  return { workspaceId: Number(workspaceId) }
}

export function ownerWords(inputs: Inputs): string {
  const personId = textOf(inputs.person_id)
  return personId === null ? `workspace ${textOf(inputs.workspace_id)}` : `person ${personId}`
}
