import t from 'tap'
import { convert, makeSet, typeOf, unify } from '../../src/core/convert.js'
import { Failure } from '../../src/core/diagnostic.js'
import { hasSensitive, waitsOf } from '../../src/core/equality.js'
import type { Json } from '../../src/core/json.js'
import { fromJson, toJson } from '../../src/core/json-value.js'
import {
  bool,
  dynamic,
  formatType,
  list,
  map,
  number,
  object,
  set,
  string,
  type Type,
  tuple,
} from '../../src/core/type.js'
import {
  nullValue,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  unknownValue,
} from '../../src/core/value.js'

const any = dynamic
const secret = (): Json => '(secret)'

/** The converted value as JSON, and its type. */
function converted(json: Json, type: Type): readonly [Json, string] {
  const value = convert(fromJson(json), type)
  return [JSON.parse(JSON.stringify(toJson(value, secret))), formatType(typeOf(value))]
}

function mistake(json: Json, type: Type): string | undefined {
  try {
    convert(fromJson(json), type)
  } catch (failure) {
    if (failure instanceof Failure) return failure.diagnostics.map((d) => `${d.code}: ${d.detail}`).join()
    throw failure
  }
  return undefined
}

t.test('strings, numbers and bools convert by their text', async (t) => {
  t.same(converted(1.5, string), ['1.5', 'string'])
  t.same(converted(true, string), ['true', 'string'])
  t.same(converted('1e3', number), [1000, 'number'])
  t.same(converted('1', bool), [true, 'bool'])
  t.same(converted('false', bool), [false, 'bool'])
  t.match(mistake('x', number), /lang\/wrong-type: A number is needed, and "x" is not a number/)
  t.match(mistake('True', bool), /only "true" and "false"/)
  t.match(mistake(1, bool), /A bool is needed, but this is a number/)
})

t.test('tuples become lists and sets with elements of one type', async (t) => {
  t.same(converted(['b', 'a', 'b', 1], set(any)), [['1', 'a', 'b'], 'set(string)'])
  t.same(converted([1, null], list(any)), [[1, null], 'list(number)'])
  t.same(converted([], list(any)), [[], 'list(any)'])
  t.same(converted([[1], ['a', 'b']], list(any)), [[['1'], ['a', 'b']], 'list(list(string))'])
  t.same(converted([10, 9, 1], set(number)), [[1, 9, 10], 'set(number)'], 'sets are sorted by value')
  t.match(mistake([1, true], list(any)), /All elements must have one type, but there are a number, a bool/)
})

t.test('objects become maps, and maps objects', async (t) => {
  t.same(converted({ a: 1, b: 'x' }, map(any)), [{ a: '1', b: 'x' }, 'map(string)'])
  const person = object([
    ['name', string],
    ['age', number],
  ])
  t.same(converted({ name: 'Jane', age: '30', extra: true }, person), [
    { age: 30, name: 'Jane' },
    'object({ age = number, name = string })',
  ])
  const fromMap = convert(convert(fromJson({ name: 'Jane', age: '30' }), map(string)), person)
  t.same(toJson(fromMap, secret), { name: 'Jane', age: 30 })
})

t.test('attributes that may be left out become null of their type', async (t) => {
  const type = object(
    [
      ['a', string],
      ['b', list(string)],
    ],
    new Set(['b']),
  )
  t.same(converted({ a: 'x' }, type), [{ a: 'x', b: null }, 'object({ a = string, b = list(string) })'])
  t.match(mistake({}, type), /The attribute "a" is required/)
})

t.test('the message says which part does not fit', async (t) => {
  const type = map(object([['tags', list(number)]]))
  t.match(
    mistake({ eu: { tags: [1, 'x'] } }, type),
    'lang/wrong-type: At eu.tags[1]: a number is needed, and "x" is not a number.',
  )
  t.match(
    mistake({ 'a b': { tags: 1 } }, type),
    'At ["a b"].tags: a list of numbers is needed, but this is a number.',
  )
  t.match(mistake([1], tuple([number, number])), /A tuple of 2 is needed, but this one has 1/)
})

t.test('a secret is not quoted in a message', async (t) => {
  t.throws(() => convert(stringValue('hunter2', true), number), {
    message: /this sensitive string does not hold one/,
  })
})

t.test('null and unknown take the type, if any value of theirs could', async (t) => {
  t.same(typeOf(convert(nullValue(), list(string))), list(string))
  const unknown = convert(unknownValue(tuple([string, number]), new Set(['a.b'])), list(any))
  t.same(formatType(typeOf(unknown)), 'list(string)')
  t.same(waitsOf(unknown), new Set(['a.b']))
  t.throws(() => convert(unknownValue(bool), number), Failure)
  t.throws(() => convert(nullValue(list(string)), string), Failure)
})

t.test('what is known stays known beside what is not', async (t) => {
  const value = convert(tupleValue([numberValue(1), unknownValue(string)]), list(any))
  t.equal(value.kind, 'list')
  t.equal(value.kind === 'list' && value.items[0]?.kind, 'string')
  const open = convert(tupleValue([numberValue(1), unknownValue(any, new Set(['x.y']))]), list(any))
  t.equal(open.kind, 'unknown', 'the element type is not known yet')
})

t.test('a set with parts that are not known is not known; a secret in it stays one', async (t) => {
  const open = makeSet(string, [stringValue('a'), unknownValue(string, new Set(['x.y']))])
  t.equal(open.kind, 'unknown')
  t.same(waitsOf(open), new Set(['x.y']))
  const merged = makeSet(string, [stringValue('a'), stringValue('a', true)])
  t.equal(merged.kind === 'set' && merged.items.length, 1)
  t.ok(hasSensitive(merged))
})

t.test('marks survive conversion', async (t) => {
  t.ok(hasSensitive(convert(numberValue(1, true), string)))
  const value = convert(objectValue([['a', stringValue('x', true)]]), map(string))
  t.ok(hasSensitive(value))
})

t.test('types have the type that all of them convert to', async (t) => {
  const unified = (...types: Type[]): string | undefined => {
    const type = unify(types)
    return type === undefined ? undefined : formatType(type)
  }
  t.equal(unified(string, number, bool), 'string')
  t.equal(unified(number, bool), undefined)
  t.equal(unified(dynamic, number), 'number')
  t.equal(unified(tuple([number]), tuple([string])), 'tuple([string])')
  t.equal(unified(tuple([number]), tuple([])), 'list(number)')
  t.equal(unified(set(number), tuple([number])), 'set(number)')
  t.equal(unified(set(number), list(string)), 'list(string)')
  t.equal(unified(object([['a', number]]), object([['a', string]])), 'object({ a = string })')
  t.equal(unified(object([['a', number]]), object([['b', string]])), 'map(string)')
  t.equal(unified(list(string), map(string)), undefined)
})

t.test('keys named like the members of JavaScript objects are keys', async (t) => {
  const json = JSON.parse('{"__proto__": 1, "constructor": 2}') as Json
  const value = convert(fromJson(json), map(number))
  t.same(value.kind === 'map' && [...value.entries.keys()], ['__proto__', 'constructor'])
  t.equal(JSON.stringify(toJson(value, secret)), '{"__proto__":1,"constructor":2}')
})
