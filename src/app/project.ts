import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Ambient, PlanOptions } from '../app.js'
import type { Configuration, FunctionEnvironment, Loaded } from '../core/configuration.js'
import { type Diagnostic, error, Failure, failOnErrors } from '../core/diagnostic.js'
import type { Provider } from '../core/resource.js'
import type { Value } from '../core/value.js'
import { providerOfType } from '../lang/config/schema-source.js'
import { inTextOrder, isConfigurationFile, loadConfiguration, type SchemaSource } from '../lang/config.js'
import { loadSchemas, type ProviderSchemas, providerNames } from '../providers/schemas.js'
import type { AwsSource } from './aws.js'
import { readFolder } from './folder-files.js'
import { listFolder } from './folder-listing.js'
import { neededToDestroy, withoutMistakesElsewhere } from './needed-to-destroy.js'
import { projectVariables } from './project-variables.js'
import { readRegularFile } from './regular-file.js'
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
  const files = readFolder(folder, isConfigurationFile)
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

export interface WithVariables extends Project {
  readonly variables: ReadonlyMap<string, Value>
  /** Those that have their default's value, because no source gives one. */
  readonly byDefault: ReadonlySet<string>
}

/**
 * The configuration with its variables, for a walk: refuses every mistake that can be found without asking a service, in all blocks
 * at once, because an engine that walks stops at what depends on a mistake, and by then has asked. To destroy, only what the
 * providers need has to be right. `settled` are the values that a saved plan holds.
 */
export async function readSoundProject(
  place: Place,
  options: Pick<PlanOptions, 'variables' | 'mode'>,
  settled?: WithVariables['variables'],
): Promise<WithVariables> {
  const project = await findProject(place, options, settled)
  failOnErrors(options.mode === 'destroy' ? project.diagnostics : await allMistakes(place, project))
  return project
}

async function findProject(
  place: Place,
  options: Pick<PlanOptions, 'variables' | 'mode'>,
  settled: WithVariables['variables'] | undefined,
): Promise<WithVariables> {
  const loaded = loadProject(place)
  refuseEmpty(place)
  const needed = options.mode === 'destroy' ? neededToDestroy(loaded.configuration) : undefined
  const project = needed === undefined ? loaded : withoutMistakesElsewhere(loaded, needed)
  const found = await projectVariables(place, project, options, {
    ...(settled !== undefined && { settled }),
    asks: true,
    ...(needed !== undefined && { only: needed.variables }),
  })
  const { values, diagnostics, byDefault } = found
  return { ...project, diagnostics: [...project.diagnostics, ...diagnostics], variables: values, byDefault }
}

/** What is known to be wrong, and what evaluating everything without services finds besides, in the order of the text. */
export async function allMistakes(
  place: Place,
  project: Omit<WithVariables, 'byDefault'>,
): Promise<readonly Diagnostic[]> {
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
    readFile: (path) => readRegularFile(resolve(folder, path)),
    fileExists: (path) => existsSync(resolve(folder, path)),
    listFolder: (path) => listFolder(resolve(folder, path)),
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
