import { error, Failure } from '../../core/diagnostic.js'
import type { Inputs, Plain, ProviderEnvironment } from '../../core/resource.js'
import { type Endpoint, parseEndpoint } from '../endpoint.js'
import { revealed } from '../inputs.js'
import { fitsHeader } from '../token.js'

/** The setting, or what the environment says. `/v1` at the end is left out, since requests add it. Throws a `Failure`. */
export function endpointOf(settings: Inputs, { env }: Pick<ProviderEnvironment, 'env'>): Endpoint {
  const [name, text] = named('endpoint', settings.endpoint, env, 'VAULT_ADDR')
  if (text === undefined)
    throw refuse(
      'It has no endpoint.',
      'Set endpoint in the provider block, or the environment variable VAULT_ADDR.',
    )
  return parseEndpoint(text, {
    path: '/v1',
    example: 'https://vault.example.com:8200',
    instead: 'set token',
    refuse: (problem, help) => refuse(`${name} ${problem}.`, help),
  })
}

/** The namespace without slashes at its ends; undefined: none. */
export function namespaceOf(settings: Inputs, { env }: Pick<ProviderEnvironment, 'env'>): string | undefined {
  const [name, text] = named('namespace', settings.namespace, env, 'VAULT_NAMESPACE')
  const bare = text?.replace(/^\/+|\/+$/g, '') ?? ''
  if (bare === '') return undefined
  if (fitsHeader(bare)) return bare
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
  if (fitsHeader(bare)) return bare
  throw refuse(
    `The token of ${text === undefined ? file : name} has spaces, line breaks or characters that a token does not have.`,
    'Check where it comes from: only the token itself must be there.',
  )
}

/** The certificates that the environment names, to trust besides the well-known ones. */
export function certificatesOf(environment: ProviderEnvironment): string | undefined {
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
  const own = revealed(setting)
  if (own !== undefined) return [name, own]
  const outer = env(variable)?.trim()
  return [variable, outer === '' ? undefined : outer]
}

function refuse(detail: string, help: string): Failure {
  return new Failure(error('vault/settings', 'The Vault provider cannot be used', { detail, help }))
}
