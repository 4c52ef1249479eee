import type { JsonObject } from '../../core/json.js'
import { invalid } from './api-error.js'

/**
 * Reads the fields of a request body. Each reader returns undefined for a field that is absent, and notes what is wrong with
 * one that is present. Fields that are not asked for are ignored.
 */
export interface Fields {
  /** Text that is not empty; null counts as absent. */
  text(name: string): string | undefined
  /** Text or null. */
  nullableText(name: string): string | null | undefined
  flag(name: string): boolean | undefined
  /** One of the allowed words; null counts as absent. */
  choice<Word extends string>(name: string, allowed: readonly Word[]): Word | undefined
  /** A positive integer, or one as text; null counts as absent. */
  id(name: string): number | undefined
  /** A list of texts; null is the empty list. */
  texts(name: string): readonly string[] | undefined
  /** `{"id": 7}` or `7`; null stays null. */
  reference(name: string): number | null | undefined
  /** Notes that a field is required, if the value that was read from it is absent. */
  require(name: string, value: unknown, when?: string): void
  /** Notes anything else. */
  problem(details: string): void
}

/** Reads a body and reports everything that is wrong with it at once, as one 400. */
export function readFields<T>(body: JsonObject, read: (fields: Fields) => T): T {
  const problems: string[] = []
  const result = read(fieldsOf(body, problems))
  if (problems.length > 0) throw invalid(problems.join('; '))
  return result
}

/** A row id as it stands in a path, a query or a body; undefined if it cannot be one. */
export function parseId(value: unknown): number | undefined {
  const id = typeof value === 'string' && /^[0-9]{1,16}$/.test(value) ? Number(value) : value
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : undefined
}

function fieldsOf(body: JsonObject, problems: string[]): Fields {
  const field = (name: string): unknown => (Object.hasOwn(body, name) ? body[name] : undefined)
  const present = (name: string): unknown => field(name) ?? undefined
  const refuse = (name: string, expected: string): undefined => {
    // A field that is wrong must not be reported as missing as well.
    wrong.add(name)
    problems.push(`${name} must be ${expected}`)
  }
  const wrong = new Set<string>()
  return {
    text(name) {
      const value = present(name)
      if (value === undefined) return undefined
      return isText(value) && value !== '' ? value : refuse(name, 'text that is not empty')
    },
    nullableText(name) {
      const value = field(name)
      if (value === undefined || value === null) return value
      return isText(value) ? value : refuse(name, 'text or null')
    },
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
      return Array.isArray(value) && value.every(isText) ? value : refuse(name, 'a list of texts')
    },
    reference(name) {
      const value = field(name)
      if (value === undefined || value === null) return value
      const id = typeof value === 'object' && 'id' in value ? value.id : value
      return parseId(id) ?? refuse(name, 'null, an id, or an object with an id')
    },
    require(name, value, when) {
      if (value === undefined && !wrong.has(name)) {
        problems.push(`${name} is required${when === undefined ? '' : ` ${when}`}`)
      }
    },
    problem(details) {
      problems.push(details)
    },
  }
}

/** Text that the database keeps as it was sent: it ends one at the first NUL, and replaces half a surrogate pair. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !/\0|\p{Surrogate}/u.test(value)
}
