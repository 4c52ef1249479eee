import type { Json, JsonObject } from '../../core/json.js'
import { invalid, quoted } from './api-error.js'
import { parseVaultDuration, toSeconds } from './durations.js'
import { type Fields, readFields } from './fields.js'
import type { VaultGeneration } from './service.js'
import type { MountTable } from './tables.js'

/** What a mount was enabled and tuned with. */
export interface MountSettings {
  readonly description: string
  readonly options: JsonObject | null
  readonly local: boolean
  readonly seal_wrap: boolean
  readonly external_entropy_access: boolean
  readonly config: MountConfig
}

export interface MountConfig {
  /** Seconds; 0: as the system. */
  readonly default_lease_ttl: number
  readonly max_lease_ttl: number
  readonly force_no_cache: boolean
  readonly audit_non_hmac_request_keys?: readonly string[]
  readonly audit_non_hmac_response_keys?: readonly string[]
  readonly passthrough_request_headers?: readonly string[]
  readonly allowed_response_headers?: readonly string[]
  readonly listing_visibility?: string
  readonly plugin_version?: string
  readonly identity_token_key?: string
}

export interface Mount extends Omit<MountTable, 'settings'> {
  readonly settings: MountSettings
}

/** Seconds: 768 hours, both the default and the most of a system that is not told otherwise. */
export const systemLeaseTtl = 2_764_800

export function mountOf(row: MountTable): Mount {
  return { ...row, settings: JSON.parse(row.settings) }
}

/** The longest that a lease of the mount may be, in seconds. */
export function maxLeaseTtl({ settings: { config } }: Mount): number {
  return config.max_lease_ttl === 0 ? systemLeaseTtl : config.max_lease_ttl
}

/** How long a lease of the mount is if nothing is said, in seconds. */
export function defaultLeaseTtl(mount: Mount): number {
  const { default_lease_ttl: own } = mount.settings.config
  return Math.min(own === 0 ? systemLeaseTtl : own, maxLeaseTtl(mount))
}

/** The settings that the body of an enable gives. Throws a 400. */
export function readNewSettings(fields: Fields): MountSettings {
  const config = readFields(fields.object('config') ?? {})
  const ttl = (name: 'default' | 'max') => parseTtl(config.text(`${name}_lease_ttl`), name) ?? 0
  const [byDefault, max] = [ttl('default'), ttl('max')]
  if (max !== 0 && byDefault > max) throw invalid('given default lease TTL greater than given max lease TTL')
  if (max === 0 && byDefault > systemLeaseTtl)
    throw invalid(`given default lease TTL greater than system max lease TTL of ${systemLeaseTtl}`)
  const options = readOptions(fields)
  return {
    description: fields.text('description') ?? '',
    options: options ?? null,
    local: fields.flag('local') ?? false,
    seal_wrap: fields.flag('seal_wrap') ?? false,
    external_entropy_access: fields.flag('external_entropy_access') ?? false,
    config: {
      default_lease_ttl: byDefault,
      max_lease_ttl: max,
      force_no_cache: config.flag('force_no_cache') ?? false,
      ...readTunable(config),
      ...present('plugin_version', config.text('plugin_version') ?? fields.text('plugin_version')),
    },
  }
}

/** The settings after a tune, which changes only what it names. Throws a 400. */
export function tuned(before: MountSettings, fields: Fields): MountSettings {
  const { config } = before
  const byDefault = parseTtl(fields.text('default_lease_ttl'), 'default') ?? config.default_lease_ttl
  const max = parseTtl(fields.text('max_lease_ttl'), 'max') ?? config.max_lease_ttl
  if (max !== 0 && byDefault > max)
    throw invalid(
      `backend max lease TTL of ${max} would be less than backend default lease TTL of ${byDefault}`,
    )
  return {
    ...before,
    description: fields.text('description') ?? before.description,
    options: readOptions(fields) ?? before.options,
    config: {
      ...config,
      default_lease_ttl: byDefault,
      max_lease_ttl: max,
      ...readTunable(fields),
      ...present('plugin_version', fields.text('plugin_version')),
    },
  }
}

/** As `sys/mounts` tells of a mount. */
export function presentMount(mount: Mount, generation: VaultGeneration): JsonObject {
  const { description, options, local, seal_wrap, external_entropy_access, config } = mount.settings
  const old = {
    accessor: mount.accessor,
    config: shownConfig(config),
    description,
    local,
    options,
    seal_wrap,
    type: 'aws',
  }
  if (generation === '1.0') return old
  return {
    ...old,
    external_entropy_access,
    plugin_version: config.plugin_version ?? '',
    running_plugin_version: 'v1.21.0+builtin.vault',
    running_sha256: '',
    uuid: mount.id,
  }
}

/** As a tune is read back: what the system decides is filled in. */
export function presentTuning(mount: Mount): JsonObject {
  const { description, options, config } = mount.settings
  const { default_lease_ttl: _default, max_lease_ttl: _max, ...rest } = shownConfig(config)
  return {
    ...rest,
    description,
    default_lease_ttl: defaultLeaseTtl(mount),
    max_lease_ttl: maxLeaseTtl(mount),
    ...(options === null ? {} : { options }),
  }
}

function shownConfig(config: MountConfig): JsonObject {
  const shown: Record<string, Json> = {}
  for (const [name, value] of Object.entries(config) as [string, Json][])
    if (value !== '' && !(Array.isArray(value) && value.length === 0)) shown[name] = value
  return shown
}

function readTunable(fields: Fields) {
  const visibility = fields.text('listing_visibility')
  if (visibility !== undefined && !['', 'unauth', 'hidden'].includes(visibility))
    throw invalid('invalid listing_visibility type')
  return {
    ...present('audit_non_hmac_request_keys', fields.list('audit_non_hmac_request_keys')),
    ...present('audit_non_hmac_response_keys', fields.list('audit_non_hmac_response_keys')),
    ...present('passthrough_request_headers', fields.list('passthrough_request_headers')),
    ...present('allowed_response_headers', fields.list('allowed_response_headers')),
    ...present('listing_visibility', visibility),
    ...present('identity_token_key', fields.text('identity_token_key')),
  }
}

function present<Name extends string, Value>(name: Name, value: Value | undefined) {
  return (value === undefined ? {} : { [name]: value }) as { [key in Name]?: Value }
}

function readOptions(fields: Fields): JsonObject | undefined {
  const options = fields.object('options')
  if (options !== undefined && Object.hasOwn(options, 'version') && options.version !== '')
    throw invalid('secrets engine "aws" does not allow setting a version')
  return options
}

/** Seconds; undefined for what leaves it as it is. */
function parseTtl(text: string | undefined, name: 'default' | 'max'): number | undefined {
  if (text === undefined || text === '') return undefined
  if (text === 'system') return 0
  try {
    const seconds = toSeconds(parseVaultDuration(text))
    if (seconds < 0 || !Number.isSafeInteger(seconds)) throw new RangeError('the duration is out of range')
    return seconds
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw invalid(`unable to parse ${name} TTL of ${quoted(text)}: ${cause.message}`)
  }
}
