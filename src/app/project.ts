import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Ambient, PlanOptions } from '../app.js'
import type { Configuration, FunctionEnvironment, Loaded } from '../core/configuration.js'
import { type Diagnostic, error, Failure, failOnErrors, hasErrors } from '../core/diagnostic.js'
import { fileReason } from '../core/file-error.js'
import type { Provider } from '../core/resource.js'
import type { Value } from '../core/value.js'
import { providerOfType } from '../lang/config/schema-source.js'
import {
  coverUp,
  coverUpAfter,
  inTextOrder,
  isConfigurationFile,
  isVariableFile,
  loadConfiguration,
  type SchemaSource,
} from '../lang/config.js'
import { parseVariableFile, resolveVariables, type VariableFile } from '../lang/variables.js'
import { loadSchemas, type ProviderSchemas, providerNames } from '../providers/schemas.js'
import type { AwsSource } from './aws.js'
import { neededToDestroy, withoutMistakesElsewhere } from './needed-to-destroy.js'
import { toolVersion } from './version.js'

/** A folder's configuration, as far as it could be understood. */
export interface Project extends Pick<Loaded, 'declarationAt' | 'doubtful'> {
  readonly configuration: Configuration
  readonly diagnostics: readonly Diagnostic[]
}

/** A folder and what it is read with; `sources` gets the texts of its files. */
export interface Place {
  readonly folder: string
  readonly ambient: Ambient
  readonly sources: Map<string, string>
  /** Gets the AWS that the configuration names. */
  readonly aws?: Pick<AwsSource, 'declare'>
}

/** Reads and checks the files of a folder. */
export function loadProject({ folder, ambient, sources, aws }: Place): Project {
  const files = readFiles(folder, isConfigurationFile)
  for (const [name, text] of files) sources.set(name, text)
  const loaded = loadConfiguration(files, schemaSource(ambient.test?.providers), toolVersion())
  for (const [name, text] of loaded.sources) sources.set(name, text)
  if (loaded.configuration === undefined) throw new Failure(loaded.diagnostics)
  aws?.declare(loaded.configuration.settings.aws)
  return { ...loaded, configuration: loaded.configuration }
}

/** Refuses a folder in which nothing is declared: most likely the wrong one. */
export function refuseEmpty({ folder, sources }: Pick<Place, 'folder' | 'sources'>): void {
  if (sources.size > 0) return
  throw new Failure(
    error('app/no-configuration', 'No configuration files', {
      detail: `There is no *.hcl, *.yaml or *.yml file of ours in ${folder}.`,
      help: 'Go to the folder of the configuration, name it with --chdir, or start one with "rolecall init".',
    }),
  )
}

/**
 * The values of the variables, from all their sources. With `partial`, one without a value is left out; with `only`, all others
 * are.
 */
export function projectVariables(
  { folder, ambient, sources }: Place,
  project: Project,
  options: Pick<PlanOptions, 'variables'>,
  { partial = false, only }: { readonly partial?: boolean; readonly only?: ReadonlySet<string> } = {},
): { readonly values: ReadonlyMap<string, Value>; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const read = (name: string, text: string): VariableFile => {
    const file = parseVariableFile(text, name)
    const { variables } = project.configuration
    // A name that is not declared may be a secret's, misspelt.
    const isShown = (variable: string) => variables.get(variable)?.sensitive === false
    const secret = [...file.values].filter(([variable]) => !isShown(variable))
    const hidden = secret.map(([, { span }]) => span)
    const covered = coverUp(name, text, hidden)
    // In a broken file a value may stand where none was found.
    const broken = hasErrors(file.diagnostics)
    sources.set(name, broken ? coverUpAfter(covered, (variable) => !isShown(variable)) : covered)
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
    doubtful: project.doubtful,
    ...(only !== undefined && { only }),
  })
  return { values: resolved.values, diagnostics: [...diagnostics, ...resolved.diagnostics] }
}

export type WithVariables = Project & { readonly variables: ReadonlyMap<string, Value> }

/**
 * The configuration with its variables, or a `Failure` with every mistake in both. To destroy, only what the providers need has
 * to be right.
 */
