/**
 * The buckets that the `Allow` statements of an identity policy name for S3, as they are written there (`acme-*` too); none for a
 * document that is no policy. Which of them the rest of the policy takes back is not looked into.
 */
export function parsePolicyBuckets(document: string): readonly string[] {
  let policy: unknown
  try {
    policy = JSON.parse(document)
  } catch {
    return []
  }
  const buckets = listOf(memberOf(policy, 'Statement')).flatMap((statement) => {
    if (memberOf(statement, 'Effect') !== 'Allow' || !mentionsS3(statement)) return []
    return listOf(memberOf(statement, 'Resource')).flatMap((resource) => {
      if (resource === '*') return ['*']
      const arn = typeof resource === 'string' ? /^arn:[^:]+:s3:::([^/]+)/.exec(resource) : null
      return arn?.[1] === undefined ? [] : [arn[1]]
    })
  })
  return [...new Set(buckets)]
}

function mentionsS3(statement: unknown): boolean {
  return listOf(memberOf(statement, 'Action')).some(
    (action) => typeof action === 'string' && (action === '*' || action.toLowerCase().startsWith('s3:')),
  )
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
