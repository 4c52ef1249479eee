import type { Json, JsonObject } from './json.js'

/** JSON text with sorted keys: equal texts are equal documents. */
export function canonical(json: Json): string {
  if (json === null || typeof json !== 'object') return JSON.stringify(json)
  if (Array.isArray(json)) return `[${(json as readonly Json[]).map(canonical).join(',')}]`
  const object = json as JsonObject
  const members = Object.keys(object)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(object[key] as Json)}`)
  return `{${members.join(',')}}`
}
