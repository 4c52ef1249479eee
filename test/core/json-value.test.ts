import t from 'tap'
import { type Diagnostic, Failure } from '../../src/core/diagnostic.js'
import type { Json } from '../../src/core/json.js'
import { fromJson, toJson } from '../../src/core/json-value.js'
import { parseNumber } from '../../src/core/number.js'
import { list, number, string } from '../../src/core/type.js'
import { numberValue, objectValue, stringValue, tupleValue, unknownValue } from '../../src/core/value.js'

const refuse = (): Json => {
  throw new Error('a secret')
}

function mistake(run: () => unknown): Diagnostic | undefined {
  try {
    run()
  } catch (failure) {
    if (failure instanceof Failure) return failure.diagnostics[0]
    throw failure
  }
  return undefined
}

t.test('JSON makes the way there and back', async (t) => {
  const json: Json = { a: [1, 2.5, 'x', true, null, {}], ключ: { b: [] } }
  t.same(toJson(fromJson(json), refuse), json)
})

t.test('a secret has no JSON form but the one it is given', async (t) => {
  const value = objectValue([['password', stringValue('hunter2', true)]])
  t.throws(() => toJson(value, refuse), { message: 'a secret' })
  t.same(
    toJson(value, () => ({ $secret: 'f00' })),
    { password: { $secret: 'f00' } },
  )
})

t.test('what is not known has none either', async (t) => {
  const value = tupleValue([unknownValue(string)])
  t.throws(() => toJson(value, refuse), { message: /known only after apply/ })
  t.same(
    toJson(value, refuse, () => null),
    [null],
  )
})

t.test('a value does not become JSON by accident', async (t) => {
  t.throws(() => JSON.stringify({ value: stringValue('hunter2', true) }), { message: /no JSON form/ })
  t.throws(() => JSON.stringify(tupleValue([])), { message: /no JSON form/ })
})

t.test('a number that a double cannot hold is text, and comes back with the type', async (t) => {
  const value = numberValue(parseNumber('9007199254740993'))
  t.equal(toJson(value, refuse), '9007199254740993')
  t.same(fromJson(toJson(value, refuse), number), value)
  t.equal(toJson(numberValue(parseNumber('0.1')), refuse), 0.1)
})

t.test('keys and strings are brought to one Unicode form', async (t) => {
  const value = fromJson({ 'e\u0301': 'e\u0301' })
  t.same(toJson(value, refuse), { '\u00e9': '\u00e9' })
})

t.test('what nests too deep or does not fit the type is refused', async (t) => {
  let deep: Json = 1
  for (let i = 0; i < 400; i++) deep = [deep]
  t.equal(mistake(() => fromJson(deep))?.code, 'lang/too-deep')
  t.throws(() => fromJson({ a: 1 }, list(string)), Failure)
})
