import type { SelectQueryBuilder } from 'kysely'
import { invalid, VaultError } from './api-error.js'
import { type Caller, childPrefix, tokenHash } from './callers.js'
import type { Fields } from './fields.js'
import { systemLeaseTtl } from './mount-settings.js'
import { done, type Reply } from './reply.js'
import type { Call } from './route.js'
import { randomName, type VaultService } from './service.js'
import type { VaultTables, VaultWrite } from './tables.js'

/** What the token of the caller is. */
export async function lookupSelf(call: Call): Promise<Reply> {
  const { caller, service } = call
  const row = await childRow(service, caller)
  const common = {
    id: caller.token ?? '',
    meta: null,
    num_uses: 0,
    orphan: row === undefined,
    path: row === undefined ? 'auth/token/root' : 'auth/token/create',
    type: 'service',
    entity_id: '',
    explicit_max_ttl: 0,
  }
  if (row === undefined)
    return {
      data: {
        ...common,
        accessor: tokenHash(caller.token ?? '').slice(0, 24),
        creation_time: 0,
        creation_ttl: 0,
        display_name: caller.grant.name,
        expire_time: null,
        policies: policiesOf(caller),
        renewable: false,
        ttl: 0,
      },
    }
  const { created_at, expires_at } = row
  return {
    data: {
      ...common,
      accessor: row.accessor,
      creation_time: Math.floor(Date.parse(created_at) / 1_000),
      creation_ttl: row.ttl,
      display_name: row.display_name,
      expire_time: expires_at,
      issue_time: created_at,
      policies: JSON.parse(row.policies),
      renewable: row.renewable === 1,
      ttl: expires_at === null ? 0 : secondsUntil(service, expires_at),
    },
  }
}

/** A child of the caller's token, which may do what that one may, for as long as it may. */
export async function createToken({ caller, service, fields }: Call): Promise<Reply> {
  const asked = readToken(fields)
  const now = service.now()
  const ttl = Math.min(asked.ttl === 0 ? systemLeaseTtl : asked.ttl, systemLeaseTtl)
  const token = `${childPrefix}${randomName(service, 40)}`
  const hash = tokenHash(token)
  const accessor = randomName(service, 24)
  const policies = policiesOf(caller)
  const renewable = asked.renewable
  await service.tables
    .insertInto('vault_tokens')
    .values({
      hash,
      accessor,
      display_name: asked.displayName === '' ? 'token' : `token-${asked.displayName}`,
      policies: JSON.stringify(policies),
      created_at: now.toISOString(),
      expires_at: new Date(now.getTime() + ttl * 1_000).toISOString(),
      ttl,
      renewable: renewable ? 1 : 0,
      ...service.sealer.seal(caller.root, `vault_tokens/${hash}`),
    })
    .execute()
  service.wake()
  return { auth: authOf({ token, accessor, policies, ttl, renewable, orphan: false }) }
}

export async function renewSelf({ caller, service, fields }: Call): Promise<Reply> {
  const increment = fields.seconds('increment') ?? 0
  const row = await childRow(service, caller)
  const policies = policiesOf(caller)
  if (row === undefined) throw invalid('lease is not renewable')
  if (row.renewable !== 1) throw invalid('lease is not renewable')
  const now = service.now()
  const ends = Date.parse(row.created_at) + systemLeaseTtl * 1_000
  const until = Math.min(now.getTime() + (increment === 0 ? row.ttl : increment) * 1_000, ends)
  await service.tables
    .updateTable('vault_tokens')
    .set({ expires_at: new Date(until).toISOString() })
    .where('hash', '=', row.hash)
    .execute()
  const ttl = Math.max(0, Math.round((until - now.getTime()) / 1_000))
  const token = caller.token ?? ''
  return { auth: authOf({ token, accessor: row.accessor, policies, ttl, renewable: true, orphan: false }) }
}

/** The child token ends, and with it the leases of what was issued to it. */
export async function revokeSelf({ caller, service }: Call): Promise<Reply> {
  const { child } = caller
  if (child === undefined)
    throw new VaultError(400, ['this token belongs to the control plane, which alone can revoke it'])
  await endTokens(service, (write) =>
    write.selectFrom('vault_tokens').select('hash').where('hash', '=', child),
  )
  service.wake()
  return done
}

/** Ends the tokens whose time is over, however many they are. */
export async function endExpiredTokens(service: VaultService): Promise<void> {
  const now = service.now().toISOString()
  await endTokens(service, (write) =>
    write.selectFrom('vault_tokens').select('hash').where('expires_at', '<=', now),
  )
}

/** Removes tokens and has their leases cleaned up. */
async function endTokens(
  service: VaultService,
  chosen: (write: VaultWrite) => SelectQueryBuilder<VaultTables, 'vault_tokens', { hash: string }>,
): Promise<void> {
  await service.tables.transaction().execute(async (write) => {
    await write
      .updateTable('vault_leases')
      .set({ state: 'revoking', attempts: 0, retry_at: service.now().toISOString() })
      .where('token', 'in', chosen(write))
      .where('state', '=', 'live')
      .execute()
    await write.deleteFrom('vault_tokens').where('hash', 'in', chosen(write)).execute()
  })
}

function readToken(fields: Fields) {
  const ttl = fields.seconds('ttl') ?? 0
  const lease = fields.seconds('lease') ?? 0
  const most = fields.seconds('explicit_max_ttl') ?? 0
  const wished = ttl === 0 ? lease : ttl
  // Whatever else is asked for, a child may do what its parent may.
  for (const name of [
    'policies',
    'meta',
    'num_uses',
    'no_parent',
    'no_default_policy',
    'type',
    'period',
    'entity_alias',
    'id',
  ])
    fields.has(name)
  return {
    ttl: most === 0 ? wished : Math.min(wished === 0 ? most : wished, most),
    renewable: fields.flag('renewable') ?? true,
    displayName: (fields.text('display_name') ?? '').replaceAll(/[^A-Za-z0-9-]/g, '-'),
  }
}

async function childRow(service: VaultService, caller: Caller) {
  if (caller.child === undefined) return undefined
  return await service.tables
    .selectFrom('vault_tokens')
    .selectAll()
    .where('hash', '=', caller.child)
    .executeTakeFirst()
}

function policiesOf({ grant: { scopes } }: Caller): readonly string[] {
  const all = scopes.has('read') && scopes.has('write') && scopes.has('issue')
  return all ? ['root'] : ['default', ...[...scopes].sort()]
}

function authOf(token: {
  readonly token: string
  readonly accessor: string
  readonly policies: readonly string[]
  readonly ttl: number
  readonly renewable: boolean
  readonly orphan: boolean
}) {
  return {
    client_token: token.token,
    accessor: token.accessor,
    policies: token.policies,
    token_policies: token.policies,
    metadata: null,
    lease_duration: token.ttl,
    renewable: token.renewable,
    entity_id: '',
    token_type: 'service',
    orphan: token.orphan,
    mfa_requirement: null,
    num_uses: 0,
  }
}

function secondsUntil(service: VaultService, time: string): number {
  return Math.max(0, Math.floor((Date.parse(time) - service.now().getTime()) / 1_000))
}
