import type { Access, Inputs } from '../../core/resource.js'
import { textsOf } from '../inputs.js'
import { textOf } from './api.js'
import { secondsOf } from './wire.js'

/** The roles that an engine's role opens; to which buckets is for their policies to say. */
export function accessesOf(attributes: Inputs): readonly (Access | { readonly missing: string })[] {
  const type = textOf(attributes.credential_type)
  if (type !== 'assumed_role')
    return [
      { missing: `credentials of the type ${type} are made by each "rolecall creds", which is no mere try` },
    ]
  const externalId = textOf(attributes.external_id)
  const durationSeconds = secondsOf(attributes.default_sts_ttl)
  return textsOf(attributes.role_arns).map((role) => ({
    role,
    assumedBy: "Vault, with the mount's root credentials",
    ...(externalId !== null && { externalId }),
    // Zero leaves it to the server.
    ...(durationSeconds > 0 && { durationSeconds }),
  }))
}
