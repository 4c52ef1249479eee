import { error, Failure } from '../core/diagnostic.js'
import type { Inputs, Plain } from '../core/resource.js'
import { Secret } from '../core/secret.js'

/** The text of a setting, secret or not; undefined: it is not set. */
export function textOfSetting(value: Plain | undefined): string | undefined {
  if (value instanceof Secret) return value.reveal()
  return typeof value === 'string' ? value : undefined
}

/** What a token of a service is called. */
export interface TokenWords {
  /** The provider's own name, which begins the codes of errors. */
  readonly provider: string
  /** "Tines API key" */
  readonly token: string
}

/** The setting `token`, without the line break that files have; undefined: it is not set. Throws a `Failure`. */
export function tokenIn(settings: Inputs, words: TokenWords): string | undefined {
  const text = textOfSetting(settings.token)
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

/** Whether a header can carry a text as one word. */
export function fitsHeader(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text)
}
