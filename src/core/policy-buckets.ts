import { matchesWildcards } from './wildcards.js'

/** Where in S3 a policy leads, as far as its text tells. */
export interface PolicyReach {
  /** Bucket names as they are written (`acme-*` too), without those that a `Deny` closes altogether. */
  readonly buckets: readonly string[]
  /** It allows more than can be read off: other roles, everything but something, resources that are no buckets. */
  readonly open: boolean
}

/**
 * What the `Allow` statements of an identity policy lead to in S3. Conditions, and a `Deny` of a part only, are not looked into:
 * they make what is told here less, and never more. A document that is no policy is open.
 */
export function reachOfPolicy(document: string): PolicyReach {
  let policy: unknown
  try {
    policy = JSON.parse(document)
  } catch {
    return { buckets: [], open: true }
  }
  const statements = listOf(memberOf(policy, 'Statement'))
  const allowed = statements.filter((one) => memberOf(one, 'Effect') === 'Allow').map(reachOfStatement)
  const closed = statements.flatMap(closedBy)
  const buckets = new Set(allowed.flatMap((one) => one.buckets))
  return {
    buckets: [...buckets].filter((bucket) => !closed.some((pattern) => matchesWildcards(pattern, bucket))),
    open: allowed.some((one) => one.open),
  }
}

function reachOfStatement(statement: unknown): PolicyReach {
  if (memberOf(statement, 'NotAction') !== undefined || memberOf(statement, 'NotResource') !== undefined)
    return { buckets: [], open: true }
  const actions = listOf(memberOf(statement, 'Action')).map((one) => String(one).toLowerCase())
  // Whoever may take on other identities, or write policies, may reach what those reach.
  const elsewhere = actions.some((action) => /^(?:sts|iam):/.test(action))
  if (!actions.some((action) => action.startsWith('s3:') || action.startsWith('*')))
    return { buckets: [], open: elsewhere || actions.some((action) => /^[^:]*[*?]/.test(action)) }
  const places = listOf(memberOf(statement, 'Resource')).map(bucketOf)
  return {
    buckets: places.filter((bucket): bucket is string => bucket !== undefined),
    open: elsewhere || places.includes(undefined),
  }
}

/** The buckets that a statement forbids wholly and always. */
function closedBy(statement: unknown): readonly string[] {
  if (memberOf(statement, 'Effect') !== 'Deny' || memberOf(statement, 'Condition') !== undefined) return []
  const actions = listOf(memberOf(statement, 'Action'))
  if (!actions.some((action) => action === '*' || String(action).toLowerCase() === 's3:*')) return []
  const resources = listOf(memberOf(statement, 'Resource')).map(String)
  return resources.flatMap((resource) => {
    if (resource === '*') return ['*']
    const bucket = /^arn:[^:]+:s3:::([^/]+)$/.exec(resource)?.[1]
    // Listing and objects are two resources, unless the last character stands for both.
    const whole = bucket?.endsWith('*') === true || resources.includes(`${resource}/*`)
    return bucket === undefined || !whole ? [] : [bucket]
  })
}

function bucketOf(resource: unknown): string | undefined {
  if (resource === '*') return '*'
  const bucket = /^arn:[^:]+:s3:::([^/]+)/.exec(String(resource))?.[1]
  return bucket?.includes('$') === true ? undefined : bucket
}

function memberOf(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, name)
    ? (json as Readonly<Record<string, unknown>>)[name]
    : undefined
}

function listOf(json: unknown): readonly unknown[] {
  if (json === undefined) return []
  return Array.isArray(json) ? json : [json]
}