export function readProject(place: Place, options: Pick<PlanOptions, 'variables' | 'mode'>): WithVariables {
  const found = findProject(place, options)
  failOnErrors(found.diagnostics)
  return found
}

/**
 * The same for a walk that is to change something: refuses every mistake that can be found without asking a service, in all blocks at
 * once, because an engine that walks stops at what depends on a mistake, and by then has asked. `review` gives the values that count.
 */
export async function readSoundProject(
  place: Place,
  options: Pick<PlanOptions, 'variables' | 'mode'>,
  review: (found: WithVariables['variables']) => WithVariables['variables'] = (found) => found,
): Promise<WithVariables> {
  const found = findProject(place, options)
  if (options.mode === 'destroy') {
    failOnErrors(found.diagnostics)
    return { ...found, variables: review(found.variables) }
  }
  const project = hasErrors(found.diagnostics) ? found : { ...found, variables: review(found.variables) }
  failOnErrors(await allMistakes(place, project))
  return project
}

function findProject(place: Place, options: Pick<PlanOptions, 'variables' | 'mode'>): WithVariables {
  const loaded = loadProject(place)
  refuseEmpty(place)
  const needed = options.mode === 'destroy' ? neededToDestroy(loaded.configuration) : undefined
  const project = needed === undefined ? loaded : withoutMistakesElsewhere(loaded, needed)
  const only = needed === undefined ? {} : { only: needed.variables }
  const { values, diagnostics } = projectVariables(place, project, options, only)
  return { ...project, diagnostics: [...project.diagnostics, ...diagnostics], variables: values }
}

/** What is known to be wrong, and what evaluating everything without services finds besides, in the order of the text. */
export async function allMistakes(place: Place, project: WithVariables): Promise<readonly Diagnostic[]> {
  const { validateConfiguration } = await import('../lang/validate.js')
  const schemas = schemaSource(place.ambient.test?.providers)
  const { configuration, variables, diagnostics } = project
  const found = validateConfiguration(configuration, schemas, variables, functionEnvironment(place), project)
  return inTextOrder([...diagnostics, ...found])
}

/** What the functions of the language may touch. */
export function functionEnvironment({ folder, ambient }: Place): FunctionEnvironment {
  const now = ambient.now()
  return {
    env: (name) => (Object.hasOwn(ambient.env, name) ? ambient.env[name] : undefined),
    readFile: (path) => readFileSync(resolve(folder, path)),
    fileExists: (path) => existsSync(resolve(folder, path)),
    folder,
    now: () => now,
  }
}

/** The declarations of all providers: those that are built in, and `more`. */
export function schemaSource(more: ReadonlyMap<string, Provider> = noProviders): SchemaSource {
  const names = () => [...providerNames(), ...more.keys()]
  const schemas = (name: string): ProviderSchemas | undefined => {
    const provider = more.get(name)
    if (provider !== undefined) return schemasOf(provider)
    return providerNames().includes(name) ? loadSchemas(name) : undefined
  }
  const ofType = (type: string) => schemas(providerOfType(type))
  return {
    resource: (type) => ofType(type)?.resources.get(type),
    data: (type) => ofType(type)?.data.get(type),
    provider: (name) => schemas(name)?.provider,
    types() {
      const all = names().flatMap((name) => schemas(name) ?? [])
      return {
        resources: all.flatMap((p) => [...p.resources.keys()]),
        data: all.flatMap((p) => [...p.data.keys()]),
        providers: names(),
      }
    },
  }
}

const noProviders: ReadonlyMap<string, Provider> = new Map()

function schemasOf(provider: Provider): ProviderSchemas {
  return {
    provider: provider.schema,
    resources: new Map([...provider.resources].map(([name, type]) => [name, type.schema])),
    data: new Map([...provider.data].map(([name, type]) => [name, type.schema])),
  }
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
        detail: `${folder}: ${fileReason(cause)}`,
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
      error('app/unreadable', 'A file cannot be read', { detail: `${name}: ${fileReason(cause)}` }),
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
