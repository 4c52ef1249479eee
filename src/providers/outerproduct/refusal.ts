import { isObject, type Json } from '../../core/json.js'
import type { Meaning } from '../../core/resource.js'

/** The service's own words in an error: `{"detail": "…"}`, or a list of mistakes, each with its place. */
export function detailWords(body: Json): string | undefined {
  const detail = isObject(body) ? body.detail : undefined
  if (typeof detail === 'string') return detail === '' ? undefined : detail
  if (!Array.isArray(detail)) return undefined
  const mistakes = detail.flatMap((one: Json) => mistakeWords(one) ?? [])
  return mistakes.length === 0 ? undefined : mistakes.join('; ')
}

function mistakeWords(mistake: Json): string | undefined {
  if (!isObject(mistake) || typeof mistake.msg !== 'string') return undefined
  const loc: readonly Json[] = Array.isArray(mistake.loc) ? mistake.loc : []
  const place = loc.filter((part, index) => !(index === 0 && part === 'body')).map(String)
  return place.length === 0 ? mistake.msg : `${place.join('.')}: ${mistake.msg}`
}

/** Only the service's own errors count: a 404 of a proxy must not look as if everything were gone. */
export function refusalMeans(status: number, body: Json | undefined, words: string): Meaning | undefined {
  if (status === 405 || status === 501) return 'no-route'
  if (!isObject(body) || body.detail === undefined) return undefined
  // What its web framework says of a route that is not there.
  if (status === 404) return /^not found$/i.test(words) ? 'no-route' : 'absent'
  return status === 410 ? 'absent' : undefined
}

/** Whether a refused probe may go well in a while: it was denied, and IAM has the last word only after some time. */
export function isDenial(status: number | undefined, words: string): boolean {
  return (status === 400 || status === 422) && /denied|not authori[sz]ed|forbidden|\b403\b/i.test(words)
}

/** Whether AWS slowed a probe down. */
export function isThrottled(status: number | undefined, words: string): boolean {
  return (status === 400 || status === 422) && /throttl|slow ?down|rate exceeded/i.test(words)
}
