import { error, Failure } from '../../core/diagnostic.js'
import type {
  Call,
  Connection,
  EmbeddedPlane,
  Inputs,
  Provider,
  ProviderEnvironment,
} from '../../core/resource.js'
import { Secret } from '../../core/secret.js'
import { createClient } from '../../http/client.js'
import { fetchExchange } from '../../http/fetch-exchange.js'
import { poolExchange } from '../../http/pool-exchange.js'
import { timingOf } from '../../http/timing.js'
import { loadSchemas } from '../schemas.js'
import { createApi, type OuterproductApi, textOf } from './api.js'
import { awsSetupData, connectorsData } from './data.js'
import { parseEndpoint } from './endpoint.js'
import { detailWords, refusalMeans } from './refusal.js'
import { s3Connector } from './s3-connector.js'
import { databricksConnector, snowflakeConnector } from './warehouse-connectors.js'

/** Largest answer in bytes: a connector has less than one thousand. */
const answerLimit = 32 * 1024 * 1024
const connectTimeout = 10_000
const networkSettle = 30_000

/** OuterProduct. */
export const provider: Provider<OuterproductApi> = {
  name: 'outerproduct',
  schema: loadSchemas('outerproduct').provider,
  resources: new Map(
    [s3Connector, snowflakeConnector, databricksConnector].map((type) => [type.schema.type, type] as const),
  ),
  data: new Map([awsSetupData, connectorsData].map((type) => [type.schema.type, type] as const)),

  async configure(settings, environment) {
    const endpoint = parseEndpoint(textOf(settings.endpoint) ?? '')
    if (endpoint.kind === 'url') return connect(settings, environment, endpoint.url, undefined)
    const plane = await environment.embedded(endpoint.path, { system: 'outerproduct' })
    try {
      return connect(settings, environment, new URL('http://embedded/outerproduct/'), plane)
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
): Connection<OuterproductApi> {
  const token = tokenOf(settings, plane)
  const certificates = textOf(settings.ca_certificate) ?? undefined
  const timeout = secondsOf(settings.timeout_seconds, 60)
  const client = createClient({
    exchange:
      plane === undefined
        ? poolExchange({
            origin: url.origin,
            connections: environment.concurrency,
            connectTimeout: Math.min(connectTimeout, timeout),
            limit: answerLimit,
            env: environment.env,
            ...(certificates === undefined ? {} : { certificates }),
          })
        : fetchExchange((request) => plane.fetch(request), answerLimit),
    base: url,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    secrets: token === undefined ? [] : [token],
    api: 'the OuterProduct API, version 1',
    requestIdHeader: 'x-request-id',
    words: detailWords,
    meaning: refusalMeans,
    unauthorizedHelp:
      'Check token of the provider "outerproduct": the key may have been revoked, or belong to another deployment.',
    timeout,
    concurrency: environment.concurrency,
    timing: timingOf(environment),
    ...(environment.trace === undefined ? {} : { trace: (line: string) => environment.trace?.(line) }),
  })
  const shared = { client, patience: secondsOf(settings.access_patience_seconds, 120) }
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

/** A setting in seconds, as milliseconds. */
function secondsOf(value: Inputs[string] | undefined, otherwise: number): number {
  return (typeof value === 'number' ? value : otherwise) * 1000
}

function tokenOf({ token }: Inputs, plane: EmbeddedPlane | undefined): string | undefined {
  const given = token instanceof Secret ? token.reveal() : (textOf(token) ?? undefined)
  if (given === undefined) {
    if (plane !== undefined) return plane.token
    throw new Failure(
      error('outerproduct/no-credentials', 'The OuterProduct provider has no API key', {
        detail: 'token is not set.',
        help: 'Add token = env("OUTERPRODUCT_API_KEY") to the provider block.',
      }),
    )
  }
  const bare = given.trim()
  if (/^[\x21-\x7e]+$/.test(bare)) return bare
  throw new Failure(
    error('outerproduct/malformed-token', 'The OuterProduct API key cannot be one', {
      detail: 'It is empty, or has spaces, line breaks or characters that a key does not have.',
      help: 'Check where it comes from: only the key itself must be there.',
    }),
  )
}
