import { always, type Codec, choice, count, flag, listOf, optional, record, text } from './codec.js'

/**
 * What a configuration declares, without its values: what a saved plan keeps of it for tools that ask who refers to what.
 * References are at the level of blocks, as `Reference.subject`: `var.x`, `trifacta_person.jane`, `each`.
 */
export interface Outline {
  readonly providers: readonly OutlinedProvider[]
  readonly variables: readonly OutlinedVariable[]
  readonly resources: readonly OutlinedResource[]
  readonly outputs: readonly OutlinedOutput[]
}

export interface OutlinedProvider {
  /** `trifacta` or `trifacta.eu`. */
  readonly key: string
  readonly type: string
  readonly arguments: readonly OutlinedArgument[]
}

export interface OutlinedVariable {
  readonly name: string
  readonly description?: string
  readonly sensitive: boolean
}

export interface OutlinedResource {
  /** Of the block. */
  readonly address: string
  readonly mode: 'managed' | 'data'
  readonly type: string
  readonly name: string
  readonly provider: string
  readonly schemaVersion: number
  readonly arguments: readonly OutlinedArgument[]
  readonly forEach?: readonly string[]
  readonly count?: readonly string[]
  readonly dependsOn: readonly string[]
}

export interface OutlinedOutput {
  readonly name: string
  readonly description?: string
  readonly sensitive: boolean
  readonly references: readonly string[]
  readonly dependsOn: readonly string[]
}

/** An argument that is written in a block, and what it refers to. */
export interface OutlinedArgument {
  readonly name: string
  readonly references: readonly string[]
}

const names = listOf(text)
const argumentList = listOf(record<OutlinedArgument>({ name: always(text), references: always(names) }))

/** How an outline is written in a saved plan. */
export const outlineCodec: Codec<Outline> = record<Outline>({
  providers: always(
    listOf(
      record<OutlinedProvider>({
        key: always(text),
        type: always(text),
        arguments: always(argumentList),
      }),
    ),
  ),
  variables: always(
    listOf(
      record<OutlinedVariable>({
        name: always(text),
        description: optional(text),
        sensitive: always(flag),
      }),
    ),
  ),
  resources: always(
    listOf(
      record<OutlinedResource>({
        address: always(text),
        mode: always(choice('managed', 'data')),
        type: always(text),
        name: always(text),
        provider: always(text),
        schemaVersion: always(count),
        arguments: always(argumentList),
        forEach: optional(names),
        count: optional(names),
        dependsOn: always(names),
      }),
    ),
  ),
  outputs: always(
    listOf(
      record<OutlinedOutput>({
        name: always(text),
        description: optional(text),
        sensitive: always(flag),
        references: always(names),
        dependsOn: always(names),
      }),
    ),
  ),
})
