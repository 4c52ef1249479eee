import type { JsonObject } from '../../core/json.js'
import { type BodyFields, bodyFields, isText, parseId } from '../body-fields.js'
import { invalid } from './api-error.js'

/**
 * Reads the fields of a request body. Each reader returns undefined for a field that is absent, and notes what is wrong with
 * one that is present. Fields that are not asked for are ignored.
 */
export interface Fields extends Omit<BodyFields, 'field' | 'present'> {
  /** Text that is not empty; null counts as absent. */
  text(name: string): string | undefined
  /** Text or null. */
  nullableText(name: string): string | null | undefined
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

function fieldsOf(body: JsonObject, problems: string[]): Fields {
  const wrong = new Set<string>()
  const refuse = (name: string, expected: string): undefined => {
    // A field that is wrong must not be reported as missing as well.
    wrong.add(name)
    problems.push(`${name} must be ${expected}`)
  }
  const { field, present, ...readers } = bodyFields(body, refuse)
  return {
    ...readers,
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
