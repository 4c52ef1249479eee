import { convert } from '../../core/convert.js'
import { error, Failure } from '../../core/diagnostic.js'
import { bool, dynamic, list, map, number, object, set, string, type Type, tuple } from '../../core/type.js'
import { objectValue, tupleValue, type Value } from '../../core/value.js'
import type { Expr } from '../hcl/ast.js'
import { constantOf } from './constant.js'
import { given, suggestion } from './loading.js'

/** A type as it is written for a variable, with the defaults of its `optional()` attributes. */
export interface TypeConstraint {
  readonly type: Type
  /** Puts the defaults where an attribute is absent or null. The result is not converted yet. Absent: there are none. */
  readonly fill?: (value: Value) => Value
}

/** What a variable without a type takes. */
export const anyType: TypeConstraint = { type: dynamic }

const simple: ReadonlyMap<string, TypeConstraint> = new Map(
  Object.entries({ string: { type: string }, number: { type: number }, bool: { type: bool }, any: anyType }),
)
const collections = ['list', 'set', 'map', 'object', 'tuple']

/** Reads `map(object({ email = string, bucket = optional(string, "acme") }))`. Throws a `Failure` with its place. */
export function typeConstraint(expr: Expr): TypeConstraint {
  if (expr.kind === 'parentheses') return typeConstraint(expr.inner)
  if (expr.kind === 'variable') {
    const found = simple.get(expr.name)
    if (found !== undefined) return found
    if (collections.includes(expr.name)) {
      const inside =
        expr.name === 'object' ? '({ name = string })' : expr.name === 'tuple' ? '([string])' : '(string)'
      throw wrong(
        expr,
        `"${expr.name}" needs to know what is in it.`,
        `Write ${expr.name}${inside}, for example.`,
      )
    }
    throw wrong(
      expr,
      `There is no type "${expr.name}".`,
      suggestion(expr.name, [...simple.keys(), ...collections]),
    )
  }
  if (expr.kind === 'literal' && typeof expr.value === 'string') {
    throw wrong(expr, 'A type is written without quotes.', `Write type = ${expr.value}.`)
  }
  if (expr.kind !== 'call')
    throw wrong(
      expr,
      'This is not a type.',
      'Types are string, number, bool, any, list(…), set(…), map(…), object({…}) and tuple([…]).',
    )
  const argument = expr.arguments[0]
  switch (expr.name) {
    case 'list':
    case 'set':
    case 'map': {
      const element = typeConstraint(single(expr, argument))
      const of = { list, set, map }[expr.name]
      return withFill(of(element.type), element.fill && fillElements(element.fill))
    }
    case 'tuple':
      return tupleConstraint(single(expr, argument))
    case 'object':
      return objectConstraint(single(expr, argument))
    case 'optional':
      throw wrong(
        expr,
        'Only an attribute of an object can be optional.',
        'For the variable as a whole use `default = null`.',
      )
    default:
      throw wrong(expr, `There is no type "${expr.name}(…)".`, suggestion(expr.name, collections))
  }
}

type Call = Extract<Expr, { kind: 'call' }>

function single(call: Call, argument: Expr | undefined): Expr {
  if (argument !== undefined && call.arguments.length === 1 && !call.expand) return argument
  throw wrong(call, `${call.name}(…) takes one argument, the type of what is in it.`)
}

function tupleConstraint(expr: Expr): TypeConstraint {
  if (expr.kind !== 'tuple')
    throw wrong(expr, 'A tuple type takes a list of types.', 'Write tuple([string, number]), for example.')
  const elements = expr.items.map(typeConstraint)
  const type = tuple(elements.map((element) => element.type))
  if (elements.every((element) => element.fill === undefined)) return { type }
  return {
    type,
    fill: (value) =>
      'items' in value ? tupleValue(value.items.map((item, i) => elements[i]?.fill?.(item) ?? item)) : value,
  }
}

interface Member {
  readonly name: string
  readonly constraint: TypeConstraint
  readonly optional: boolean
  readonly default: Value | undefined
}

function objectConstraint(expr: Expr): TypeConstraint {
  if (expr.kind !== 'object') {
    throw wrong(
      expr,
      'An object type takes its attributes with their types.',
      'Write object({ name = string }), for example.',
    )
  }
  const members = new Map<string, Member>()
  for (const item of expr.items) {
    if (item.key.kind !== 'literal' || typeof item.key.value !== 'string') {
      throw wrong(item.key, 'The attributes of an object type have plain names.')
    }
    const name = item.key.value
    if (members.has(name)) throw wrong(item.key, `The attribute "${name}" stands here twice.`)
    members.set(name, member(name, item.value))
  }
  const all = [...members.values()]
  const type = object(
    all.map(({ name, constraint }) => [name, constraint.type] as const),
    new Set(all.filter(({ optional }) => optional).map(({ name }) => name)),
  )
  const filled = all.filter((one) => one.default !== undefined || one.constraint.fill !== undefined)
  return filled.length === 0 ? { type } : { type, fill: (value) => fillMembers(value, filled) }
}

function member(name: string, expr: Expr): Member {
  if (expr.kind !== 'call' || expr.name !== 'optional') {
    return { name, constraint: typeConstraint(expr), optional: false, default: undefined }
  }
  const [type, initial] = expr.arguments
  if (type === undefined || expr.arguments.length > 2 || expr.expand) {
    throw wrong(
      expr,
      'optional(…) takes a type and, if wanted, a default.',
      'Write optional(string) or optional(string, "value").',
    )
  }
  const constraint = typeConstraint(type)
  if (initial === undefined) return { name, constraint, optional: true, default: undefined }
  const constant = constantOf(initial)
  if (constant.kind === 'wrong') throw new Failure(constant.diagnostics)
  if (constant.kind === 'dynamic')
    throw wrong(initial, 'A default in a type is a constant.', 'Write the value itself, without references.')
  return { name, constraint, optional: true, default: conform(constant.value, constraint, initial) }
}

function conform(value: Value, constraint: TypeConstraint, at: Expr): Value {
  try {
    return applyConstraint(value, constraint)
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem
    throw new Failure(problem.diagnostics.map((diagnostic) => ({ ...diagnostic, span: at.span })))
  }
}

/** The value with defaults filled in, converted to the type. Throws a `Failure` without a place. */
export function applyConstraint(value: Value, { type, fill }: TypeConstraint): Value {
  return convert(fill === undefined ? value : fill(value), type)
}

function withFill(type: Type, fill: ((value: Value) => Value) | undefined): TypeConstraint {
  return fill === undefined ? { type } : { type, fill }
}

function fillElements(fill: (value: Value) => Value): (value: Value) => Value {
  return (value) => {
    if ('items' in value) return tupleValue(value.items.map(fill))
    if ('entries' in value)
      return objectValue([...value.entries].map(([key, entry]) => [key, fill(entry)] as const))
    return value
  }
}

function fillMembers(value: Value, members: readonly Member[]): Value {
  if (!('entries' in value)) return value
  const entries = new Map(value.entries)
  for (const { name, constraint, default: initial } of members) {
    const present = entries.get(name)
    const one = present === undefined || present.kind === 'null' ? (initial ?? present) : present
    if (one !== undefined) entries.set(name, constraint.fill === undefined ? one : constraint.fill(one))
  }
  return objectValue(entries)
}

function wrong(expr: Expr, detail: string, help?: string): Failure {
  return new Failure(
    error('lang/invalid-type', 'Not a type', { detail, ...given('help', help), span: expr.span }),
  )
}
