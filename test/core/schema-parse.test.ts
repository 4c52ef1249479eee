import t from 'tap'
import { parseSchema } from '../../src/core/schema-parse.js'
import { list, map, number, object, set, string } from '../../src/core/type.js'
import { loadSchemas, providerNames } from '../../src/providers/registry.js'

const dialect = 'https://json-schema.org/draft/2020-12/schema'
const id = { type: 'string', readOnly: true, description: 'The number.' }
const key = { type: 'string', 'x-key': true, description: 'The name.' }

function resource(more: object, properties: object = {}): unknown {
  return {
    $schema: dialect,
    description: 'A thing.',
    type: 'object',
    additionalProperties: false,
    properties: { id, name: key, ...properties },
    ...more,
  }
}

const attribute = (schema: object) =>
  parseSchema(resource({}, { a: { description: 'It.', ...schema } }), 'x_thing', 'resource').attributes.get(
    'a',
  )

t.test('property types become types of the language', async (t) => {
  t.strictSame(attribute({ type: 'string' })?.type, string)
  t.strictSame(attribute({ type: 'number' })?.type, number)
  t.strictSame(attribute({ type: 'array', items: { type: 'string' } })?.type, list(string))
  t.strictSame(attribute({ type: 'array', uniqueItems: true, items: { type: 'string' } })?.type, set(string))
  t.strictSame(attribute({ type: 'object', additionalProperties: { type: 'integer' } })?.type, map(number))
  t.strictSame(
    attribute({
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['b'],
        properties: { b: { type: 'string' }, c: { type: 'integer' } },
      },
    })?.type,
    list(
      object(
        [
          ['b', string],
          ['c', number],
        ],
        new Set(['c']),
      ),
    ),
  )
})

t.test('flags and limits are read, those of elements too', async (t) => {
  const plain = attribute({ type: 'integer', minimum: 1, maximum: 9, default: 3, 'x-immutable': true })
  t.match(plain, { integer: true, minimum: 1, maximum: 9, default: 3, immutable: true, computed: false })
  const elements = attribute({
    type: 'array',
    uniqueItems: true,
    maxItems: 4,
    items: { type: 'string', 'x-arn': 'iam-role', enum: ['a'] },
  })
  t.match(elements, { arn: true, arnOf: 'iam-role', enum: ['a'], maxItems: 4 })
  t.strictSame(attribute({ type: 'string', 'x-ref': 'x_other.id' })?.ref, {
    type: 'x_other',
    attribute: 'id',
  })
})

t.test('requirements between attributes become rules', async (t) => {
  const properties = { a: key, b: key, c: key, mode: key }
  const rules = parseSchema(
    resource(
      {
        oneOf: [{ required: ['a'] }, { required: ['b'] }],
        'x-message': 'One of them.',
        allOf: [
          { not: { required: ['a', 'c'] } },
          {
            if: { properties: { mode: { enum: ['x', 'y'] } }, required: ['mode'] },
            // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
            then: {
              required: ['a'],
              anyOf: [{ required: ['b'] }, { required: ['c'] }],
              properties: { b: false },
            },
          },
          { dependentRequired: { b: ['c'] } },
        ],
      },
      properties,
    ),
    'x_thing',
    'resource',
  ).rules
  t.strictSame(rules, [
    { kind: 'exactly-one', attributes: ['a', 'b'], message: 'One of them.' },
    { kind: 'at-most-one', attributes: ['a', 'c'] },
    { kind: 'when', attribute: 'mode', equals: 'x', required: ['a'], anyOf: ['b', 'c'], forbidden: ['b'] },
    { kind: 'when', attribute: 'mode', equals: 'y', required: ['a'], anyOf: ['b', 'c'], forbidden: ['b'] },
    { kind: 'requires', attribute: 'b', required: ['c'] },
  ])
})

t.test('a mistake in a schema file names its place', async (t) => {
  const refused: readonly (readonly [unknown, RegExp])[] = [
    [resource({ color: 'red' }), /x_thing: unknown keyword "color"/],
    [resource({}, { a: { type: 'string', description: 'A.', 'x-keys': true } }), /properties\.a.*"x-keys"/],
    [resource({}, { a: { type: 'string' } }), /properties\.a: needs a description/],
    [resource({}, { a: { type: 'text', description: 'A.' } }), /properties\.a\.type: must be string/],
    [resource({}, { a: { type: 'string', description: 'A.', default: 1 } }), /default: has another type/],
    [resource({}, { a: { type: 'string', description: 'A.', enum: ['x', 2] } }), /enum: 2 has another type/],
    [resource({}, { a: { type: 'string', description: 'A.', 'x-key': false } }), /x-key: must be true/],
    [resource({}, { A: key }), /snake_case/],
    [resource({ required: ['b'] }), /names an attribute "b"/],
    [resource({ required: ['id'] }), /set by|the service sets/],
    [resource({ title: 'x_other' }), /must be the type/],
    [resource({ additionalProperties: true }), /additionalProperties/],
    [resource({ properties: { id } }), /needs a natural key/],
    [resource({ properties: { name: key } }), /"id"/],
    [
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      resource({ if: { properties: { name: { const: 'a' } } }, then: { required: ['id'] } }),
      /if: must require "name"/,
    ],
    [
      resource({ allOf: [{ 'x-not-longer': ['name', 'id'] }] }),
      /x-not-longer: names two attributes, and needs an x-message/,
    ],
    [resource({ allOf: [{ 'x-same-length': ['name'], 'x-message': 'M.' }] }), /x-same-length: names two/],
    [
      resource({}, { a: { type: 'string', description: 'A.', 'x-arn': 'iam-thing' } }),
      /x-arn: must be true or/,
    ],
    [
      resource(
        {},
        {
          a: {
            type: 'object',
            description: 'A.',
            properties: { b: { type: 'string', pattern: 'x' } },
            additionalProperties: false,
          },
        },
      ),
      /properties\.a\.properties\.b: unknown keyword "pattern"/,
    ],
  ]
  for (const [file, message] of refused) t.throws(() => parseSchema(file, 'x_thing', 'resource'), { message })
})

t.test('every schema file of every provider is valid', async (t) => {
  t.ok(providerNames().includes('trifacta'))
  for (const name of providerNames()) t.ok(loadSchemas(name).provider.description)
  const { resources, data } = loadSchemas('trifacta')
  t.strictSame([...resources.keys()], ['trifacta_aws_config', 'trifacta_aws_role', 'trifacta_person'])
  t.strictSame([...data.keys()], ['trifacta_aws_roles', 'trifacta_people', 'trifacta_person'])
  t.throws(() => loadSchemas('../core'), /there is no provider/)
})
