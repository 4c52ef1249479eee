import type { Access, Inputs } from '../../core/resource.js'
import { Secret } from '../../core/secret.js'
import { textOf, textsOf } from '../inputs.js'

/** The ways to buckets of an awsConfig: each of its buckets, by its role or with its keys. */
export function accessesOf(attributes: Inputs): readonly (Access | { readonly missing: string })[] {
  const identity = identityOf(attributes)
  if (identity === undefined || 'missing' in identity) return identity === undefined ? [] : [identity]
  const buckets = [textOf(attributes.default_bucket), ...textsOf(attributes.extra_buckets)]
  const named = [...new Set(buckets)].filter((bucket) => bucket !== null && bucket !== '')
  return named.length === 0 ? [identity] : named.map((bucket) => ({ ...identity, bucket: bucket as string }))
}

function identityOf(attributes: Inputs): Access | { readonly missing: string } | undefined {
  if (textOf(attributes.credential_provider) === 'temporary') {
    const role = textOf(attributes.role)
    if (role === null) return undefined
    const externalId = textOf(attributes.external_id)
    return { role, assumedBy: 'Trifacta', ...(externalId !== null && { externalId }) }
  }
  const { key, secret } = attributes
  if (key instanceof Secret && secret instanceof Secret) return { keys: { id: key.reveal(), secret } }
  return { missing: 'key and secret are not at hand: the service does not give them back' }
}
