import type { Json } from '../../src/core/json.js'
import type { Schema } from '../../src/core/schema.js'
import { parseSchema } from '../../src/core/schema-parse.js'
import type { SchemaSource } from '../../src/lang/config.js'

/** A small provider for the tests of the language: few attributes, and one of every kind that the checks tell apart. */
function schema(
  type: string,
  kind: Schema['kind'],
  properties: Record<string, Json>,
  more: Record<string, Json> = {},
): Schema {
  return parseSchema(
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: false,
      description: `The ${type} of the tests.`,
      properties,
      ...more,
    },
    type,
    kind,
  )
}

const text = { type: 'string', description: 'Text.' }
const id = { ...text, readOnly: true }

const resources = new Map<string, Schema>([
  [
    'trifacta_person',
    schema(
      'trifacta_person',
      'resource',
      {
        id,
        email: { ...text, minLength: 3, 'x-key': true },
        name: { ...text, 'x-computed': true },
        password: { ...text, writeOnly: true, 'x-sensitive': true },
        is_admin: { type: 'boolean', description: 'A bool.', default: false },
      },
      { required: ['email'] },
    ),
  ],
  [
    'trifacta_aws_config',
    schema(
      'trifacta_aws_config',
      'resource',
      {
        id,
        person_id: { ...text, 'x-key': true, 'x-ref': 'trifacta_person.id' },
        workspace_id: { ...text, 'x-key': true },
        credential_provider: { ...text, enum: ['default', 'temporary'] },
        role: { ...text, 'x-arn': true },
        default_bucket: { ...text, 'x-bucket': true },
        extra_buckets: {
          type: 'array',
          items: { type: 'string' },
          uniqueItems: true,
          default: [],
          description: 'A set.',
        },
        external_id: { ...text, readOnly: true },
      },
      {
        required: ['default_bucket'],
        allOf: [
          { oneOf: [{ required: ['person_id'] }, { required: ['workspace_id'] }] },
          {
            if: {
              properties: { credential_provider: { const: 'temporary' } },
              required: ['credential_provider'],
            },
            // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so
            then: { required: ['role'] },
          },
        ],
      },
    ),
  ],
  [
    'vault_aws_role',
    schema('vault_aws_role', 'resource', {
      id,
      name: { ...text, 'x-key': true },
      policy: { ...text, 'x-json': true },
      tags: { type: 'object', additionalProperties: { type: 'string' }, description: 'A map.' },
      ttl: { type: 'integer', minimum: 0, description: 'A number.' },
    }),
  ],
])
const data = new Map<string, Schema>([
  [
    'trifacta_person',
    schema('trifacta_person', 'data', { email: text, id, external_id: id }, { required: ['email'] }),
  ],
  [
    'trifacta_people',
    schema('trifacta_people', 'data', {
      domain: text,
      ids: { type: 'array', items: { type: 'string' }, readOnly: true, description: 'A list.' },
    }),
  ],
])
const providers = new Map<string, Schema>([
  [
    'trifacta',
    schema('trifacta', 'provider', {
      endpoint: text,
      token: { ...text, 'x-sensitive': true },
      timeout: { type: 'integer', minimum: 1, default: 30, description: 'Seconds.' },
    }),
  ],
  ['vault', schema('vault', 'provider', { endpoint: text }, { required: ['endpoint'] })],
])

export const testSchemas: SchemaSource = {
  resource: (type) => resources.get(type),
  data: (type) => data.get(type),
  provider: (name) => providers.get(name),
  types: () => ({
    resources: [...resources.keys()],
    data: [...data.keys()],
    providers: [...providers.keys()],
  }),
}
