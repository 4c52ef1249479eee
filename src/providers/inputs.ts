import type { Plain } from '../core/resource.js'
import { Secret } from '../core/secret.js'

/** An input, output or setting that is a text, or null. */
export function textOf(value: Plain | undefined): string | null {
  return typeof value === 'string' ? value : null
}

export function flagOf(value: Plain | undefined): boolean | null {
  return typeof value === 'boolean' ? value : null
}

export function textsOf(value: Plain | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}

/** A text, secret or not; undefined: there is none. */
export function revealed(value: Plain | undefined): string | undefined {
  if (value instanceof Secret) return value.reveal()
  return typeof value === 'string' ? value : undefined
}
