import type { JsonObject } from '../../core/json.js'
import { invalid } from './api-error.js'
import { isObject } from './request-body.js'

/**
 * Reads the fields of a request body. Each reader returns undefined for a field that is absent, and notes what is wrong with
 * one that is present. Fields that are not asked for are ignored.
 */
export interface Fields {
  has(name: string): boolean
  text(name: string): string | undefined
  /** Text that is more than blanks. */
  filledText(name: string): string | undefined
  flag(name: string): boolean | undefined
  choice<Word extends string>(name: string, allowed: readonly Word[]): Word | undefined
  nullableChoice<Word extends string>(name: string, allowed: readonly Word[]): Word | null | undefined
  /** A positive integer, or one as text. */
  id(name: string): number | undefined
  /** The same; null and the empty text are null, which is how a folder is left for the root. */
  nullableId(name: string): number | null | undefined
  ids(name: string): readonly number[] | undefined
  texts(name: string): readonly string[] | undefined
  object(name: string): JsonObject | undefined
  objects(name: string): readonly JsonObject[] | undefined
  /** A text or an object: the one that it is. */
  either(name: string): readonly [text: string | undefined, object: JsonObject | undefined]
  /** An ISO 8601 time, as it was sent; null stays null. */
  time(name: string): string | null | undefined
  problem(details: string): void
}

/** Reads a body and reports everything that is wrong with it at once, as one 422. */
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
    problems.push(`${name} must be ${expected}`)
  }
  const choice = <Word extends string>(name: string, value: unknown, allowed: readonly Word[]) =>
    value === undefined
      ? undefined
      : (allowed.find((word) => word === value) ?? refuse(name, `one of: ${allowed.join(', ')}`))
  return {
    has: (name) => present(name) !== undefined,
    text(name) {
      const value = present(name)
      return value === undefined || typeof value === 'string' ? value : refuse(name, 'text')
    },
    filledText(name) {
      const value = present(name)
      if (value === undefined) return undefined
      return typeof value === 'string' && value.trim() !== '' ? value : refuse(name, 'text that is not blank')
    },
    flag(name) {
      const value = present(name)
      return value === undefined || typeof value === 'boolean' ? value : refuse(name, 'true or false')
    },
    choice: (name, allowed) => choice(name, present(name), allowed),
    nullableChoice: (name, allowed) => (field(name) === null ? null : choice(name, present(name), allowed)),
    id(name) {
      const value = present(name)
      return value === undefined ? undefined : (parseId(value) ?? refuse(name, 'a positive integer'))
    },
    nullableId(name) {
      const value = field(name)
      if (value === undefined) return undefined
      if (value === null || value === '') return null
      return parseId(value) ?? refuse(name, 'a positive integer or null')
    },
    ids(name) {
      const value = field(name)
      if (value === undefined) return undefined
      if (value === null) return []
      const ids = Array.isArray(value) ? value.map(parseId) : [undefined]
      return ids.every((id) => id !== undefined) ? ids : refuse(name, 'a list of positive integers')
    },
    texts(name) {
      const value = field(name)
      if (value === undefined) return undefined
      if (value === null) return []
      const fine = Array.isArray(value) && value.every((item) => typeof item === 'string')
      return fine ? value : refuse(name, 'a list of texts')
    },
    object(name) {
      const value = field(name)
      if (value === undefined) return undefined
      if (value === null) return {}
      return isObject(value) ? value : refuse(name, 'an object')
    },
    objects(name) {
      const value = present(name)
      if (value === undefined) return undefined
      return Array.isArray(value) && value.every(isObject) ? value : refuse(name, 'a list of objects')
    },
    either(name) {
      const value = present(name)
      if (typeof value === 'string') return [value, undefined]
      return [undefined, isObject(value) ? value : refuse(name, 'an object')]
    },
    time(name) {
      const value = field(name)
      if (value === undefined || value === null) return value
      const fine = typeof value === 'string' && isoTime.test(value) && !Number.isNaN(Date.parse(value))
      return fine ? value : refuse(name, 'an ISO 8601 time')
    },
    problem(details) {
      problems.push(details)
    },
  }
}

const isoTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/
