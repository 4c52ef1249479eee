import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'

const require = createRequire(import.meta.url)
let loaded: typeof Yaml | undefined

/**
 * The YAML library, loaded when a YAML text is there: most folders have none, and loading takes longer than reading them. In
 * one step, because what reads files does not wait.
 */
export function library(): typeof Yaml {
  loaded ??= require('yaml') as typeof Yaml
  return loaded
}

export function isAlias(node: unknown): node is Yaml.Alias {
  return library().isAlias(node)
}

export function isMap(node: unknown): node is Yaml.YAMLMap<unknown, unknown> {
  return library().isMap(node)
}

export function isScalar(node: unknown): node is Yaml.Scalar<unknown> {
  return library().isScalar(node)
}

export function isSeq(node: unknown): node is Yaml.YAMLSeq<unknown> {
  return library().isSeq(node)
}
