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
import { createApi, type VaultApi } from './api.js'
import { rolesData } from './data-roles.js'
import { lease } from './lease.js'
import { mount } from './mount.js'
import { adviceOn, didNothing, errorWords, refusalMeans, unauthorizedHelp, warningsIn } from './refusal.js'
import { role } from './role.js'
import { root } from './root.js'
import { certificatesOf, endpointOf, namespaceOf, tokenOf } from './settings.js'
import { staticRole } from './static-role.js'

/** Largest answer in bytes: the names of a million roles. */
const answerLimit = 64 * 1024 * 1024
const connectTimeout = 10_000
const networkSettle = 30_000

/** HashiCorp Vault and OpenBao: their AWS secrets engine. */
export const provider: Provider<VaultApi> = {
  name: 'vault',
  schema: loadSchemas('vault').provider,
  resources: new Map([mount, root, lease, role, staticRole].map((type) => [type.schema.type, type] as const)),
  data: new Map([rolesData].map((type) => [type.schema.type, type] as const)),

  async configure(settings, environment) {
    const endpoint = endpointOf(settings, environment)
    if (endpoint.kind === 'url')
      return connect(settings, environment, { url: endpoint.url, token: tokenOf(settings, environment) })
    const plane = await environment.embedded(endpoint.path, { system: 'vault' })
    try {
      const url = new URL('http://embedded/vault/')
      const token = settings.token === null ? plane.token : tokenOf(settings, environment)
      return connect(settings, environment, { url, token, plane })
    } catch (failed) {
      await plane.close()
      throw failed
    }
  },
}

interface Place {
  readonly url: URL
  readonly token: string | undefined
  readonly plane?: EmbeddedPlane
}

function connect(
  settings: Inputs,
  environment: ProviderEnvironment,
  { url, token, plane }: Place,
): Connection<VaultApi> {
  const namespace = namespaceOf(settings, environment)
  const certificates = plane === undefined ? certificatesOf(settings, environment) : undefined
  const timeout = (typeof settings.timeout_seconds === 'number' ? settings.timeout_seconds : 60) * 1000
  const timing = timingOf(environment)
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
    headers: {
      // A proxy in front of the server may ask for it, against requests that a browser was tricked into.
      'x-vault-request': 'true',
      ...(token === undefined ? {} : { 'x-vault-token': token }),
      ...(namespace === undefined ? {} : { 'x-vault-namespace': `${namespace}/` }),
    },
    secrets: token === undefined ? [] : [token],
    api: 'a Vault or OpenBao server',
    requestIdHeader: 'x-request-id',
    words: errorWords,
    meaning: refusalMeans,
    warnings: warningsIn,
    advice: adviceOn,
    didNothing,
    unauthorizedHelp,
    timeout,
    concurrency: environment.concurrency,
    timing,
    ...(environment.trace === undefined ? {} : { trace: (line: string) => environment.trace?.(line) }),
  })
  const shared = { client, now: () => environment.now(), sleep: timing.sleep }
  const place = plane?.id ?? `${url.origin}${url.pathname.replace(/\/$/, '')}`
  return {
    endpoint: namespace === undefined ? place : `${place}?namespace=${namespace}`,
    settle: plane === undefined ? networkSettle : 0,
    api: (call: Call) => createApi(shared, call),
    async close() {
      await client.close()
      await plane?.close()
    },
  }
}
