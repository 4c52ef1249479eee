import { error, Failure } from '../../core/diagnostic.js'
import type {
  Call,
  Connection,
  EmbeddedPlane,
  Inputs,
  Plain,
  Provider,
  ProviderEnvironment,
} from '../../core/resource.js'
import { Secret } from '../../core/secret.js'
import { createClient } from '../../http/client.js'
import { fetchExchange } from '../../http/fetch-exchange.js'
import { poolExchange } from '../../http/pool-exchange.js'
import { timingOf } from '../../http/timing.js'
import { loadSchemas } from '../schemas.js'
import { createApi, type Shared, type TrifactaApi, textOf } from './api.js'
import { awsConfig } from './aws-config.js'
import { awsRole } from './aws-role.js'
import { awsRolesData } from './data-aws-roles.js'
import { peopleData } from './data-people.js'
import { personData } from './data-person.js'
import { parseEndpoint } from './endpoint.js'
import { person } from './person.js'
import { exceptionWords, refusalMeans } from './refusal.js'

/** Largest answer in bytes: a page of people is some hundred thousand. */
const answerLimit = 32 * 1024 * 1024
const connectTimeout = 10_000
const networkSettle = 30_000

/** Trifacta Wrangler Enterprise and Alteryx Designer Cloud. */
export const provider: Provider<TrifactaApi> = {
  name: 'trifacta',
  schema: loadSchemas('trifacta').provider,
  resources: new Map(
    [person, awsConfig, awsRole].map((type) => [type.schema.type, type] as const),
  ) as Provider<TrifactaApi>['resources'],
  data: new Map([personData, peopleData, awsRolesData].map((type) => [type.schema.type, type] as const)),

  async configure(settings, environment) {
    const endpoint = parseEndpoint(textOf(settings.endpoint) ?? '')
    const plane =
      endpoint.kind === 'embedded' ? await openEmbedded(endpoint.path, settings, environment) : undefined
    try {
      const url = endpoint.kind === 'embedded' ? new URL('http://embedded/') : endpoint.url
      return connect(settings, environment, url, plane)
    } catch (failed) {
      await plane?.close()
      throw failed
    }
  },
}

/** The embedded control plane speaks the release that the settings name, or its own default. */
function openEmbedded(
  path: string | undefined,
  settings: Inputs,
  environment: ProviderEnvironment,
): Promise<EmbeddedPlane> {
  const generation = textOf(settings.generation)
  return environment.embedded(path, generation === null ? {} : { generation })
}

function connect(
  settings: Inputs,
  environment: ProviderEnvironment,
  url: URL,
  plane: EmbeddedPlane | undefined,
): Connection<TrifactaApi> {
  const signedIn = signIn(settings, plane)
  const workspaceId = textOf(settings.workspace_id) ?? undefined
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
    headers: signedIn.authorization === undefined ? {} : { authorization: signedIn.authorization },
    secrets: signedIn.secrets,
    api: 'the Trifacta API, version 4',
    requestIdHeader: 'x-trifacta-request-id',
    words: exceptionWords,
    meaning: refusalMeans,
    unauthorizedHelp:
      'Check token (or username and password) of the provider "trifacta": it may have expired, or belong to another installation.',
    timeout,
    concurrency: environment.concurrency,
    timing: timingOf(environment),
    ...(environment.trace === undefined ? {} : { trace: (line: string) => environment.trace?.(line) }),
  })
  let last: Promise<unknown> = Promise.resolve()
  const shared: Shared = {
    client,
    workspaceId,
    username: signedIn.username?.toLowerCase(),
    anonymous: signedIn.authorization === undefined,
    random: (bytes) => environment.random(bytes),
    awaited: new Map(),
    exclusive(work) {
      const next = last.then(work)
      last = next.catch(() => {})
      return next
    },
    generation:
      settings.generation === 'A' || settings.generation === 'C'
        ? Promise.resolve(settings.generation)
        : undefined,
  }
  const place = plane?.id ?? `${url.origin}${url.pathname.replace(/\/$/, '')}`
  return {
    endpoint: workspaceId === undefined ? place : `${place}?workspace=${workspaceId}`,
    settle: plane === undefined ? networkSettle : 0,
    api: (call: Call) => createApi(shared, call),
    async close() {
      await client.close()
      await plane?.close()
    },
  }
}

interface SignIn {
  readonly authorization: string | undefined
  readonly username: string | undefined
  readonly secrets: readonly string[]
}

function signIn(settings: Inputs, plane: EmbeddedPlane | undefined): SignIn {
  const token = secretOf(settings.token) ?? (settings.username === null ? plane?.token : undefined)
  const username = secretOf(settings.username)
  const password = secretOf(settings.password)
  if (token !== undefined) {
    const bare = requireHeader(token.trim())
    return { authorization: `Bearer ${bare}`, username: undefined, secrets: [bare] }
  }
  if (username !== undefined && password !== undefined) {
    const encoded = Buffer.from(`${username}:${password}`).toString('base64')
    return { authorization: `Basic ${encoded}`, username, secrets: [password, encoded] }
  }
  if (plane !== undefined) return { authorization: undefined, username: undefined, secrets: [] }
  throw new Failure(
    error('trifacta/no-credentials', 'The Trifacta provider has no credentials', {
      detail: 'Neither token nor username and password are set.',
      help: 'Add token = env("TRIFACTA_TOKEN") to the provider block, or username and password on a self-managed installation.',
    }),
  )
}

function requireHeader(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new Failure(
    error('trifacta/malformed-token', 'The Trifacta token cannot be one', {
      detail: 'It is empty, or has spaces, line breaks or characters that a token does not have.',
      help: 'Check where it comes from: only the token itself must be there.',
    }),
  )
}

function secretOf(value: Plain | undefined): string | undefined {
  if (value instanceof Secret) return value.reveal()
  return textOf(value) ?? undefined
}
