import { isList, type Json } from '../../core/json.js'
import { type Meaning, ServiceError } from '../../core/resource.js'
import { member } from '../../http/reading.js'
import type { Advice } from '../../http/refusal.js'
import { meaningOf } from '../meaning.js'

/** The server's own words in an error: `{"errors": ["…", "…"]}`, which may be empty. */
export function errorWords(body: Json): string | undefined {
  const errors = errorsIn(body)
  const words = errors?.filter((text) => text.trim() !== '') ?? []
  if (words.length > 0) return words.map(readable).join('; ')
  return errors === undefined ? undefined : 'the server gives no reason'
}

/** A list of rules, which the server writes for a terminal and quotes, as one sentence. */
function readable(text: string): string {
  const [, list] = /\d+ errors? occurred:((?:(?:\\n|\n)(?:\\t|\t)\* .*)+)/s.exec(text) ?? []
  if (list === undefined) return text
  return list
    .split(/(?:\\n|\n)(?:\\t|\t)\* /)
    .map((rule) => rule.replace(/(?:\\n|\n)+"?$/, '').replaceAll('\\"', '"'))
    .filter((rule) => rule !== '')
    .join('; ')
}

function errorsIn(body: Json | undefined): readonly string[] | undefined {
  const errors = member(body, 'errors')
  return isList(errors)
    ? errors.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
    : undefined
}

/** What the server remarks on a request that it carried out. */
export function warningsIn(body: Json): readonly string[] {
  const warnings = member(body, 'warnings')
  return isList(warnings) ? warnings.filter((each) => typeof each === 'string') : []
}

/**
 * What a refusal means: `absent`, there is no such object, or nothing to list; `no-route`, there is no mount at this path, or this
 * release has no such call. All three are a 404, told apart by the words. A proxy's 404 means neither.
 */
export function refusalMeans(status: number, body: Json | undefined, words: string): Meaning | undefined {
  if (status === 405) return 'no-route'
  const errors = errorsIn(body)
  if (status !== 404 || errors === undefined) return undefined
  if (errors.every((text) => text.trim() === '')) return 'absent'
  return /no handler for route/i.test(words) ? 'no-route' : undefined
}

/** What to do about it. */
export function adviceOn(status: number, words: string): Advice | undefined {
  if (status === 400 && /missing client token/i.test(words))
    return {
      cause: 'unauthorized',
      help: 'The server got no token: set token, VAULT_TOKEN, or run "vault login".',
    }
  if (status === 403)
    return {
      help: 'The token may have expired, belong to another namespace, or its policies may not allow this path: "vault token lookup" and "vault token capabilities PATH" tell.',
    }
  if (status === 404 && /no handler for route/i.test(words))
    return { help: 'There is no engine at this path: check mount, and the namespace of the provider.' }
  if (status === 404 && /unsupported path/i.test(words))
    return { help: 'This release of the server has no such path, or does not take a name of this form.' }
  if (/\b(?:InvalidClientTokenId|SignatureDoesNotMatch|InvalidAccessKeyId)\b/.test(words))
    return {
      help: 'AWS does not take the key that the mount works with: it was deleted, rotated elsewhere, or its secret is another one. Declare a new pair in vault_aws_root.',
    }
  if (status === 405) return { help: 'This release of the server has no such call.' }
  if (status === 500 && /^unable to validate username/.test(words))
    return {
      help: 'Check that the IAM user exists in the account of the mount, and that its root key may read it: vault_aws_root comes first.',
    }
  if (status === 503)
    return { help: 'The server is sealed, in maintenance, or its namespace is locked: ask who runs it.' }
  return undefined
}

/** Some mistakes in a static role are answered as if the server had failed; it finds them before it does anything. */
export function didNothing(status: number, words: string): boolean {
  const mistakes =
    /^(?:unable to validate username|role rotation period out of range|cross-account static roles are only)/
  return status === 500 && mistakes.test(words)
}

export const unauthorizedHelp =
  'Check token of the provider "vault", VAULT_TOKEN or ~/.vault-token: it may have expired, or belong to another server.'

/** Whether an error says that this release has no such call. */
export function isNotOffered(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false
  const { status, words = '' } = error.facts
  return status === 405 || (status === 404 && /unsupported path/i.test(words))
}

/** What the promise gives, or undefined where there is no such object, or no mount: what it had is gone with it. */
export async function unlessGone<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    const meaning = meaningOf(error)
    if (meaning === 'absent' || (meaning === 'no-route' && !isNotOffered(error))) return undefined
    throw error
  }
}

/** Throws if the server took a request and did not heed some of it, as older ones do with what they do not know. */
export function requireHeeded(lost: readonly string[], doing: string): void {
  if (lost.length === 0) return
  throw new ServiceError(doing, {
    words: `the server took the request and did not heed ${lost.join(', ')}`,
    help: 'This release does not know it: leave it out, or use a newer server.',
  })
}
