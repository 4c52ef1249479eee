import t from 'tap'
import { parseSchema } from '../../src/core/schema-parse.js'
import { naturalKey } from '../../src/engine/natural-key.js'

const schema = (extra: object) =>
  parseSchema(
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      description: 'Something.',
      type: 'object',
      additionalProperties: false,
      properties: {
        id: { type: 'string', readOnly: true, description: 'Its id.' },
        name: { type: 'string', description: 'Its name.', ...extra },
        team: { type: 'string', 'x-key': true, description: 'Its team.' },
      },
    },
    'x_y',
    'resource',
  )

t.test('case makes a difference in a key, unless the schema says that it does not', async (t) => {
  const key = (extra: object) => naturalKey(schema(extra), { id: '1', name: 'AWS', team: 'A' })
  t.equal(key({ 'x-key': true }), 'name=AWS, team=A')
  t.equal(key({ 'x-key': true, 'x-ignore-case': true }), 'name=aws, team=A')
  t.throws(() => schema({ 'x-ignore-case': true }), /x-ignore-case needs x-key/)
})
