import type { AccessPath } from '../core/access-path.js'
import type { Json } from '../core/json.js'

/** What `access --json` prints. */
export function accessJson(paths: readonly AccessPath[]): Json {
  return {
    format_version: '1.0',
    paths: paths.map(({ steps, role, by, bucket, hidden, prefix }) => ({
      steps: steps.map(({ address, name }) => ({ address: address ?? null, name })),
      identity: role !== undefined ? 'role' : (by ?? 'access_key'),
      role: role ?? null,
      bucket: bucket ?? null,
      bucket_sensitive: hidden ?? false,
      prefix: prefix ?? null,
    })),
  }
}
