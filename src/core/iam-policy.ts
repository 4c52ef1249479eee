import { canonical } from './canonical.js'
import type { Json, JsonObject } from './json.js'

/**
 * Whether two IAM policies (of an identity, a resource or a role's trust), each a JSON text or the document itself, mean the
 * same: statements and lists in any order and once or twice, one item or a list of it, an account id or the ARN of its root,
 * `*` or `{"AWS": "*"}`, actions and condition keys in either case, a condition's `true` or `"true"`. Names of statements
 * count, because IAM keeps them. What is no policy is equal only to itself.
 * Source: IAM User Guide, grammar of the IAM JSON policy language; AWS account principals.
 */
export function samePolicy(a: Json, b: Json): boolean {
  return a === b || policyMeaning(a) === policyMeaning(b)
}

/** A text that is equal for policies that mean the same. */
export function policyMeaning(policy: Json): string {
  try {
    const document = typeof policy === 'string' ? (JSON.parse(policy) as Json) : policy
    if (isObject(document)) return canonical(meaning(document))
    return canonical(document)
  } catch {
    // No JSON, or nested deeper than anybody can follow.
    return typeof policy === 'string' ? policy : ''
  }
}

function meaning(document: JsonObject): Json {
  const { Statement: statements, Version: version, ...others } = document
  return {
    ...others,
    Version: version ?? '2008-10-17',
    ...(statements !== undefined && { Statement: unordered(statements, statement) }),
  }
}

function statement(json: Json): Json {
  if (!isObject(json)) return json
  return fromEntries(
    Object.entries(json).flatMap(([name, value]): readonly (readonly [string, Json])[] => {
      switch (name) {
        case 'Action':
        case 'NotAction':
          return [[name, unordered(value, lowercase)]]
        case 'Resource':
        case 'NotResource':
          return [[name, unordered(value)]]
        case 'Principal':
        case 'NotPrincipal':
          return [[name, principals(value)]]
        case 'Condition':
          return isObject(value) && Object.keys(value).length === 0 ? [] : [[name, conditions(value)]]
        case 'Sid':
          return value === '' ? [] : [[name, value]]
        default:
          return [[name, value]]
      }
    }),
  )
}

function principals(json: Json): Json {
  if (!isObject(json)) return json === '*' ? fromEntries([['AWS', ['*']]]) : json
  return fromEntries(
    Object.entries(json).map(([kind, listed]) => [
      kind,
      unordered(listed, kind === 'AWS' ? account : undefined),
    ]),
  )
}

/** A condition as the list of its comparisons: keys that differ in case only are the same key. */
function conditions(json: Json): Json {
  if (!isObject(json)) return json
  const comparisons = Object.entries(json).flatMap(([operator, keys]): readonly Json[] =>
    isObject(keys)
      ? Object.entries(keys).map(([key, values]) => [operator, key.toLowerCase(), unordered(values, asText)])
      : [[operator, keys]],
  )
  return unordered(comparisons)
}

/** A list whatever its order and repetitions; one item stands for a list of it. */
function unordered(json: Json, each: (item: Json) => Json = (item) => item): Json {
  const items: readonly Json[] = Array.isArray(json) ? json : [json]
  const found = new Map(items.map((item) => [canonical(each(item)), each(item)]))
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}

function lowercase(json: Json): Json {
  return typeof json === 'string' ? json.toLowerCase() : json
}

function account(json: Json): Json {
  if (typeof json !== 'string') return json
  return /^arn:[\w-]+:iam::(\d{12}):root$/.exec(json)?.[1] ?? json
}

function asText(json: Json): Json {
  return typeof json === 'boolean' || typeof json === 'number' ? String(json) : json
}

function isObject(json: Json): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

/** An object that takes any key, `__proto__` too. */
function fromEntries(entries: readonly (readonly [string, Json])[]): JsonObject {
  const result: Record<string, Json> = Object.create(null)
  for (const [key, value] of entries) result[key] = value
  return result
}
