import type { JsonObject } from '../../core/json.js'
import { invalid } from './api-error.js'
import type { Fields } from './fields.js'
import type { VaultGeneration } from './service.js'

/** All of `config/root` but its secret, under the vendor's names. */
export interface RootSettings {
  readonly access_key: string
  readonly region: string
  readonly iam_endpoint: string
  readonly sts_endpoint: string
  readonly sts_region: string
  readonly sts_fallback_endpoints: readonly string[] | null
  readonly sts_fallback_regions: readonly string[] | null
  /** -1: as the SDK has it. */
  readonly max_retries: number
  readonly username_template: string
  /** Of workload identity, which nothing here uses; kept and told as they were sent. */
  readonly role_arn: string
  readonly identity_token_audience: string
  readonly identity_token_ttl: number
  readonly rotation_period: number
  readonly rotation_schedule: string
  readonly rotation_window: number
  readonly disable_automated_rotation: boolean
  readonly rotation_policy: string
}

/** What names of users and sessions are made with unless `config/root` says otherwise; it is read back like any other. */
export const builtInTemplate =
  '{{ if (eq .Type "STS") }}{{ printf "vault-%s-%s" (unix_time) (random 20) | truncate 32 }}{{ else }}' +
  '{{ printf "vault-%s-%s-%s" (printf "%s-%s" (.DisplayName) (.PolicyName) | truncate 42) (unix_time) (random 20) | truncate 64 }}' +
  '{{ end }}'

export const unsetRoot: RootSettings = {
  access_key: '',
  region: '',
  iam_endpoint: '',
  sts_endpoint: '',
  sts_region: '',
  sts_fallback_endpoints: null,
  sts_fallback_regions: null,
  max_retries: -1,
  username_template: builtInTemplate,
  role_arn: '',
  identity_token_audience: '',
  identity_token_ttl: 0,
  rotation_period: 0,
  rotation_schedule: '',
  rotation_window: 0,
  disable_automated_rotation: false,
  rotation_policy: '',
}

/** The settings after a write. Throws a 400. */
export function readRoot(fields: Fields, before: RootSettings, generation: VaultGeneration): RootSettings {
  const known = {
    access_key: fields.text('access_key') ?? before.access_key,
    region: fields.text('region') ?? before.region,
    iam_endpoint: fields.text('iam_endpoint') ?? before.iam_endpoint,
    sts_endpoint: fields.text('sts_endpoint') ?? before.sts_endpoint,
    max_retries: fields.integer('max_retries') ?? before.max_retries,
  }
  // Read here, so that it counts as known.
  fields.has('secret_key')
  if (generation === '1.0') return { ...unsetRoot, ...known }
  const settings = {
    ...known,
    sts_region: fields.text('sts_region') ?? before.sts_region,
    sts_fallback_endpoints: fields.list('sts_fallback_endpoints') ?? before.sts_fallback_endpoints,
    sts_fallback_regions: fields.list('sts_fallback_regions') ?? before.sts_fallback_regions,
    // The one field that a write forgets if it is left out.
    username_template: fields.text('username_template') || builtInTemplate,
    role_arn: fields.text('role_arn') ?? before.role_arn,
    identity_token_audience: fields.text('identity_token_audience') ?? before.identity_token_audience,
    identity_token_ttl: fields.seconds('identity_token_ttl') ?? before.identity_token_ttl,
    rotation_period: fields.seconds('rotation_period') ?? before.rotation_period,
    rotation_schedule: fields.text('rotation_schedule') ?? before.rotation_schedule,
    rotation_window: fields.seconds('rotation_window') ?? before.rotation_window,
    disable_automated_rotation:
      fields.flag('disable_automated_rotation') ?? before.disable_automated_rotation,
    rotation_policy: fields.text('rotation_policy') ?? before.rotation_policy,
  }
  checkWorkloadIdentity(settings)
  checkRotation(settings)
  if ((settings.sts_fallback_endpoints ?? []).length !== (settings.sts_fallback_regions ?? []).length)
    throw invalid('fallback endpoints and fallback regions must be the same length')
  return settings
}

export function presentRoot(settings: RootSettings): JsonObject {
  return { ...settings }
}

/** The community edition has none: it takes the fields, and refuses what they are for. */
function checkWorkloadIdentity({
  access_key,
  role_arn,
  identity_token_audience,
}: Pick<RootSettings, 'access_key' | 'role_arn' | 'identity_token_audience'>): void {
  if (identity_token_audience === '') return
  if (access_key !== '') throw invalid("only one of 'access_key' or 'identity_token_audience' can be set")
  if (role_arn === '') throw invalid("missing required 'role_arn' when 'identity_token_audience' is set")
  throw invalid('plugin workload identity not supported in Vault community edition')
}

function checkRotation(
  settings: Pick<
    RootSettings,
    'rotation_period' | 'rotation_schedule' | 'rotation_window' | 'disable_automated_rotation'
  >,
): void {
  const { rotation_period: period, rotation_schedule: schedule, rotation_window: window } = settings
  if (period !== 0 && schedule !== '')
    throw invalid(
      'mutually exclusive fields rotation_schedule and rotation_period were both specified; only one of them can be provided',
    )
  if (period !== 0 && window !== 0) throw invalid('rotation_window does not apply to period')
  if (window !== 0 && schedule === '') throw invalid('cannot use rotation_window without rotation_schedule')
  if (schedule !== '' && !isCron(schedule))
    throw invalid(
      'failed to parse provided rotation_schedule: expected exactly 5 fields, of numbers, names, ranges, lists and steps',
    )
  if ((period !== 0 || schedule !== '') && !settings.disable_automated_rotation)
    throw invalid(
      'error registering rotation job: rotation manager capabilities not supported in Vault community edition',
    )
}

function isCron(text: string): boolean {
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(text)) return true
  const parts = text.trim().split(/\s+/)
  return parts.length === 5 && parts.every((part) => /^[\d*?/,A-Za-z-]+$/.test(part))
}
