import { invalid } from './api-error.js'
import type { Caller } from './callers.js'
import type { Reply } from './reply.js'
import type { Call } from './route.js'
import type { VaultService } from './service.js'

/** What the server says of its release. */
export function versionOf({ generation }: Pick<VaultService, 'generation'>): string {
  return generation === '1.0' ? '1.0.0' : '1.21.0'
}

/** Told to anybody. */
export function health(service: VaultService): Reply {
  const body = {
    initialized: true,
    sealed: false,
    standby: false,
    performance_standby: false,
    replication_performance_mode: 'disabled',
    replication_dr_mode: 'disabled',
    server_time_utc: Math.floor(service.now().getTime() / 1_000),
    version: versionOf(service),
    cluster_name: 'rolecall',
    cluster_id: service.planeId,
  }
  return { bare: { status: 200, body } }
}

/** Told to anybody. */
export function sealStatus(service: VaultService): Reply {
  const body = {
    type: 'shamir',
    initialized: true,
    sealed: false,
    t: 1,
    n: 1,
    progress: 0,
    nonce: '',
    version: versionOf(service),
    migration: false,
    cluster_name: 'rolecall',
    cluster_id: service.planeId,
    recovery_seal: false,
    storage_type: 'rolecall',
  }
  return { bare: { status: 200, body } }
}

/** Told to anybody. */
export function leader(): Reply {
  const body = { ha_enabled: false, is_self: true, leader_address: '', leader_cluster_address: '' }
  return { bare: { status: 200, body } }
}

/** What the caller may do at the paths it names. */
export async function capabilitiesOfSelf({ caller, fields }: Call): Promise<Reply> {
  const paths = [...(fields.list('paths') ?? []), ...(fields.list('path') ?? [])]
  if (paths.length === 0) throw invalid('paths must be supplied')
  const answers = paths.map((path) => [path, capabilities(caller, path)] as const)
  const [first] = answers
  return {
    data: { ...Object.fromEntries(answers), ...(first === undefined ? {} : { capabilities: first[1] }) },
    flat: true,
  }
}

function capabilities({ grant: { scopes } }: Caller, path: string): readonly string[] {
  const may = [
    ...(scopes.has('write') ? ['create', 'delete'] : []),
    ...(scopes.has('read') ? ['list', 'read'] : []),
    ...(scopes.has('write') ? ['update'] : []),
  ]
  const issuing = /(?:^|\/)(?:creds|sts|static-creds)\/[^/]+$/.test(path)
  if (issuing) return scopes.has('issue') ? ['read', 'update'] : ['deny']
  return may.length === 0 ? ['deny'] : may
}
