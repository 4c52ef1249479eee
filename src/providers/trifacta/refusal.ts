import type { Json } from '../../core/json.js'
import type { Meaning } from '../../core/resource.js'
import { member } from '../../http/reading.js'
import { meaningOf } from '../meaning.js'

/** The service's own words in an error: `{"exception": {"name", "message", "details"}}`. */
export function exceptionWords(body: Json): string | undefined {
  const exception = member(body, 'exception')
  const words = ['message', 'details']
    .map((name) => member(exception, name))
    .map((part) => (typeof part === 'string' || part === undefined ? part : JSON.stringify(part)))
    .filter((part) => part !== undefined && part !== '')
  return words.length === 0 ? undefined : words.join(': ')
}

/**
 * What a refusal means, told by its status and text, since a missing object and a missing route share a status: `absent`,
 * there is no such object (any more); `no-route`, this release has no such call; undefined, anything else. Only the service's
 * own errors count: a 404 of a proxy must not look as if everything were gone.
 */
export function refusalMeans(status: number, body: Json | undefined, words: string): Meaning | undefined {
  if (status === 405 || status === 501) return 'no-route'
  // What its web framework says of a route that is not there.
  if (status === 404 && /\bcannot (?:get|post|put|patch|delete) \//i.test(words)) return 'no-route'
  if (member(body, 'exception') === undefined) return undefined
  if (status === 410) return 'absent'
  if (status === 404) return /\broute\b/i.test(words) ? 'no-route' : 'absent'
  const lacks = /\bresource\b.*\b(?:does ?n[o'’]t|does not) exist/i.test(words)
  return status === 400 && lacks ? 'absent' : undefined
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
