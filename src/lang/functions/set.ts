import { convert, makeSet, typeOf, unify } from '../../core/convert.js'
import { identityOf } from '../../core/identity.js'
import { dynamic, set, type Type, tuple } from '../../core/type.js'
import { listValue, tupleValue, type Value } from '../../core/value.js'
import { sequenceAt, structure } from './argument.js'
import { ArgumentError, functionFailure, type LanguageFunction, type Parameter } from './function.js'

const anySet = (name: string): Parameter => ({ name, type: set(dynamic), marks: 'own' })

function onSets(
  name: string,
  doc: string,
  parameters: Pick<LanguageFunction, 'parameters' | 'rest'>,
  combine: (sets: readonly (readonly Value[])[]) => readonly Value[],
): LanguageFunction {
  return {
    name,
    doc,
    ...parameters,
    returns: set(dynamic),
    call(args) {
      const element = unify(args.map((arg) => elementType(arg)))
      if (element === undefined) throw functionFailure('The sets must have elements of one type.')
      const sets = args.map((_, i) => sequenceAt(args, i).items.map((item) => convert(item, element)))
      return makeSet(element, combine(sets))
    },
  }
}

const oneOrMore = { parameters: [anySet('first_set')], rest: anySet('other_sets') }

const mostCombinations = 1_000_000

/** Functions on sets; lists and tuples are made sets first. */
export const setFunctions: readonly LanguageFunction[] = [
  onSets('setunion', 'The elements of any of the sets.', oneOrMore, (sets) => sets.flat()),
  onSets(
    'setintersection',
    'The elements that are in all of the sets.',
    oneOrMore,
    ([first = [], ...others]) => others.reduce((left, other) => left.filter(isIn(other)), first),
  ),
  onSets(
    'setsubtract',
    'The elements of the first set that are not in the second.',
    { parameters: [anySet('a'), anySet('b')] },
    ([a = [], b = []]) => {
      const inB = isIn(b)
      return a.filter((item) => !inB(item))
    },
  ),
  {
    name: 'setproduct',
    doc: 'All combinations of one element from each of the collections.',
    parameters: [],
    rest: structure('sets'),
    returns: dynamic,
    call: product,
  },
]

function isIn(items: readonly Value[]): (item: Value) => boolean {
  const identities = new Set(items.map(identityOf))
  return (item) => identities.has(identityOf(item))
}

function elementType(value: Value): Type {
  const type = typeOf(value)
  return type.kind === 'set' ? type.element : dynamic
}

function product(args: readonly Value[]): Value {
  if (args.length < 2) throw functionFailure('At least two collections are needed.')
  let rows: (readonly Value[])[] = [[]]
  const types: Type[] = []
  for (const [i] of args.entries()) {
    const { element, items } = sequenceAt(args, i)
    const type = element ?? unify(items.map(typeOf))
    if (type === undefined) throw new ArgumentError(i, 'all elements must have one type')
    types.push(type)
    if (rows.length * items.length > mostCombinations) {
      throw functionFailure(`There would be more than ${mostCombinations} combinations.`)
    }
    const converted = items.map((item) => convert(item, type))
    rows = rows.flatMap((row) => converted.map((item) => [...row, item]))
  }
  const combinations = rows.map((row) => tupleValue(row))
  const element = tuple(types)
  // A set among them has no order to keep, so neither has the result.
  return args.some((arg) => arg.kind === 'set')
    ? makeSet(element, combinations)
    : listValue(element, combinations)
}
