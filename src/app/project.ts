import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Ambient, PlanOptions } from '../app.js'
import type { Configuration, FunctionEnvironment } from '../core/configuration.js'
import { type Diagnostic, error, Failure, failOnErrors } from '../core/diagnostic.js'
import type { Schema } from '../core/schema.js'
import type { Value } from '../core/value.js'
import { isConfigurationFile, isVariableFile, loadConfiguration, type SchemaSource } from '../lang/config.js'
import { parseVariableFile, resolveVariables, type VariableFile } from '../lang/variables.js'
import { loadSchemas, providerNames } from '../providers/schemas.js'
import { toolVersion } from './version.js'

/** A folder's configuration, as far as it could be understood. */
export interface Project {
  readonly configuration: Configuration
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads and checks the files of a folder; `sources` gets their texts. */
export function loadProject(folder: string, sources: Map<string, string>): Project {
  const files = readFiles(folder, isConfigurationFile)
  for (const [name, text] of files) sources.set(name, text)
  const loaded = loadConfiguration(files, schemaSource, toolVersion())
  if (loaded.configuration === undefined) throw new Failure(loaded.diagnostics)
  return { configuration: loaded.configuration, diagnostics: loaded.diagnostics }
}

/** Refuses a folder in which nothing is declared: most likely the wrong one. */
export function refuseEmpty(folder: string, sources: ReadonlyMap<string, string>): void {
  if (sources.size > 0) return
  throw new Failure(
    error('app/no-configuration', 'No configuration files', {
      detail: `There is no *.hcl, *.yaml or *.yml file of ours in ${folder}.`,
      help: 'Go to the folder of the configuration, name it with --chdir, or start one with "rolecall init".',
    }),
  )
}

/** The values of the variables, from all their sources. With `partial`, one without a value is left out. */
export function projectVariables(
  project: Project,
  folder: string,
  ambient: Ambient,
  options: Pick<PlanOptions, 'variables'>,
  sources: Map<string, string>,
  partial = false,
): { readonly values: ReadonlyMap<string, Value>; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const read = (name: string, text: string): VariableFile => {
    sources.set(name, text)
    const file = parseVariableFile(text, name)
    diagnostics.push(...file.diagnostics)
    return file
  }
  const automatic = [...readFiles(folder, isVariableFile)].map(([name, text]) => read(name, text))
  const flags = (options.variables ?? []).map((one) =>
    'flag' in one ? one : { file: read(one.file, readVariableFile(resolve(folder, one.file), one.file)) },
  )
  const resolved = resolveVariables(project.configuration, {
    environment: ambient.env,
    files: automatic,
    flags,
    partial,
  })
  return { values: resolved.values, diagnostics: [...diagnostics, ...resolved.diagnostics] }
}

/** The whole configuration with its variables, or a `Failure` with every mistake in both. */
export function readProject(
  folder: string,
  ambient: Ambient,
  options: Pick<PlanOptions, 'variables'>,
  sources: Map<string, string>,
): Project & { readonly variables: ReadonlyMap<string, Value> } {
  const project = loadProject(folder, sources)
  refuseEmpty(folder, sources)
  const { values, diagnostics } = projectVariables(project, folder, ambient, options, sources)
  const all = [...project.diagnostics, ...diagnostics]
  failOnErrors(all)
  return { ...project, diagnostics: all, variables: values }
}

/** What the functions of the language may touch. */
export function functionEnvironment(folder: string, ambient: Ambient): FunctionEnvironment {
  const now = ambient.now()
  return {
    env: (name) => (Object.hasOwn(ambient.env, name) ? ambient.env[name] : undefined),
    readFile: (path) => readFileSync(resolve(folder, path)),
    fileExists: (path) => existsSync(resolve(folder, path)),
    now: () => now,
  }
}

/** The declarations of all providers. */
export const schemaSource: SchemaSource = {
  resource: (type) => schemasOf(type)?.resources.get(type),
  data: (type) => schemasOf(type)?.data.get(type),
  provider: (name) => (providerNames().includes(name) ? loadSchemas(name).provider : undefined),
  types() {
    const all = providerNames().map(loadSchemas)
    return {
      resources: all.flatMap((p) => [...p.resources.keys()]),
      data: all.flatMap((p) => [...p.data.keys()]),
      providers: providerNames(),
    }
  },
}

function schemasOf(
  type: string,
): { resources: ReadonlyMap<string, Schema>; data: ReadonlyMap<string, Schema> } | undefined {
  const provider = providerNames().find((name) => type.startsWith(`${name}_`))
  return provider === undefined ? undefined : loadSchemas(provider)
}

function readFiles(folder: string, isOurs: (name: string) => boolean): Map<string, string> {
  const files = new Map<string, string>()
  for (const entry of list(folder)) {
    if (!entry.isDirectory() && isOurs(entry.name))
      files.set(entry.name, readText(join(folder, entry.name), entry.name))
  }
  return files
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (cause) {
    throw new Failure(
      error('app/no-folder', 'The folder cannot be read', {
        detail: `${folder}: ${(cause as Error).message}`,
      }),
      { cause },
    )
  }
}

function readVariableFile(path: string, name: string): string {
  return readText(path, name)
}

function readText(path: string, name: string): string {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    throw new Failure(
      error('app/unreadable', 'A file cannot be read', { detail: `${name}: ${(cause as Error).message}` }),
      { cause },
    )
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new Failure(
      error('app/not-utf8', 'A file is not UTF-8 text', {
        detail: `${name} holds bytes that are not UTF-8.`,
        help: 'Save it as UTF-8.',
      }),
      { cause },
    )
  }
}
