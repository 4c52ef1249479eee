import { resolve } from 'node:path'
import type { Settings } from '../core/configuration.js'
import { error, Failure } from '../core/diagnostic.js'
import type { StateStore } from '../core/state.js'
import type { Value } from '../core/value.js'
import { fileStore } from './file.js'

export type StateSetting = NonNullable<Settings['state']>

export interface StoreEnvironment {
  /** The configuration folder: relative paths start here. */
  readonly folder: string
  random(bytes: number): Uint8Array
}

interface StoreType {
  readonly settings: readonly string[]
  open(setting: StateSetting, environment: StoreEnvironment): Promise<StateStore>
}

const types: ReadonlyMap<string, StoreType> = new Map([['file', { settings: ['path'], open: openFile }]])

/** Where the state is when the configuration does not say. */
export const defaultPath = '.rolecall/state'

/**
 * The store that a `state` block names; without a block a folder in the configuration folder. Touches nothing yet. Throws a
 * `Failure`: `state/unknown-type`, `state/unknown-setting`, `state/invalid-setting`.
 */
export async function openStore(
  setting: StateSetting | undefined,
  environment: StoreEnvironment,
): Promise<StateStore> {
  if (setting === undefined) return folder(defaultPath, environment)
  const { span } = setting
  const type = types.get(setting.type)
  if (type === undefined) {
    throw new Failure(
      error('state/unknown-type', 'Unknown type of state', {
        detail: `There is no state "${setting.type}".`,
        help: `Known types: ${[...types.keys()].map((known) => `"${known}"`).join(', ')}.`,
        span,
      }),
    )
  }
  const unknown = [...setting.settings.keys()].filter((name) => !type.settings.includes(name))
  if (unknown.length > 0) {
    throw new Failure(
      unknown.map((name) =>
        error('state/unknown-setting', 'Unknown setting of a state', {
          detail: `state "${setting.type}" has no setting "${name}".`,
          help: `Its settings: ${type.settings.join(', ')}.`,
          span,
        }),
      ),
    )
  }
  return type.open(setting, environment)
}

async function openFile(setting: StateSetting, environment: StoreEnvironment): Promise<StateStore> {
  return folder(textSetting(setting, 'path') ?? defaultPath, environment)
}

function folder(path: string, { folder, random }: StoreEnvironment): StateStore {
  return fileStore({ path: resolve(folder, path), where: path, random })
}

function textSetting(setting: StateSetting, name: string): string | undefined {
  const value: Value | undefined = setting.settings.get(name)
  if (value === undefined || value.kind === 'null') return undefined
  if (value.kind === 'string' && value.value !== '') return value.value
  throw new Failure(
    error('state/invalid-setting', 'Invalid setting of a state', {
      detail: `"${name}" of state "${setting.type}" must be a text that is not empty.`,
      span: setting.span,
    }),
  )
}
