import type { ModeInputs } from './modes.js'

/**
 * Where somebody is to agree to a new OAuth credential with the grant type `authorization_code`: at the other service, which
 * then leads back to the tenant. A plane stores such a credential and never gets a token with it: nothing answers there.
 */
export function redirectUrl(inputs: ModeInputs, request: Request, state: Uint8Array): string | undefined {
  const { oauth_url: address, oauth_client_id: client, oauth_scope: scope } = inputs
  if (inputs.oauth_grant_type !== 'authorization_code' || typeof address !== 'string') return undefined
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  url.searchParams.set('client_id', String(client))
  url.searchParams.set('redirect_uri', `${new URL(request.url).origin}/oauth2/callback`)
  url.searchParams.set('response_type', 'code')
  if (typeof scope === 'string' && scope !== '') url.searchParams.set('scope', scope)
  url.searchParams.set('state', Buffer.from(state).toString('hex'))
  return url.href
}
