import type { BodyExpression, Configuration, Reference } from '../core/configuration.js'
import type { Schema } from '../core/schema.js'
import type { SchemaSource } from '../lang/config.js'
import { referencesOf } from './outline.js'
import { reach } from './reach.js'

/**
 * The names of the variables from which secrets come: those that are declared sensitive, and those that an attribute that the
 * schema calls a secret refers to, by way of locals and `for_each` too. Nobody is forced to say `sensitive = true`, and a plan
 * file must not hold the secret all the same.
 */
export function secretVariables(configuration: Configuration, schemas: SchemaSource): ReadonlySet<string> {
  const references: Reference[] = []
  for (const { type, body } of configuration.providers.values())
    references.push(...secretReferences(body, schemas.provider(type)))
  for (const block of configuration.resources.values()) {
    const schema = block.mode === 'data' ? schemas.data(block.type) : schemas.resource(block.type)
    const own = secretReferences(block.body, schema)
    references.push(...own)
    if (own.some(({ subject }) => subject === 'each')) references.push(...(block.forEach?.references ?? []))
  }
  const reached = reach(configuration, references)
  const variables = [...configuration.variables.values()]
  return new Set(
    variables
      .filter(({ name, sensitive }) => sensitive || reached.has(`var.${name}`))
      .map(({ name }) => name),
  )
}

function secretReferences(body: BodyExpression, schema: Schema | undefined): readonly Reference[] {
  const secrets = [...body.declared].filter((name) => schema?.attributes.get(name)?.sensitive === true)
  return secrets.flatMap((name) => referencesOf(body, name))
}
