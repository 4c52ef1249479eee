import type { Attribute, Schema } from '../core/schema.js'
import { typeToJson } from '../core/type-json.js'
import type { Writable } from './json-text.js'

/** What one provider declares. */
export interface DeclaredSchemas {
  readonly provider: Schema
  readonly resources: readonly Schema[]
  readonly data: readonly Schema[]
}

/** What `providers schema --json` writes, in Terraform's form; keywords of our own are under `rolecall` of each attribute. */
export function schemasJson(providers: ReadonlyMap<string, DeclaredSchemas>): Writable {
  return {
    format_version: '1.0',
    provider_schemas: new Map(
      [...providers].map(([name, { provider, resources, data }]): [string, Writable] => [
        name,
        {
          provider: schemaJson(provider),
          resource_schemas: byType(resources),
          data_source_schemas: byType(data),
        },
      ]),
    ),
  }
}

function byType(schemas: readonly Schema[]): ReadonlyMap<string, Writable> {
  return new Map(schemas.map((schema): [string, Writable] => [schema.type, schemaJson(schema)]))
}

function schemaJson(schema: Schema): Writable {
  const attributes = [...schema.attributes.values()].map((attribute): [string, Writable] => [
    attribute.name,
    attributeJson(attribute),
  ])
  return {
    version: schema.version,
    block: {
      attributes: new Map(attributes),
      description: schema.description,
      description_kind: 'plain',
    },
  }
}

/** Only what is so, and not what is not: as Terraform writes it. */
const yes = (is: boolean): true | undefined => (is ? true : undefined)

function attributeJson(attribute: Attribute): Writable {
  const { required, readOnly, computed } = attribute
  return {
    type: typeToJson(attribute.type),
    description: attribute.description,
    description_kind: 'plain',
    required: yes(required),
    optional: yes(!required && !readOnly),
    computed: yes(readOnly || computed),
    sensitive: yes(attribute.sensitive),
    rolecall: {
      default: attribute.default as Writable | undefined,
      enum: attribute.enum as Writable | undefined,
      pattern: attribute.pattern?.source,
      write_only: yes(attribute.writeOnly),
      immutable: yes(attribute.immutable),
      volatile: yes(attribute.volatile),
      natural_key: yes(attribute.key),
      document: yes(attribute.json || attribute.policy !== undefined),
      refers_to: attribute.ref === undefined ? undefined : `${attribute.ref.type}.${attribute.ref.attribute}`,
      follows: attribute.follows.length === 0 ? undefined : [...attribute.follows],
    },
  }
}
