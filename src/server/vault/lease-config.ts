import { absent, invalid, quoted } from './api-error.js'
import { formatGoDuration, parseGoDuration } from './durations.js'
import { done, type Reply } from './reply.js'
import type { MountCall } from './route.js'

/** How long the users last that are made for credentials. */
export async function writeLeaseConfig({ service, mount, fields }: MountCall): Promise<Reply> {
  const texts = { lease: fields.text('lease') ?? '', leaseMax: fields.text('lease_max') ?? '' }
  if (texts.lease === '') throw invalid("'lease' is a required parameter")
  if (texts.leaseMax === '') throw invalid("'lease_max' is a required parameter")
  const lease = parsed(texts.lease, 'lease')
  const lease_max = parsed(texts.leaseMax, 'lease_max')
  await service.tables
    .updateTable('vault_mounts')
    .set({ lease, lease_max })
    .where('id', '=', mount.id)
    .execute()
  return done
}

export async function readLeaseConfig({ mount: { lease, lease_max } }: MountCall): Promise<Reply> {
  if (lease === null || lease_max === null) throw absent()
  return { data: { lease: formatGoDuration(lease), lease_max: formatGoDuration(lease_max) } }
}

function parsed(text: string, name: string): number {
  try {
    const nanoseconds = parseGoDuration(text)
    if (nanoseconds < 0) throw new RangeError(`the duration ${quoted(text)} is negative`)
    return nanoseconds
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw invalid(`Invalid ${name}: ${cause.message}`)
  }
}
