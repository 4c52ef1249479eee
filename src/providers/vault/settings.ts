import { error, Failure } from '../../core/diagnostic.js'
import type { Inputs, Plain, ProviderEnvironment } from '../../core/resource.js'
import { Secret } from '../../core/secret.js'
import { textOf } from './api.js'

/** Where the server is: the control plane in this process, with a database of its own or the default one, or a URL. */
export type Endpoint =
  | { readonly kind: 'embedded'; readonly path: string | undefined }
  | { readonly kind: 'url'; readonly url: URL }

/** The setting, or what the environment says. `/v1` at the end is left out, since requests add it. Throws a `Failure`. */
export function endpointOf(settings: Inputs, { env }: Pick<ProviderEnvironment, 'env'>): Endpoint {
  const [name, text] = named('endpoint', settings.endpoint, env, 'VAULT_ADDR')
  if (text === undefined)
    throw refuse(
      'It has no endpoint.',
      'Set endpoint in the provider block, or the environment variable VAULT_ADDR.',
    )
  if (text === 'embedded') return { kind: 'embedded', path: undefined }
  if (text.startsWith('embedded:')) {
    const path = text.slice('embedded:'.length)
    if (path === '')
      throw refuse(`${name} names no file after "embedded:".`, 'Write embedded:PATH, or embedded alone.')
    return { kind: 'embedded', path }
  }
  if (!URL.canParse(text) || !/^https?:\/\//i.test(text))
    throw refuse(
      `${name} is ${JSON.stringify(text)}, which is not a URL.`,
      'Write it with scheme, host and port, such as "https://vault.example.com:8200", or "embedded".',
    )
  const url = new URL(text)
  if (url.username !== '' || url.password !== '')
    throw refuse(`${name} holds credentials.`, 'Take them out of the URL; the server takes a token.')
  if (url.search !== '' || url.hash !== '')
    throw refuse(`${name} has a query or fragment.`, 'Give the address alone: nothing from "?" or "#" on.')
  url.pathname = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '')
  return { kind: 'url', url }
}

/** The namespace without slashes at its ends; undefined: none. */
export function namespaceOf(settings: Inputs, { env }: Pick<ProviderEnvironment, 'env'>): string | undefined {
  const [name, text] = named('namespace', settings.namespace, env, 'VAULT_NAMESPACE')
  const bare = text?.replace(/^\/+|\/+$/g, '') ?? ''
  if (bare === '') return undefined
  if (/^[\x21-\x7e]+$/.test(bare)) return bare
  throw refuse(`${name} has characters that a namespace does not have.`, 'Write it like "team/data".')
}

/** Throws a `Failure` where there is none, or what is there cannot be one. */
export function tokenOf(settings: Inputs, environment: ProviderEnvironment): string {
  const [name, text] = named('token', settings.token, environment.env, 'VAULT_TOKEN')
  const file = '~/.vault-token'
  const given = text ?? environment.readText?.(file)
  if (given === undefined || given.trim() === '')
    throw refuse(
      `It has no token: token is not set, nor is VAULT_TOKEN, and there is no file ${file}.`,
      'Set one of them: token = env("…") in the provider block, or run "vault login", which writes the file.',
    )
  const bare = given.trim()
  if (/^[\x21-\x7e]+$/.test(bare)) return bare
  throw refuse(
    `The token of ${text === undefined ? file : name} has spaces, line breaks or characters that a token does not have.`,
    'Check where it comes from: only the token itself must be there.',
  )
}

/** The certificates to trust besides the well-known ones. */
export function certificatesOf(settings: Inputs, environment: ProviderEnvironment): string | undefined {
  const given = textOf(settings.ca_certificate)
  if (given !== null) return given
  const path = environment.env('VAULT_CACERT')
  if (path === undefined || path === '') return undefined
  const text = environment.readText?.(path)
  if (text?.includes('-----BEGIN CERTIFICATE-----')) return text
  throw refuse(
    `VAULT_CACERT is ${JSON.stringify(path)}, which ${text === undefined ? 'cannot be read' : 'holds no certificate in PEM form'}.`,
    'Let it name a file of certificates, or unset it.',
  )
}

function named(
  name: string,
  setting: Plain | undefined,
  env: ProviderEnvironment['env'],
  variable: string,
): readonly [string, string | undefined] {
  const own = setting instanceof Secret ? setting.reveal() : textOf(setting)
  if (own !== null) return [name, own]
  const outer = env(variable)?.trim()
  return [variable, outer === '' ? undefined : outer]
}

function refuse(detail: string, help: string): Failure {
  return new Failure(error('vault/settings', 'The Vault provider cannot be used', { detail, help }))
}
