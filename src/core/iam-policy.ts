import { canonical } from './canonical.js'
import { isObject, type Json, type JsonObject } from './json.js'

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
    Object.entries(json).flatMap(([name, value]) => {
      const said = fieldMeaning(name, value)
      return said === undefined ? [] : [[name, said] as const]
    }),
  )
}

/** What a field of a statement says; undefined: nothing. */
function fieldMeaning(name: string, value: Json): Json | undefined {
  switch (name) {
    case 'Action':
    case 'NotAction':
      return unordered(value, lowercase)
    case 'Resource':
    case 'NotResource':
      return unordered(value)
    case 'Principal':
    case 'NotPrincipal':
      return principals(value)
    case 'Condition':
      return isObject(value) && Object.keys(value).length === 0 ? undefined : conditions(value)
    case 'Sid':
      return value === '' ? undefined : value
    default:
      return value
  }
}

/**
 * The first policy in the words of the second wherever both say the same, so that lines of one set against lines of the other
 * differ only in what does: its statements and the items of its lists in the same order and written alike. A text that is no
 * policy, or that is set against none, stays as it is.
 */
export function inWordsOf(policy: string, other: string): string {
  if (samePolicy(policy, other)) return other
  try {
    const from = JSON.parse(policy) as Json
    const to = JSON.parse(other) as Json
    if (!isObject(from) || !isObject(to) || from.Statement === undefined || to.Statement === undefined)
      return policy
    const statements = reworded(listOf(from.Statement), listOf(to.Statement))
    const single = statements.length === 1 && !Array.isArray(to.Statement)
    return JSON.stringify({ ...from, Statement: single ? (statements[0] as Json) : statements })
  } catch {
    return policy
  }
}

function reworded(from: readonly Json[], to: readonly Json[]): readonly Json[] {
  const left = new Set(from.keys())
  const take = (fits: (json: Json) => boolean): Json | undefined => {
    for (const i of left) {
      if (!fits(from[i] as Json)) continue
      left.delete(i)
      return from[i]
    }
    return undefined
  }
  const said = new Map([...from, ...to].map((json) => [json, canonical(statement(json))] as const))
  // What is equal finds its like before what has changed does.
  const equal = to.map((one) => take((json) => said.get(json) === said.get(one)) !== undefined)
  const sameName = (a: Json, b: Json): boolean =>
    isObject(a) && isObject(b) && a.Sid !== undefined && a.Sid === b.Sid
  const named = to.map((one, i) => (equal[i] ? undefined : take((json) => sameName(json, one))))
  const paired = to.flatMap((one, i) => {
    if (equal[i]) return [one]
    const before = named[i] ?? take((json) => !to.some((other) => sameName(json, other)))
    return before === undefined ? [] : [rewordedStatement(before, one)]
  })
  return [...paired, ...[...left].map((i) => from[i] as Json)]
}

function rewordedStatement(from: Json, to: Json): Json {
  if (!isObject(from) || !isObject(to)) return from
  return fromEntries(
    Object.entries(from).map(([name, value]) => {
      const other = Object.hasOwn(to, name) ? to[name] : undefined
      if (other === undefined) return [name, value]
      const said = (json: Json): string => canonical(fieldMeaning(name, json) ?? null)
      if (said(value) === said(other)) return [name, other]
      if (!/^(?:Not)?(?:Action|Resource)$/.test(name) || !Array.isArray(other)) return [name, value]
      const items = listOf(value)
      const kept = listOf(other).filter((item) => items.some((mine) => said(mine) === said(item)))
      return [name, [...kept, ...items.filter((item) => !kept.some((one) => said(one) === said(item)))]]
    }),
  )
}

function listOf(json: Json): readonly Json[] {
  return Array.isArray(json) ? (json as readonly Json[]) : [json]
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

/** An object that takes any key, `__proto__` too. */
function fromEntries(entries: readonly (readonly [string, Json])[]): JsonObject {
  const result: Record<string, Json> = Object.create(null)
  for (const [key, value] of entries) result[key] = value
  return result
}
