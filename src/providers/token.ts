import { error, Failure } from '../core/diagnostic.js'
import type { EmbeddedPlane, Inputs } from '../core/resource.js'
import type { SignIn } from './connect.js'
import { revealed } from './inputs.js'

/** What a token of a service is called. */
export interface TokenWords {
  /** The provider's own name, which begins the codes of errors. */
  readonly provider: string
  /** "Tines" */
  readonly service: string
  /** "Tines API key" */
  readonly token: string
  /** The environment variable that it usually comes from. */
  readonly variable: string
}

/** The setting `token`, without the line break that files have; undefined: it is not set. Throws a `Failure`. */
export function tokenIn(settings: Inputs, words: Pick<TokenWords, 'provider' | 'token'>): string | undefined {
  const text = revealed(settings.token)
  if (text === undefined) return undefined
  const bare = text.trim()
  if (fitsHeader(bare)) return bare
  throw new Failure(
    error(`${words.provider}/malformed-token`, `The ${words.token} cannot be one`, {
      detail: 'It is empty, or has spaces, line breaks or characters that it cannot have.',
      help: 'Check where it comes from: nothing else may be there.',
    }),
  )
}

/**
 * Signs in with the setting `token`; to an embedded control plane with one that it accepts, where it asks for any. `headers` is
 * the header `Authorization` unless it is given. Throws a `Failure` where there is no token.
 */
export function signInByToken(
  settings: Inputs,
  plane: EmbeddedPlane | undefined,
  words: TokenWords,
  headers = bearer,
): SignIn {
  const token = tokenIn(settings, words) ?? plane?.token
  if (token !== undefined) return { headers: headers(token), secrets: [token] }
  if (plane !== undefined) return { headers: {}, secrets: [] }
  throw new Failure(
    error(`${words.provider}/no-credentials`, `The ${words.service} provider has no API key`, {
      detail: 'token is not set.',
      help: `Add token = env("${words.variable}") to the provider block.`,
    }),
  )
}

export function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` }
}

/** Whether a header can carry a text as one word. */
export function fitsHeader(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text)
}
