import { convert, typeOf, unify } from '../../core/convert.js'
import { Failure } from '../../core/diagnostic.js'
import { hasSensitive, isWhollyKnown, markSensitive, waitsOf } from '../../core/leaves.js'
import { bool, dynamic } from '../../core/type.js'
import { boolValue, unknownValue, type Value } from '../../core/value.js'
import { anything, orderedAt } from './argument.js'
import { functionFailure, type LanguageFunction, type LazyFunction } from './function.js'

/** Functions that pick one of several values. */
export const choiceFunctions: readonly (LanguageFunction | LazyFunction)[] = [
  {
    name: 'coalesce',
    doc: 'The first of the values that is neither null nor an empty string.',
    parameters: [],
    rest: { name: 'vals', type: dynamic, null: true, unknown: 'all', marks: 'own' },
    returns: dynamic,
    call: coalesce,
  },
  {
    name: 'coalescelist',
    doc: 'The first of the lists that is not empty.',
    parameters: [],
    rest: { name: 'vals', type: dynamic, null: true, unknown: 'parts', marks: 'own' },
    returns: dynamic,
    call(args) {
      for (const [i, value] of args.entries()) {
        if (value.kind !== 'null' && orderedAt(args, i).items.length > 0) return value
      }
      throw functionFailure('All the lists are empty.')
    },
  },
  {
    name: 'try',
    doc: 'The value of the first expression that evaluates without a mistake.',
    parameters: [],
    rest: anything('expressions'),
    callLazily: tryEach,
  },
  {
    name: 'can',
    doc: 'Does the expression evaluate without a mistake?',
    parameters: [anything('expression')],
    callLazily([expression]) {
      try {
        const value = expression?.()
        if (value !== undefined && !isWhollyKnown(value)) return unknownValue(bool, waitsOf(value))
        return boolValue(true)
      } catch (failure) {
        if (!(failure instanceof Failure)) throw failure
        return boolValue(false)
      }
    },
  },
]

function coalesce(args: readonly Value[]): Value {
  const type = unify(args.map(typeOf))
  if (type === undefined || args.length === 0) {
    throw functionFailure('All the values must have one type.', 'Convert them, for example with tostring().')
  }
  let sensitive = false
  for (const arg of args) {
    const value = convert(arg, type)
    if (hasSensitive(value)) sensitive = true
    if (value.kind === 'unknown') return unknownValue(type, waitsOf(...args), args.some(hasSensitive))
    // A secret that was passed over shows: it is null or empty.
    if (value.kind !== 'null' && !(value.kind === 'string' && value.value === '')) {
      return sensitive ? markSensitive(value) : value
    }
  }
  throw functionFailure('All the values are null or empty strings.')
}

/** What is known only after apply may yet turn out to be a mistake, so nothing can be said of the result before. */
function tryEach(expressions: readonly (() => Value)[]): Value {
  const failures: Failure[] = []
  for (const expression of expressions) {
    try {
      const value = expression()
      return isWhollyKnown(value) ? value : unknownValue(dynamic, waitsOf(value), hasSensitive(value))
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure
      failures.push(failure)
    }
  }
  const reasons = failures.flatMap(({ diagnostics }) => diagnostics.map((d) => d.detail ?? d.summary))
  throw functionFailure(
    reasons.length === 0
      ? 'try(): At least one expression is needed.'
      : `try(): No expression evaluates without a mistake. ${[...new Set(reasons)].join(' ')}`,
  )
}
