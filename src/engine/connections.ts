import type { Configuration, ProviderBlock } from '../core/configuration.js'
import { error, Failure } from '../core/diagnostic.js'
import { isWhollyKnown } from '../core/equality.js'
import { toPlain } from '../core/plain.js'
import type { Connection, DataType, Provider, ProviderEnvironment, ResourceType } from '../core/resource.js'
import type { Schema } from '../core/schema.js'
import type { Value } from '../core/value.js'

/** The providers that a configuration and its state use, loaded; by type (`trifacta`). */
export type Providers = ReadonlyMap<string, Provider>

export function resourceType(providers: Providers, type: string): ResourceType | undefined {
  for (const provider of providers.values()) {
    const found = provider.resources.get(type)
    if (found !== undefined) return found
  }
  return undefined
}

export function dataType(providers: Providers, type: string): DataType | undefined {
  for (const provider of providers.values()) {
    const found = provider.data.get(type)
    if (found !== undefined) return found
  }
  return undefined
}

export function schemaOf(providers: Providers, mode: 'managed' | 'data', type: string): Schema {
  const schema = (mode === 'data' ? dataType(providers, type) : resourceType(providers, type))?.schema
  if (schema === undefined) throw new Error(`no provider has the type ${type}`)
  return schema
}

/** Connections by the provider's local name, each made once, when first asked for. */
export interface Connections {
  get(localName: string): Promise<Connection>
  close(): Promise<void>
}

/** `settings` evaluates the body of a provider block, once everything that it refers to is there. */
export function createConnections(
  configuration: Configuration,
  providers: Providers,
  environment: ProviderEnvironment,
  settings: (block: ProviderBlock) => Promise<Value>,
): Connections {
  const made = new Map<string, Promise<Connection>>()

  async function connect(localName: string): Promise<Connection> {
    const block = configuration.providers.get(localName)
    const provider = providers.get(block?.type ?? '')
    if (block === undefined || provider === undefined) {
      throw new Failure(
        error('engine/no-provider-block', 'The provider block is gone', {
          detail: `The state holds objects of provider "${localName}", which the configuration does not declare.`,
          help: `Keep the block provider "${localName.split('.')[0]}" until its objects are destroyed, or drop them with "rolecall state rm".`,
        }),
      )
    }
    const value = await settings(block)
    if (!isWhollyKnown(value)) {
      throw new Failure(
        error('engine/settings-not-known', 'The settings of a provider are not known at plan', {
          detail: `provider "${localName}" depends on something that is known only after apply.`,
          ...(block.span && { span: block.span }),
        }),
      )
    }
    const connection = await provider
      .configure(toPlain(value) as never, environment)
      .catch((cause: unknown) => {
        throw atBlock(cause, block)
      })
    return environment.settle === undefined ? connection : { ...connection, settle: environment.settle }
  }

  /** What is wrong with the settings is told once, at the provider block, and not at everything that uses it. */
  function atBlock(cause: unknown, { name, span }: ProviderBlock): unknown {
    if (!(cause instanceof Failure)) return cause
    const place = span === undefined ? {} : { span }
    return new Failure(
      cause.diagnostics.map((d) => ({ address: `provider.${name}`, ...place, ...d })),
      { cause },
    )
  }

  return {
    get(localName) {
      let connection = made.get(localName)
      if (connection === undefined) {
        connection = connect(localName)
        made.set(localName, connection)
      }
      return connection
    },
    async close() {
      for (const connection of made.values()) {
        await connection.then(
          (c) => c.close(),
          () => undefined,
        )
      }
    },
  }
}
