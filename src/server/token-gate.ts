import type { Database } from './database.js'
import { isLoopback } from './loopback.js'
import { anybody, type Grant, type SystemName } from './system.js'
import { findToken, hasTokens } from './tokens.js'

/** `required`: every request needs a token. `if-any`: as soon as there has been one; before that, all of this machine may do everything. */
export type Asking = 'required' | 'if-any'

/** Who makes a request, or why nobody does, for the log. */
export type Admission = { readonly grant: Grant } | { readonly refused: string }

export type TokenGate = (request: Request, system: SystemName) => Promise<Admission>

/** Lets requests in by the tokens of a plane. */
export function tokenGate(database: Database, asking: Asking, now: () => Date): TokenGate {
  let isOpen = asking === 'if-any'
  return async (request, system) => {
    // It never opens again: a plane whose last token was revoked lets nobody in.
    if (isOpen && (await hasTokens(database))) isOpen = false
    if (isOpen) return isOfThisMachine(request) ? { grant: anybody } : { refused: 'a web page' }
    const text = tokenOf(request, system)
    if (text === undefined) return { refused: 'no token' }
    const token = await findToken(database, text)
    if (token === undefined) return { refused: 'an unknown token' }
    const { id, name, scopes, expiresAt, revokedAt } = token
    if (revokedAt !== null) return { refused: `token ${id}, which was revoked` }
    if (expiresAt !== null && expiresAt <= now().toISOString())
      return { refused: `token ${id}, which has expired` }
    if (token.system !== system) return { refused: `token ${id}, which is for ${token.system}` }
    return { grant: { name, scopes: new Set(scopes) } }
  }
}

/** The token of a request, where the clients of each vendor put it. */
function tokenOf({ headers }: Request, system: SystemName): string | undefined {
  const [, scheme, credentials = ''] =
    /^(Bearer|Basic)\s+(\S+)\s*$/i.exec(headers.get('authorization') ?? '') ?? []
  const bearer = scheme?.toLowerCase() === 'bearer' ? credentials : undefined
  switch (system) {
    case 'vault':
      return headers.get('x-vault-token') ?? bearer
    case 'tines':
      return bearer ?? headers.get('x-user-token') ?? undefined
    case 'outerproduct':
      return bearer
    case 'trifacta':
      // Clients of release 6.0 send a name and a password: the token is the password, whatever the name.
      return scheme?.toLowerCase() === 'basic' ? passwordOf(credentials) : bearer
  }
}

function passwordOf(credentials: string): string | undefined {
  const text = Buffer.from(credentials, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : text.slice(colon + 1)
}

/**
 * Whether a request that nobody answers for comes from a program of this machine, as far as can be told. A page in a browser
 * is of another place, however its requests come here: they say where from, or for which name it had this address looked up.
 */
function isOfThisMachine(request: Request): boolean {
  const { hostname } = new URL(request.url)
  return request.headers.get('origin') === null && isLoopback(hostname)
}
