import type { PlanOptions } from '../app.js'
import type { Configuration } from '../core/configuration.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { Provider, ProviderEnvironment } from '../core/resource.js'
import type { State } from '../core/state.js'
import type { Value } from '../core/value.js'
import type { Providers } from '../engine/connections.js'
import { fingerprintsWith } from '../engine/record.js'
import { defaultOptions, type WalkInput, type WalkOptions } from '../engine/walk-context.js'
import { providerOfType } from '../lang/config/schema-source.js'
import { loadProvider, providerNames } from '../providers/registry.js'
import type { AwsSource } from './aws.js'
import type { Planes } from './planes.js'
import { functionEnvironment, type Place } from './project.js'
import { readText } from './regular-file.js'
import { random, randomHex } from './system.js'

/** What all operations of one command on a folder share. */
export interface Session extends Place {
  readonly planes: Planes
  readonly aws: AwsSource
}

export interface WalkSource {
  readonly configuration: Configuration
  readonly variables: ReadonlyMap<string, Value>
  readonly state: State
  readonly fingerprintKey: string
  readonly options: WalkOptions
  readonly blocked?: ReadonlySet<string>
}

/** Loads the providers that the configuration and the state use, and nothing else. */
export async function walkInput(session: Session, source: WalkSource): Promise<WalkInput> {
  const { ambient } = session
  return {
    configuration: source.configuration,
    variables: source.variables,
    state: source.state,
    providers: await loadProviders(session, source),
    providerEnvironment: providerEnvironment(session, source.options.parallelism),
    functions: functionEnvironment(session),
    fingerprints: fingerprintsWith(source.fingerprintKey),
    options: source.options,
    blocked: source.blocked ?? new Set(),
    signal: ambient.stop,
    progress: (event) => ambient.progress(event),
  }
}

async function loadProviders({ ambient }: Session, { configuration, state }: WalkSource): Promise<Providers> {
  const names = new Set<string>()
  for (const block of configuration.providers.values()) names.add(block.type)
  for (const row of state.rows.values()) names.add(providerOfType(row.type))
  for (const entry of state.open.values()) names.add(providerOfType(entry.type ?? entry.row?.type ?? ''))
  const known = providerNames()
  const loaded = new Map<string, Provider>(ambient.test?.providers)
  for (const name of names)
    if (known.includes(name) && !loaded.has(name)) loaded.set(name, await loadProvider(name))
  return loaded
}

function providerEnvironment({ ambient, planes }: Session, concurrency: number): ProviderEnvironment {
  return {
    env: (name) => ambient.env[name],
    embedded: (path, options) => planes.open(path, options),
    now: () => ambient.now(),
    random,
    concurrency,
    readText: (path) => readText(path, ambient.env.HOME),
    ...(ambient.test?.settle !== undefined && { settle: ambient.test.settle }),
    ...(ambient.env.ROLECALL_LOG === 'trace' && ambient.trace !== undefined && { trace: ambient.trace }),
  }
}

export function walkOptions(options: PlanOptions): WalkOptions {
  return {
    ...defaultOptions,
    mode: options.mode ?? 'normal',
    refresh: options.refresh ?? true,
    targets: options.targets ?? [],
    excludes: options.excludes ?? [],
    replace: options.replace ?? [],
    parallelism: options.parallelism ?? defaultOptions.parallelism,
    adopt: options.adopt ?? true,
    rebind: options.rebind ?? false,
    allowDeletes: options.allowDeletes,
  }
}

/** The key of a state that has none yet. */
export function freshKey(): string {
  return randomHex(32)
}

export function warningsOf(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter((d) => d.severity === 'warning')
}
