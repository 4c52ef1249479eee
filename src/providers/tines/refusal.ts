import type { Json } from '../../core/json.js'
import type { Meaning } from '../../core/resource.js'
import { member } from '../../http/reading.js'

/**
 * The service's own words in an error. It has several forms: `{"errors": [{"message", "details"}]}`, the bare list of these,
 * `{"error"}` and `{"message"}`.
 */
export function errorWords(body: Json): string | undefined {
  const list = Array.isArray(body) ? body : member(body, 'errors')
  const found = Array.isArray(list) ? list : [list ?? member(body, 'error') ?? body]
  const words = found.map((one: Json) => oneError(one)).filter((text) => text !== '')
  return words.length === 0 ? undefined : words.join('; ')
}

function oneError(json: Json): string {
  if (typeof json === 'string') return json
  return ['message', 'details']
    .map((name) => member(json, name))
    .map((part) => (typeof part === 'string' || part === undefined ? part : JSON.stringify(part)))
    .filter((part) => part !== undefined && part !== '' && part !== 'null')
    .join(': ')
}

/** Only the service's own 404 says that there is no such object: that of a proxy must not look as if everything were gone. */
export function refusalMeans(status: number, body: Json | undefined): Meaning | undefined {
  const own = body !== undefined && errorWords(body) !== undefined
  return status === 404 && own ? 'absent' : undefined
}
