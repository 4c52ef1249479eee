import { isList, type Json, type JsonObject } from '../core/json.js'
import { isStorable } from './storable-text.js'

/** What the readers of the services' request bodies have in common. Null counts as absent, but where it says otherwise. */
export interface BodyFields {
  /** The field as it was sent, null too. */
  field(name: string): Json | undefined
  present(name: string): Json | undefined
  flag(name: string): boolean | undefined
  /** One of the allowed words. */
  choice<Word extends string>(name: string, allowed: readonly Word[]): Word | undefined
  /** A positive integer, or one as text. */
  id(name: string): number | undefined
  /** A list of texts; null is the empty list. */
  texts(name: string): readonly string[] | undefined
}

/** `refuse` notes that a field is not what is expected of it. */
export function bodyFields(
  body: JsonObject,
  refuse: (name: string, expected: string) => undefined,
): BodyFields {
  const field = (name: string): Json | undefined => (Object.hasOwn(body, name) ? body[name] : undefined)
  const present = (name: string): Json | undefined => field(name) ?? undefined
  return {
    field,
    present,
    flag(name) {
      const value = present(name)
      return value === undefined || typeof value === 'boolean' ? value : refuse(name, 'true or false')
    },
    choice(name, allowed) {
      const value = present(name)
      if (value === undefined) return undefined
      return allowed.find((word) => word === value) ?? refuse(name, `one of: ${allowed.join(', ')}`)
    },
    id(name) {
      const value = present(name)
      return value === undefined ? undefined : (parseId(value) ?? refuse(name, 'a positive integer'))
    },
    texts(name) {
      const value = field(name)
      if (value === undefined) return undefined
      if (value === null) return []
      return isList(value) && value.every(isText) ? value : refuse(name, 'a list of texts')
    },
  }
}

/** A row id as it stands in a path, a query or a body; undefined if it cannot be one. */
export function parseId(value: unknown): number | undefined {
  const id = typeof value === 'string' && /^[0-9]{1,16}$/.test(value) ? Number(value) : value
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : undefined
}

export function isText(value: Json): value is string {
  return typeof value === 'string' && isStorable(value)
}
