import type { Outline, OutlinedArgument } from '../core/outline.js'
import type { Writable } from './json-text.js'

/** The `configuration` of a plan document: which blocks there are and what they refer to. Constant values are left out. */
export function configurationJson(outline: Outline): Writable {
  return {
    provider_config: new Map(
      outline.providers.map((provider) => [
        provider.key,
        {
          name: provider.type,
          full_name: provider.type,
          alias: provider.key === provider.type ? undefined : provider.key.slice(provider.type.length + 1),
          expressions: expressions(provider.arguments),
        },
      ]),
    ),
    root_module: {
      outputs: new Map(
        outline.outputs.map((output) => [
          output.name,
          {
            sensitive: output.sensitive ? true : undefined,
            expression: expression(output.references),
            depends_on: some(output.dependsOn),
            description: output.description,
          },
        ]),
      ),
      resources: outline.resources.map((block) => ({
        address: block.address,
        mode: block.mode,
        type: block.type,
        name: block.name,
        provider_config_key: block.provider,
        expressions: expressions(block.arguments) ?? {},
        schema_version: block.schemaVersion,
        for_each_expression: block.forEach === undefined ? undefined : expression(block.forEach),
        count_expression: block.count === undefined ? undefined : expression(block.count),
        depends_on: some(block.dependsOn),
      })),
      variables: new Map(
        outline.variables.map(({ name, description, sensitive }) => [
          name,
          { description, sensitive: sensitive ? true : undefined },
        ]),
      ),
    },
  }
}

function expressions(all: readonly OutlinedArgument[]): Writable | undefined {
  return all.length === 0
    ? undefined
    : new Map(all.map(({ name, references }) => [name, expression(references)]))
}

function expression(references: readonly string[]): Writable {
  return { references: some(references) }
}

function some(names: readonly string[]): Writable | undefined {
  return names.length === 0 ? undefined : [...names]
}
