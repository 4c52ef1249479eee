import { validationError } from './aws-error.js'

/** The parameters of a query-protocol call. */
export interface Form {
  get(name: string): string | undefined
  /** The items of `Name.member.1`, `Name.member.2`, …, each with its fields (`''` for a plain item). */
  list(name: string): readonly ReadonlyMap<string, string>[]
}

/** What a parameter must be like. Lengths are in characters. */
export interface Rule {
  readonly required?: boolean
  readonly min?: number
  readonly max?: number
  /** Matches the whole value. */
  readonly pattern?: string
  /** A whole number between `min` and `max`. */
  readonly number?: boolean
}

export function readForm(parameters: URLSearchParams): Form {
  return {
    get: (name) => parameters.get(name) ?? undefined,
    list(name) {
      const items = new Map<number, Map<string, string>>()
      for (const [key, value] of parameters) {
        if (!key.startsWith(`${name}.member.`)) continue
        const [, index, field = ''] = /^(\d{1,4})(?:\.(.+))?$/.exec(key.slice(name.length + 8)) ?? []
        if (index === undefined) continue
        const item = items.get(Number(index)) ?? new Map<string, string>()
        items.set(Number(index), item.set(field, value))
      }
      return [...items].sort(([a], [b]) => a - b).map(([, item]) => item)
    },
  }
}

/** Throws AWS's `ValidationError` with everything that is wrong with the parameters. */
export function checkForm(form: Form, rules: Readonly<Record<string, Rule>>): void {
  const problems = Object.entries(rules).flatMap(([name, rule]) => checkValue(name, form.get(name), rule))
  if (problems.length > 0) throw validationError(...problems)
}

/** What is wrong with one value, in AWS's words. */
export function checkValue(name: string, value: string | undefined, rule: Rule): readonly string[] {
  const place = name.charAt(0).toLowerCase() + name.slice(1)
  const wrong = (constraint: string): string =>
    `Value ${value === undefined ? 'null' : `'${value.slice(0, 256)}'`} at '${place}' failed to satisfy constraint: ${constraint}`
  if (value === undefined) return rule.required === true ? [wrong('Member must not be null')] : []
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern } = rule
  if (rule.number === true) {
    const number = Number(value)
    if (!/^-?\d+$/.test(value)) return [wrong('Member must be a whole number')]
    if (number < min) return [wrong(`Member must have value greater than or equal to ${min}`)]
    return number > max ? [wrong(`Member must have value less than or equal to ${max}`)] : []
  }
  const problems: string[] = []
  if (value.length < min) problems.push(wrong(`Member must have length greater than or equal to ${min}`))
  if (value.length > max) problems.push(wrong(`Member must have length less than or equal to ${max}`))
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'u').test(value))
    problems.push(wrong(`Member must satisfy regular expression pattern: ${pattern}`))
  return problems
}
