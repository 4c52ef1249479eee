import type { BodyExpression, Configuration } from '../core/configuration.js'
import type { Schema } from '../core/schema.js'
import type { SchemaSource } from '../lang/config.js'
import { argumentsOf } from './outline.js'

/**
 * The names of the variables from which secrets come: those that are declared sensitive, and those that an attribute that the
 * schema calls a secret refers to, by way of locals and `for_each` too. Nobody is forced to say `sensitive = true`, and a plan
 * file must not hold the secret all the same.
 */
export function secretVariables(configuration: Configuration, schemas: SchemaSource): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { name, sensitive } of configuration.variables.values()) if (sensitive) found.add(name)
  const seen = new Set<string>()
  const follow = (subject: string): void => {
    if (seen.has(subject)) return
    seen.add(subject)
    const [root, name] = subject.split('.')
    if (root === 'var' && name !== undefined) found.add(name)
    else if (root === 'local' && name !== undefined)
      for (const reference of configuration.locals.get(name)?.value.references ?? [])
        follow(reference.subject)
  }
  for (const { type, body } of configuration.providers.values())
    for (const subject of secretReferences(body, schemas.provider(type))) follow(subject)
  for (const block of configuration.resources.values()) {
    const schema = block.mode === 'data' ? schemas.data(block.type) : schemas.resource(block.type)
    for (const subject of secretReferences(block.body, schema)) {
      if (subject === 'each') for (const each of block.forEach?.references ?? []) follow(each.subject)
      else follow(subject)
    }
  }
  return found
}

function secretReferences(body: BodyExpression, schema: Schema | undefined): readonly string[] {
  if (schema === undefined || ![...body.declared].some((name) => schema.attributes.get(name)?.sensitive))
    return []
  return argumentsOf(body).flatMap(({ name, references }) =>
    schema.attributes.get(name)?.sensitive === true ? references : [],
  )
}
