import { readdirSync, readFileSync } from 'node:fs'
import type { Schema } from '../core/schema.js'
import { parseSchema } from '../core/schema-parse.js'

/** All that a provider declares: the settings of its block and its types, by type name (`trifacta_person`). */
export interface ProviderSchemas {
  readonly provider: Schema
  readonly resources: ReadonlyMap<string, Schema>
  readonly data: ReadonlyMap<string, Schema>
}

/** The package's own `schemas/`, seen from `dist/src/providers/`. */
const folder = new URL('../../../schemas/', import.meta.url)

const loaded = new Map<string, ProviderSchemas>()
let names: readonly string[] | undefined

/** The names of all providers: each has a folder in `schemas/`. */
export function providerNames(): readonly string[] {
  names ??= readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return names
}

/**
 * Reads the schemas of a provider, once: `schemas/<provider>/provider.json` holds its settings, `<name>.json` the resource
 * `<provider>_<name>`, and `data-<name>.json` the data source of that name. Throws for a provider that does not exist.
 */
export function loadSchemas(provider: string): ProviderSchemas {
  const known = loaded.get(provider)
  if (known !== undefined) return known
  if (!providerNames().includes(provider)) throw new Error(`there is no provider "${provider}"`)
  const files = readdirSync(new URL(`${provider}/`, folder)).filter((file) => file.endsWith('.json'))
  const resources = new Map<string, Schema>()
  const data = new Map<string, Schema>()
  for (const file of files.sort()) {
    const name = file.slice(0, -'.json'.length)
    if (name === 'provider') continue
    const [kind, into, type] = name.startsWith('data-')
      ? (['data', data, `${provider}_${name.slice('data-'.length)}`] as const)
      : (['resource', resources, `${provider}_${name}`] as const)
    into.set(type, parse(`${provider}/${file}`, type, kind))
  }
  const schemas = { provider: parse(`${provider}/provider.json`, provider, 'provider'), resources, data }
  loaded.set(provider, schemas)
  return schemas
}

function parse(file: string, type: string, kind: Schema['kind']): Schema {
  try {
    return parseSchema(JSON.parse(readFileSync(new URL(file, folder), 'utf8')), type, kind)
  } catch (cause) {
    throw new Error(`schemas/${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
