import type { Provider } from '../core/resource.js'
import { providerNames } from './schemas.js'

export { loadSchemas, type ProviderSchemas, providerNames } from './schemas.js'

const loaded = new Map<string, Promise<Provider>>()

/**
 * Loads a provider with its client, once; `loadSchemas` is enough where nothing is sent. Its module is
 * `providers/<name>/provider` and exports it as `provider`. Rejects for a provider that does not exist.
 */
export function loadProvider(name: string): Promise<Provider> {
  const known = loaded.get(name)
  if (known !== undefined) return known
  const promise = load(name)
  loaded.set(name, promise)
  return promise
}

async function load(name: string): Promise<Provider> {
  // The name becomes part of a path: only one that has a folder of schemas may.
  if (!providerNames().includes(name)) throw new Error(`there is no provider "${name}"`)
  const module: { readonly provider?: Provider } = await import(`./${name}/provider.js`)
  if (module.provider?.name !== name)
    throw new Error(`providers/${name}/provider does not export it as "provider"`)
  return module.provider
}
