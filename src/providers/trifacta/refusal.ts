import type { Json } from '../../core/json.js'
import { ServiceError } from '../../core/resource.js'

/** The service's own words in an error: `{"exception": {"name", "message", "details"}}`. */
export function exceptionWords(body: Json): string | undefined {
  const exception = member(body, 'exception')
  const words = ['message', 'details']
    .map((name) => member(exception, name))
    .map((part) => (typeof part === 'string' || part === undefined ? part : JSON.stringify(part)))
    .filter((part) => part !== undefined && part !== '')
  return words.length === 0 ? undefined : words.join(': ')
}

function member(json: Json | undefined, name: string): Json | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  return Object.hasOwn(json, name) ? (json as Readonly<Record<string, Json>>)[name] : undefined
}

/**
 * What a refusal means, told by its status and text, since a missing object and a missing route share a status: `absent`,
 * there is no such object (any more); `no-route`, this release has no such call; undefined, anything else.
 */
export function meaningOf(error: unknown): 'absent' | 'no-route' | undefined {
  if (!(error instanceof ServiceError)) return undefined
  const { status, words = '' } = error.facts
  if (status === 405 || status === 501) return 'no-route'
  if (status === 410) return 'absent'
  const lacks = /\b(?:does ?n[o'’]t|does not) exist|\bnot found/i.test(words)
  if (status === 404) {
    const route = /\broute\b/i.test(words) || /^\W*cannot (?:get|post|put|patch|delete)\b/i.test(words)
    return route ? 'no-route' : 'absent'
  }
  return status === 400 && lacks && /\bresource\b/i.test(words) ? 'absent' : undefined
}

/** What the promise gives, or undefined where there is no such object. */
export async function unlessAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (meaningOf(error) === 'absent') return undefined
    throw error
  }
}

/** What the promise gives, or `no-route` where this release has no such call. */
export async function unlessNoRoute<T>(promise: Promise<T>): Promise<T | 'no-route'> {
  try {
    return await promise
  } catch (error) {
    if (meaningOf(error) === 'no-route') return 'no-route'
    throw error
  }
}
