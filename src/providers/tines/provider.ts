import { error, Failure } from '../../core/diagnostic.js'
import type {
  Call,
  Connection,
  EmbeddedPlane,
  Inputs,
  Provider,
  ProviderEnvironment,
} from '../../core/resource.js'
import { createClient } from '../../http/client.js'
import { fetchExchange } from '../../http/fetch-exchange.js'
import { poolExchange } from '../../http/pool-exchange.js'
import { timingOf } from '../../http/timing.js'
import { loadSchemas } from '../schemas.js'
import { createApi, type Shared, secretOf, type TinesApi, textOf } from './api.js'
import { credential } from './credential.js'
import { credentialData, folderData, teamData } from './data.js'
import { parseEndpoint } from './endpoint.js'
import { errorWords, refusalMeans } from './refusal.js'
import { testCredential } from './test-credential.js'

/** Largest answer in bytes: a page of 500 credentials is some hundred thousand. */
const answerLimit = 32 * 1024 * 1024
const connectTimeout = 10_000
const networkSettle = 30_000

/** Tines: credentials, and the teams and folders that they are in. */
export const provider: Provider<TinesApi> = {
  name: 'tines',
  schema: loadSchemas('tines').provider,
  resources: new Map([credential, testCredential].map((type) => [type.schema.type, type] as const)),
  data: new Map([teamData, folderData, credentialData].map((type) => [type.schema.type, type] as const)),

  async configure(settings, environment) {
    const endpoint = parseEndpoint(textOf(settings.endpoint) ?? '')
    if (endpoint.kind === 'url') return connect(settings, environment, endpoint.url, undefined)
    const plane = await environment.embedded(endpoint.path, { system: 'tines' })
    try {
      return connect(settings, environment, new URL('http://embedded/tines/'), plane)
    } catch (failed) {
      await plane.close()
      throw failed
    }
  },
}

function connect(
  settings: Inputs,
  environment: ProviderEnvironment,
  url: URL,
  plane: EmbeddedPlane | undefined,
): Connection<TinesApi> {
  const token = signIn(settings, plane)
  const certificates = textOf(settings.ca_certificate) ?? undefined
  const timeout = (typeof settings.timeout_seconds === 'number' ? settings.timeout_seconds : 30) * 1000
  const client = createClient({
    exchange:
      plane === undefined
        ? poolExchange({
            origin: url.origin,
            connections: environment.concurrency,
            connectTimeout: Math.min(connectTimeout, timeout),
            limit: answerLimit,
            env: (name) => environment.env(name),
            ...(certificates === undefined ? {} : { certificates }),
          })
        : fetchExchange((request) => plane.fetch(request), answerLimit),
    base: url,
    headers: headersFor(settings, token),
    secrets: token === undefined ? [] : [token],
    api: 'a Tines tenant',
    requestIdHeader: 'x-request-id',
    words: errorWords,
    meaning: refusalMeans,
    unauthorizedHelp:
      'Check token of the provider "tines": the key may have been deleted, or belong to another tenant. Old tenants want token_header = "x-user-token".',
    timeout,
    concurrency: environment.concurrency,
    timing: timingOf(environment),
    ...(environment.trace === undefined ? {} : { trace: (line: string) => environment.trace?.(line) }),
  })
  const shared: Shared = { client, teams: new Set() }
  return {
    endpoint: plane?.id ?? `${url.origin}${url.pathname.replace(/\/$/, '')}`,
    settle: plane === undefined ? networkSettle : 0,
    api: (call: Call) => createApi(shared, call),
    async close() {
      await client.close()
      await plane?.close()
    },
  }
}

function headersFor(settings: Inputs, token: string | undefined): Readonly<Record<string, string>> {
  if (token === undefined) return {}
  return textOf(settings.token_header) === 'x-user-token'
    ? { 'x-user-token': token }
    : { authorization: `Bearer ${token}` }
}

function signIn(settings: Inputs, plane: EmbeddedPlane | undefined): string | undefined {
  const token = secretOf(settings.token)?.trim() ?? plane?.token
  if (token === undefined) {
    if (plane !== undefined) return undefined
    throw new Failure(
      error('tines/no-credentials', 'The Tines provider has no API key', {
        detail: 'token is not set.',
        help: 'Add token = env("TINES_TOKEN") to the provider block.',
      }),
    )
  }
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new Failure(
    error('tines/malformed-token', 'The Tines API key cannot be one', {
      detail: 'It is empty, or has spaces, line breaks or characters that a key does not have.',
      help: 'Check where it comes from: only the key itself must be there.',
    }),
  )
}
