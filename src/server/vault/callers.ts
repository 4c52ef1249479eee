import { createHash } from 'node:crypto'
import type { Grant, Scope } from '../system.js'
import { denied, VaultError } from './api-error.js'
import type { VaultService } from './service.js'

/** Who makes a request. */
export interface Caller {
  readonly grant: Grant
  /** As it was sent; undefined: none, where none is needed. */
  readonly token: string | undefined
  /** The hash of a child token that this API gave out; undefined: any other. */
  readonly child: string | undefined
  /** Of its child tokens: the token that says what they may do. */
  readonly root: string
}

/**
 * Who makes a request. A child token may do what the token may for which it was made, as long as that is so. Throws a 403, or
 * a 400 as old servers do, for nobody.
 */
export async function identify(
  service: VaultService,
  request: Request,
  token: string | undefined,
  grantOf: (request: Request) => Promise<Grant | undefined>,
): Promise<Caller> {
  const child = token === undefined ? undefined : await childToken(service, token)
  const grant = await grantOf(child === undefined ? request : inNameOf(request, child.root))
  if (grant === undefined) {
    if (token === undefined)
      throw new VaultError(service.generation === '1.0' ? 400 : 403, ['missing client token'])
    throw new VaultError(403, ['permission denied'])
  }
  return { grant, token, child: child?.hash, root: child?.root ?? token ?? '' }
}

/** Throws a 403 unless the caller may do one of these. */
export function requireScope({ grant }: Caller, ...scopes: readonly Scope[]): void {
  if (!scopes.some((scope) => grant.scopes.has(scope))) throw denied()
}

export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** All child tokens look like this, so that no others are looked for. */
export const childPrefix = 'hvs.child.'

async function childToken(
  service: VaultService,
  token: string,
): Promise<{ hash: string; root: string } | undefined> {
  if (!token.startsWith(childPrefix)) return undefined
  const hash = tokenHash(token)
  const row = await service.tables
    .selectFrom('vault_tokens')
    .select(['expires_at', 'nonce', 'sealed'])
    .where('hash', '=', hash)
    .executeTakeFirst()
  if (row === undefined) throw new VaultError(403, ['permission denied'])
  if (row.expires_at !== null && row.expires_at <= service.now().toISOString())
    throw new VaultError(403, ['permission denied'])
  const sealed = { nonce: new Uint8Array(row.nonce), sealed: new Uint8Array(row.sealed) }
  return { hash, root: service.sealer.open(sealed, `vault_tokens/${hash}`) }
}

/** The request as the holder of the other token would have made it; an empty one is no token. */
function inNameOf(request: Request, token: string): Request {
  const headers = new Headers(request.headers)
  headers.delete('authorization')
  headers.delete('x-vault-token')
  if (token !== '') headers.set('x-vault-token', token)
  return new Request(request.url, { method: request.method, headers })
}
