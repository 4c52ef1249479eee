import t from 'tap'
import { typeOf } from '../../src/core/convert.js'
import { type Diagnostic, Failure } from '../../src/core/diagnostic.js'
import { parseNumber } from '../../src/core/number.js'
import { fromPlain, toPlain } from '../../src/core/plain.js'
import { Secret } from '../../src/core/secret.js'
import { bool, formatType, list, map, number, object, set, string } from '../../src/core/type.js'
import { mapValue, numberValue, objectValue, stringValue, unknownValue } from '../../src/core/value.js'

const type = object([
  ['buckets', set(string)],
  ['keys', map(string)],
  ['limits', object([['most', number]])],
  ['name', string],
  ['on', bool],
])

function mistake(run: () => unknown): Diagnostic | undefined {
  try {
    run()
  } catch (failure) {
    if (failure instanceof Failure) return failure.diagnostics[0]
    throw failure
  }
  return undefined
}

t.test('a value is plain data to a provider, and back', async (t) => {
  const plain = {
    name: 'jane',
    on: null,
    buckets: ['b', 'a'],
    keys: new Map([['__proto__', 'x']]),
    limits: { most: 1.5 },
  }
  const value = fromPlain(plain, type)
  t.equal(formatType(typeOf(value)), formatType(type))
  const back = toPlain(value) as Record<string, unknown>
  t.equal(Object.getPrototypeOf(back), null)
  t.same(back.buckets, ['a', 'b'])
  t.same(back.keys, new Map([['__proto__', 'x']]))
  t.same({ ...(back.limits as object) }, { most: 1.5 })
  t.equal(back.on, null)
})

t.test('attributes that the service leaves out are null', async (t) => {
  const back = toPlain(fromPlain({ name: 'jane' }, type)) as Record<string, unknown>
  t.same({ ...back }, { name: 'jane', buckets: null, keys: null, limits: null, on: null })
})

t.test('a sensitive string is a Secret, and a Secret a sensitive string', async (t) => {
  const plain = toPlain(objectValue([['token', stringValue('hunter2', true)]])) as Record<string, unknown>
  t.ok(plain.token instanceof Secret)
  t.equal((plain.token as Secret).reveal(), 'hunter2')
  t.same(fromPlain(new Secret('hunter2'), string), stringValue('hunter2', true))
})

t.test('a number that a double cannot hold is an error, an unknown a bug', async (t) => {
  t.equal(mistake(() => toPlain(numberValue(parseNumber('9007199254740993'))))?.code, 'lang/number-range')
  t.throws(() => toPlain(mapValue(string, [['a', unknownValue(string)]])), {
    message: /known only after apply/,
  })
})

t.test('what does not fit the type is refused with its place', async (t) => {
  const wrong = mistake(() => fromPlain({ a: ['x', ['y']] }, object([['a', list(string)]])))
  t.equal(wrong?.code, 'lang/wrong-type')
  t.equal(wrong?.detail, 'At a[1]: a string is needed, but this is a tuple.')
})
