import { seconds } from '../../core/duration.js'
import type { Json } from '../../core/json.js'
import type { Inputs, Plain } from '../../core/resource.js'

/** What the server has in a member, as an attribute: the empty text is null. */
export function textIn(json: Json | undefined): string | null {
  return typeof json === 'string' && json !== '' ? json : null
}

/** A list; what servers write for none is empty. Very old ones give a text with commas. */
export function textsIn(json: Json | undefined): readonly string[] {
  if (typeof json === 'string') return json.split(',').flatMap((item) => item.trim() || [])
  return Array.isArray(json) ? json.filter((item: Json): item is string => typeof item === 'string') : []
}

export function textMapIn(json: Json | undefined): ReadonlyMap<string, string> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return new Map()
  return new Map(
    Object.entries(json).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  )
}

export function flagIn(json: Json | undefined): boolean {
  return json === true
}

/**
 * A duration, in seconds or as text, as people write it: `30m`, `1h30m`, `24h`. The service gives seconds, in which nobody
 * recognises what was declared. Null: none, which is what zero means.
 */
export function durationIn(json: Json | undefined): string | null {
  const length = seconds(json)
  if (length === undefined || length === 0) return null
  if (!Number.isInteger(length) || length < 0) return `${length}s`
  const parts: readonly (readonly [amount: number, unit: string])[] = [
    [Math.floor(length / 3600), 'h'],
    [Math.floor((length % 3600) / 60), 'm'],
    [length % 60, 's'],
  ]
  return parts.map(([amount, unit]) => (amount === 0 ? '' : `${amount}${unit}`)).join('')
}

/** A declared duration in seconds; 0 for none. */
export function secondsOf(value: Plain | undefined): number {
  return typeof value === 'string' || typeof value === 'number' ? (seconds(value) ?? 0) : 0
}

/** The inputs with null for what means nothing: durations of zero, and texts of which that is known. */
export function withoutNothing(
  inputs: Inputs,
  durations: readonly string[],
  texts: Readonly<Record<string, string>> = {},
): Inputs {
  const changed = Object.entries(inputs).map(([name, value]): readonly [string, Plain] => {
    if (durations.includes(name) && value !== null && seconds(value as Json) === 0) return [name, null]
    return [name, Object.hasOwn(texts, name) && texts[name] === value ? null : value]
  })
  return Object.assign(Object.create(null), Object.fromEntries(changed))
}
