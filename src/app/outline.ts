import type { BodyExpression, Configuration, Expression, Reference } from '../core/configuration.js'
import type { Outline, OutlinedArgument } from '../core/outline.js'
import { compareCodePoints } from '../core/type.js'
import type { SchemaSource } from '../lang/config.js'

/** What a configuration declares, for a saved plan. Holds no values, so no secrets. */
export function outlineOf(configuration: Configuration, schemas: SchemaSource): Outline {
  return {
    providers: [...configuration.providers.values()].map(({ name, type, body }) => ({
      key: name,
      type,
      arguments: argumentsOf(body),
    })),
    variables: [...configuration.variables.values()].map(({ name, description, sensitive }) => ({
      name,
      sensitive,
      ...(description !== undefined && { description }),
    })),
    resources: [...configuration.resources.values()].map((block) => ({
      address: block.address,
      mode: block.mode,
      type: block.type,
      name: block.name,
      provider: block.provider,
      schemaVersion:
        (block.mode === 'data' ? schemas.data(block.type) : schemas.resource(block.type))?.version ?? 0,
      arguments: argumentsOf(block.body),
      ...(block.forEach !== undefined && { forEach: subjectsOf(block.forEach) }),
      ...(block.count !== undefined && { count: subjectsOf(block.count) }),
      dependsOn: subjects(block.dependsOn),
    })),
    outputs: [...configuration.outputs.values()].map(
      ({ name, description, sensitive, value, dependsOn }) => ({
        name,
        sensitive,
        references: subjectsOf(value),
        dependsOn: subjects(dependsOn),
        ...(description !== undefined && { description }),
      }),
    ),
  }
}

function argumentsOf(body: BodyExpression): readonly OutlinedArgument[] {
  return [...body.declared]
    .sort(compareCodePoints)
    .map((name) => ({ name, references: subjects(referencesOf(body, name)) }))
}

/** The references of one attribute of a body: those that stand in its text. */
export function referencesOf(body: BodyExpression, attribute: string): readonly Reference[] {
  const span = body.attributeSpan(attribute)
  if (span === undefined) return []
  const { start, end } = span
  return body.references.filter(
    ({ span: own }) => own.start.offset >= start.offset && own.end.offset <= end.offset,
  )
}

function subjectsOf(expression: Expression): readonly string[] {
  return subjects(expression.references)
}

function subjects(references: readonly Reference[]): readonly string[] {
  return [...new Set(references.map(({ subject }) => subject))]
}
