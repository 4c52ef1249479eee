import { isList, isObject, type JsonObject } from '../../core/json.js'
import { type BodyFields, bodyFields, isText, parseId } from '../body-fields.js'
import { invalid } from './api-error.js'

/**
 * Reads the fields of a request body. Each reader returns undefined for a field that is absent, and notes what is wrong with
 * one that is present. Fields that are not asked for are ignored.
 */
export interface Fields extends Omit<BodyFields, 'field' | 'present'> {
  has(name: string): boolean
  text(name: string): string | undefined
  /** Text that is more than blanks. */
  filledText(name: string): string | undefined
  nullableChoice<Word extends string>(name: string, allowed: readonly Word[]): Word | null | undefined
  /** An id; null and the empty text are null, which is how a folder is left for the root. */
  nullableId(name: string): number | null | undefined
  ids(name: string): readonly number[] | undefined
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

function fieldsOf(body: JsonObject, problems: string[]): Fields {
  const refuse = (name: string, expected: string): undefined => {
    problems.push(`${name} must be ${expected}`)
  }
  const { field, present, ...readers } = bodyFields(body, refuse)
  return {
    ...readers,
    has: (name) => present(name) !== undefined,
    text(name) {
      const value = present(name)
      return value === undefined || isText(value) ? value : refuse(name, 'text')
    },
    filledText(name) {
      const value = present(name)
      if (value === undefined) return undefined
      return isText(value) && value.trim() !== '' ? value : refuse(name, 'text that is not blank')
    },
    nullableChoice: (name, allowed) => (field(name) === null ? null : readers.choice(name, allowed)),
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
      const ids = isList(value) ? value.map(parseId) : [undefined]
      return ids.every((id) => id !== undefined) ? ids : refuse(name, 'a list of positive integers')
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
      return isList(value) && value.every(isObject) ? value : refuse(name, 'a list of objects')
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
