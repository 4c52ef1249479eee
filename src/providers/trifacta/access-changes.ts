import type { Consequence, Inputs, Outputs } from '../../core/resource.js'
import { textOf } from '../inputs.js'

/**
 * What an update of a configuration means for who reaches what: another role, or another key, may allow anything, so it
 * counts as wider; a bucket more or less is told by its name. What waits for apply is null in `after`: nothing is said about a
 * role or bucket that is not known. `changed` has the names of the attributes that differ.
 */
export function accessChanges(
  before: Outputs,
  after: Inputs,
  changed: ReadonlySet<string>,
): readonly Consequence[] {
  return [...credentialChanges(before, after, changed), ...bucketChanges(before, after)]
}

function credentialChanges(
  before: Outputs,
  after: Inputs,
  changed: ReadonlySet<string>,
): readonly Consequence[] {
  if (after.credential_provider === 'default') return keyChanges(before, changed)
  const role = textOf(after.role)
  const former = textOf(before.role)
  if (role === null || role === former) return []
  const instead = former === null ? '' : `, instead of ${former}`
  return [{ kind: 'widens-access', text: `AWS is reached as ${role}${instead}.` }]
}

/** The same key with another secret is the same account of AWS. */
function keyChanges(before: Outputs, changed: ReadonlySet<string>): readonly Consequence[] {
  if (before.credential_provider === 'default' && !changed.has('key')) return []
  const role = before.credential_provider === 'default' ? null : textOf(before.role)
  const instead = role === null ? 'the former ones' : `${role}, which they replace`
  const text = `AWS is reached with the key and secret that are declared: they may allow more than ${instead}.`
  return [{ kind: 'widens-access', text }]
}

function bucketChanges(before: Outputs, after: Inputs): readonly Consequence[] {
  const had = bucketsOf(before)
  const has = bucketsOf(after)
  if (had === undefined || has === undefined) return []
  const more = [...has].filter((bucket) => !had.has(bucket))
  const less = [...had].filter((bucket) => !has.has(bucket))
  return [
    ...(more.length === 0
      ? []
      : [{ kind: 'widens-access' as const, text: `${listed(more)} can be reached.` }]),
    ...(less.length === 0
      ? []
      : [{ kind: 'loses-access' as const, text: `${listed(less)} can no longer be reached.` }]),
  ]
}

/** Undefined: not known yet. */
function bucketsOf({ default_bucket, extra_buckets }: Inputs): ReadonlySet<string> | undefined {
  const first = textOf(default_bucket)
  if (first === null || !Array.isArray(extra_buckets)) return undefined
  return new Set([first, ...extra_buckets.flatMap((bucket) => textOf(bucket) ?? [])])
}

function listed(buckets: readonly string[]): string {
  const shown = buckets.slice(0, 10).join(', ')
  const rest = buckets.length - 10
  return `${buckets.length === 1 ? 'Bucket' : 'Buckets'} ${shown}${rest > 0 ? ` and ${rest} more` : ''}`
}
