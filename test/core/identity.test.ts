import t from 'tap'
import { valueEquals } from '../../src/core/equality.js'
import { identityOf } from '../../src/core/identity.js'
import type { Json } from '../../src/core/json.js'
import { fromJson } from '../../src/core/json-value.js'
import { parseNumber } from '../../src/core/number.js'
import { number, string } from '../../src/core/type.js'
import {
  listValue,
  mapValue,
  nullValue,
  numberValue,
  stringValue,
  tupleValue,
  unknownValue,
  type Value,
} from '../../src/core/value.js'

t.test('values have one identity exactly if they are equal', async (t) => {
  const documents: Json[] = [null, true, 1, '1', 'true', 'null', '[]', [], [1], ['1'], [[1]], {}, { a: 1 }]
  const values: Value[] = [
    ...documents.map((document) => fromJson(document)),
    ...['1.0', '0.1', '1e-1', '1e30', `1.${'0'.repeat(160)}1`].map((text) => numberValue(parseNumber(text))),
    nullValue(string),
    listValue(number, [numberValue(1)]),
    mapValue(number, [['a', numberValue(1)]]),
    fromJson(['a', 'b']),
    fromJson(['a,b']),
    fromJson(['a","b']),
    fromJson({ a: 1, b: 2 }),
    fromJson({ 'a:1,b': 2 }),
    stringValue('1', true),
  ]
  for (const a of values) {
    for (const b of values) t.equal(identityOf(a) === identityOf(b), valueEquals(a, b))
  }
})

t.test('what is known only after apply has none', async (t) => {
  t.throws(() => identityOf(tupleValue([unknownValue()])), /known only after apply/)
})
