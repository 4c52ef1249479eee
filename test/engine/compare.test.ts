import t from 'tap'
import { canonical } from '../../src/core/canonical.js'
import { seconds } from '../../src/core/duration.js'
import { parseSchema } from '../../src/core/schema-parse.js'
import { isNothing, sameJson, sameMeaning } from '../../src/engine/compare.js'

const { attributes } = parseSchema(
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    additionalProperties: false,
    description: 'One attribute of each kind.',
    properties: {
      text: { type: 'string', description: 'Text.' },
      tags: { type: 'array', uniqueItems: true, items: { type: 'string' }, description: 'A set.' },
      list: { type: 'array', items: { type: 'string' }, description: 'A list.' },
      policy: { type: 'string', 'x-json': true, description: 'A document.' },
      trust: { type: 'string', 'x-policy': 'trust', description: 'A trust policy.' },
      ttl: { type: 'string', 'x-duration': true, description: 'A duration.' },
    },
  },
  'test',
  'data',
)
const attribute = (name: string) => {
  const found = attributes.get(name)
  if (found === undefined) throw new Error(name)
  return found
}

t.test('absent, empty text and empty collections all mean nothing', async (t) => {
  for (const nothing of [undefined, null, '', [], {}]) t.ok(isNothing(nothing))
  for (const something of [0, false, ' ', [''], { a: null }]) t.notOk(isNothing(something))
  t.ok(sameMeaning(attribute('text'), '', undefined))
  t.ok(sameMeaning(attribute('tags'), [], null))
  t.notOk(sameMeaning(attribute('text'), '', 'a'))
})

t.test('a set has no order, a list has', async (t) => {
  t.ok(sameMeaning(attribute('tags'), ['a', 'b'], ['b', 'a']))
  t.notOk(sameMeaning(attribute('tags'), ['a', 'b'], ['a', 'c']))
  t.notOk(sameMeaning(attribute('list'), ['a', 'b'], ['b', 'a']))
})

t.test('a document is compared by what it holds', async (t) => {
  t.ok(sameMeaning(attribute('policy'), '{"a": 1, "b": [1]}', '{"b":[1],"a":1}'))
  t.notOk(sameMeaning(attribute('policy'), '{"b": [1, 2]}', '{"b":[2,1]}'))
  t.notOk(sameMeaning(attribute('policy'), '{"a": ', '{"a":'), 'what is no document is compared as text')
  t.notOk(sameMeaning(attribute('text'), '{"a": 1}', '{"a":1}'))
})

t.test('a duration is compared in seconds', async (t) => {
  t.ok(sameMeaning(attribute('ttl'), '1h', '3600'))
  t.ok(sameMeaning(attribute('ttl'), '1h30m0s', '90m'))
  t.notOk(sameMeaning(attribute('ttl'), '1h', '1m'))
  t.notOk(sameMeaning(attribute('ttl'), 'soon', 'later'))
  t.equal(seconds('1d'), 86_400)
  t.equal(seconds('1.5s'), 1.5)
  t.equal(seconds('h'), undefined)
})

t.test('documents are equal whatever the order of their keys, and no key is special', async (t) => {
  const odd = JSON.parse('{"__proto__": 1, "b": {"d": null, "c": true}}')
  t.equal(canonical(odd), '{"__proto__":1,"b":{"c":true,"d":null}}')
  t.ok(sameJson(odd, JSON.parse('{"b": {"c": true, "d": null}, "__proto__": 1}')))
  t.notOk(sameJson(odd, { b: { c: true, d: null } }))
  t.notOk(sameJson({ a: null }, { b: null }))
})

t.test('policies are compared by what they say', async (t) => {
  const trust = (principal: string) =>
    `{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ${principal}}}}`
  const root = '"arn:aws:iam::111122223333:root"'
  t.ok(sameMeaning(attribute('trust'), trust('"111122223333"'), trust(`[${root}]`)))
  t.notOk(sameMeaning(attribute('trust'), trust('"111122223333"'), trust('"999988887777"')))
})
