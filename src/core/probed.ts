import type { Address } from './address.js'
import type { Span } from './diagnostic.js'

/** One thing that probing an access found. */
export interface ProbedOutcome {
  /** Such as `ok`, `bucket_denied`: stable. */
  readonly class: string
  readonly severity: 'ok' | 'warning' | 'error'
  readonly text: string
  readonly remedy?: string
  readonly actualRegion?: string
}

/** The identity of an access by a key, whose id may be sensitive. */
export const accessKey = 'access key'

/** What came of one access. */
export interface Probed {
  readonly address: Address
  readonly type: string
  /** A role's ARN, or `accessKey`. */
  readonly identity?: string
  /** `s3://bucket/prefix`. */
  readonly place?: string
  /** The account that must own the bucket. */
  readonly owner?: string
  /** None: it was not probed. */
  readonly outcomes: readonly ProbedOutcome[]
  /** Why it was not probed. */
  readonly skipped?: string
  /** Who one became, as an ARN. */
  readonly became?: string
  readonly region?: string
  /** Who assumes the role when it is really used, as far as that is known. */
  readonly assumedBy?: string
  /** The role was assumed with the very keys that the service uses. */
  readonly withOwnKeys?: true
  readonly milliseconds: number
  /** Where it is declared. */
  readonly span?: Span
}

export interface ProbeResult {
  readonly accesses: readonly Probed[]
  /** In whose name roles were assumed, as an ARN. Absent: AWS did not say, or nothing was probed. */
  readonly caller?: string
}

/** The worst that was found: an access without outcomes was skipped. */
export function verdictOf({ outcomes }: Pick<Probed, 'outcomes'>): 'ok' | 'warning' | 'error' | 'skipped' {
  for (const worst of ['error', 'warning', 'ok'] as const)
    if (outcomes.some(({ severity }) => severity === worst)) return worst
  return 'skipped'
}

/**
 * Whether the role is really assumed by somebody else than whoever probed: then the probe proves what the role may do, and not
 * whom it lets in.
 */
export function provesPermissionsOnly(
  { assumedBy, identity, withOwnKeys }: Probed,
  caller: string | undefined,
): boolean {
  if (withOwnKeys === true) return false
  return identity !== undefined && identity !== accessKey && (assumedBy === undefined || assumedBy !== caller)
}
