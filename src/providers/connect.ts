import type {
  Call,
  Connection,
  EmbeddedOptions,
  EmbeddedPlane,
  Inputs,
  ProviderEnvironment,
} from '../core/resource.js'
import { type ClientOptions, createClient, type HttpClient } from '../http/client.js'
import type { Exchange } from '../http/exchange.js'
import { fetchExchange } from '../http/fetch-exchange.js'
import { poolExchange } from '../http/pool-exchange.js'
import { type Timing, timingOf } from '../http/timing.js'
import type { Endpoint } from './endpoint.js'
import { revealed } from './inputs.js'

/** How requests say who we are. */
export interface SignIn {
  readonly headers: Readonly<Record<string, string>>
  /** What is secret in them. */
  readonly secrets: readonly string[]
}

/** What the connections of a provider have of their own. */
export interface Service<Api, Signed extends SignIn = SignIn> {
  readonly endpoint: Endpoint
  /** The name below which an embedded control plane has it; absent: at its root. */
  readonly system?: string
  /** How an embedded control plane is to speak. */
  readonly embedded?: EmbeddedOptions
  /** Largest answer in bytes. */
  readonly answerLimit: number
  /** What the client needs to know of its API. */
  readonly client: Omit<
    ClientOptions,
    'exchange' | 'base' | 'headers' | 'secrets' | 'timeout' | 'concurrency' | 'timing' | 'trace'
  >
  /** The part of the service that is meant, as a query: rows are bound to it, too. */
  readonly scope?: string
  /** Each caller has objects of their own. */
  readonly ofCaller?: true
  /** `plane`: the embedded control plane, if the service is one. Throws a `Failure`. */
  signIn(plane: EmbeddedPlane | undefined): Signed
  /** Certificates in PEM form to trust, where the settings name none. */
  certificates?(): string | undefined
  /** Makes the clients, each for one purpose. */
  api(client: HttpClient, timing: Timing, signedIn: Signed): (call: Call) => Api
}

const connectTimeout = 10_000
/** Milliseconds for one request, where the settings have no `timeout_seconds`. */
const usualTimeout = 60_000
const networkSettle = 30_000

/** Opens a provider's connection: over the network, or to the control plane in this process. Throws a `Failure`. */
export async function connect<Api, Signed extends SignIn>(
  settings: Inputs,
  environment: ProviderEnvironment,
  service: Service<Api, Signed>,
): Promise<Connection<Api>> {
  const { endpoint, system, embedded } = service
  if (endpoint.kind === 'url') return open(settings, environment, service, endpoint.url, undefined)
  const plane = await environment.embedded(endpoint.path, embedded)
  try {
    const url = new URL(`http://embedded/${system === undefined ? '' : `${system}/`}`)
    return open(settings, environment, service, url, plane)
  } catch (failed) {
    await plane.close()
    throw failed
  }
}

function open<Api, Signed extends SignIn>(
  settings: Inputs,
  environment: ProviderEnvironment,
  service: Service<Api, Signed>,
  url: URL,
  plane: EmbeddedPlane | undefined,
): Connection<Api> {
  const timeout = millisecondsOf(settings.timeout_seconds, usualTimeout)
  const timing = timingOf(environment)
  const signedIn = service.signIn(plane)
  const client = createClient({
    ...service.client,
    headers: signedIn.headers,
    secrets: signedIn.secrets,
    exchange:
      plane === undefined
        ? overNetwork(settings, environment, service, url, timeout)
        : fetchExchange((request) => plane.fetch(request), service.answerLimit),
    base: url,
    timeout,
    concurrency: environment.concurrency,
    timing,
    ...(environment.trace === undefined ? {} : { trace: (line: string) => environment.trace?.(line) }),
  })
  const place = plane?.id ?? `${url.origin}${url.pathname.replace(/\/$/, '')}`
  return {
    endpoint: service.scope === undefined ? place : `${place}?${service.scope}`,
    settle: plane === undefined ? networkSettle : 0,
    ...(service.ofCaller === true && { ofCaller: true }),
    api: service.api(client, timing, signedIn),
    async close() {
      await client.close()
      await plane?.close()
    },
  }
}

function overNetwork(
  settings: Inputs,
  environment: ProviderEnvironment,
  service: Pick<Service<unknown>, 'answerLimit' | 'certificates'>,
  url: URL,
  timeout: number,
): Exchange {
  const certificates = revealed(settings.ca_certificate) ?? service.certificates?.()
  return poolExchange({
    origin: url.origin,
    connections: environment.concurrency,
    connectTimeout: Math.min(connectTimeout, timeout),
    limit: service.answerLimit,
    env: (name) => environment.env(name),
    ...(certificates === undefined ? {} : { certificates }),
  })
}

/** A setting in seconds, in milliseconds. */
export function millisecondsOf(value: Inputs[string] | undefined, otherwise: number): number {
  return typeof value === 'number' ? value * 1000 : otherwise
}
