import t from 'tap'
import {
  compareValues,
  equality,
  hasSensitive,
  isWhollyKnown,
  markSensitive,
  valueEquals,
  waitsOf,
} from '../../src/core/equality.js'
import { fromJson } from '../../src/core/json-value.js'
import { parseNumber } from '../../src/core/number.js'
import { number, string } from '../../src/core/type.js'
import {
  listValue,
  nullValue,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  unknownValue,
} from '../../src/core/value.js'

t.test('values are equal by their kind and content, not by their marks', async (t) => {
  t.ok(valueEquals(stringValue('a', true), stringValue('a')))
  t.ok(valueEquals(numberValue(parseNumber('1.0')), numberValue(1)))
  t.notOk(valueEquals(numberValue(1), stringValue('1')))
  t.notOk(valueEquals(tupleValue([numberValue(1)]), listValue(number, [numberValue(1)])))
  t.ok(valueEquals(nullValue(string), nullValue(number)))
  t.ok(valueEquals(fromJson({ a: [1, { b: null }] }), fromJson({ a: [1, { b: null }] })))
  t.notOk(valueEquals(fromJson({ a: 1 }), fromJson({ b: 1 })))
  t.ok(valueEquals(stringValue('e\u0301'), stringValue('\u00e9')))
})

t.test('what is known to differ differs, whatever else is not known', async (t) => {
  const unknown = unknownValue(string)
  const pair = (a: number) =>
    objectValue([
      ['a', numberValue(a)],
      ['b', unknown],
    ])
  t.equal(equality(pair(1), pair(2)), false)
  t.equal(equality(pair(1), pair(1)), undefined)
  const one = pair(1)
  t.equal(equality(one, one), undefined, 'even with itself')
  t.notOk(valueEquals(unknown, unknown))
  t.equal(equality(tupleValue([unknown]), tupleValue([])), false)
})

t.test('the order of sets is by value, with null at the end', async (t) => {
  const values = [nullValue(string), 'b', 'a', '\u{10000}', '\uffff'].map((v) =>
    typeof v === 'string' ? stringValue(v) : v,
  )
  const sorted = [...values].sort(compareValues).map((v) => (v.kind === 'string' ? v.value : v.kind))
  t.same(sorted, ['a', 'b', '\uffff', '\u{10000}', 'null'], 'strings by code point')
  t.ok(compareValues(numberValue(2), numberValue(10)) < 0)
  t.ok(compareValues(fromJson([1, 2]), fromJson([1, 3])) < 0)
  t.ok(compareValues(fromJson([1]), fromJson([1, 0])) < 0)
  t.ok(compareValues(fromJson({ a: 2 }), fromJson({ b: 1 })) < 0)
})

t.test('questions about all leaves', async (t) => {
  const value = objectValue([
    ['a', tupleValue([unknownValue(string, new Set(['x.one']))])],
    ['b', unknownValue(number, new Set(['x.two', 'x.one']))],
    ['c', stringValue('plain')],
  ])
  t.notOk(isWhollyKnown(value))
  t.same([...waitsOf(value)].sort(), ['x.one', 'x.two'])
  t.notOk(hasSensitive(value))
  t.ok(hasSensitive(markSensitive(value, true)))
  t.notOk(hasSensitive(markSensitive(markSensitive(value, true), false)))
  t.equal(markSensitive(value, false), value, 'nothing to do makes nothing new')
  t.same(waitsOf(markSensitive(value, true)), waitsOf(value))
  t.equal(markSensitive(listValue(string, []), true).kind, 'list')
  t.same(
    markSensitive(listValue(string, [stringValue('a')]), true),
    listValue(string, [stringValue('a', true)]),
  )
})
