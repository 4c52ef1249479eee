import type { Dispatcher } from 'undici'
import { collector, type Exchange, type WireAnswer, type WireRequest } from './exchange.js'
import { ofProxy } from './network-error.js'
import { agentOptions, type Env, proxyFor } from './proxy.js'

export interface PoolOptions {
  /** Scheme, host and port. */
  readonly origin: string
  readonly connections: number
  /** Milliseconds to open a connection. */
  readonly connectTimeout: number
  /** Largest answer in bytes. */
  readonly limit: number
  /** Certificates in PEM form to trust besides the well-known ones. */
  readonly certificates?: string
  /** Where the proxy is named. */
  readonly env: Env
}

/**
 * Carries requests over a pool of sockets, one request at a time on each. It uses undici's dispatcher and not `fetch`,
 * because only its handler is told when a queued request goes to its socket (and because it is twice as fast).
 */
export function poolExchange(options: PoolOptions): Exchange {
  const proxy = proxyFor(new URL(options.origin), options.env)
  let pool: Promise<Dispatcher> | undefined
  return {
    async send(request, written, signal) {
      pool ??= openPool(options, proxy)
      const dispatcher = await pool
      signal.throwIfAborted()
      try {
        return await dispatch(dispatcher, request, written, signal, options.limit)
      } catch (cause) {
        throw proxy === undefined ? cause : ofProxy(cause, proxy)
      }
    },
    async close() {
      await (await pool)?.destroy()
    },
  }
}

async function openPool(options: PoolOptions, proxy: URL | undefined): Promise<Dispatcher> {
  const [{ Pool, ProxyAgent }, { rootCertificates }] = await Promise.all([
    import('undici'),
    import('node:tls'),
  ])
  const trusted =
    options.certificates === undefined ? {} : { ca: [...rootCertificates, options.certificates] }
  const timeout = options.connectTimeout
  const settings = {
    connections: options.connections,
    pipelining: 1,
    // The client measures the time of a whole request itself.
    headersTimeout: 0,
    bodyTimeout: 0,
  }
  if (proxy === undefined) return new Pool(options.origin, { ...settings, connect: { timeout, ...trusted } })
  return new ProxyAgent({
    ...settings,
    ...agentOptions(proxy),
    requestTls: { timeout, ...trusted },
    proxyTls: { timeout, ...trusted },
  })
}

function dispatch(
  dispatcher: Dispatcher,
  request: WireRequest,
  written: () => void,
  signal: AbortSignal,
  limit: number,
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const collected = collector(limit)
    let status = 0
    let headers: ReadonlyMap<string, string> = new Map()
    let controller: Dispatcher.DispatchController | undefined
    const abort = () => {
      controller?.abort(signal.reason)
      finish(() => reject(signal.reason))
    }
    const finish = (settle: () => void) => {
      signal.removeEventListener('abort', abort)
      settle()
    }
    signal.addEventListener('abort', abort, { once: true })
    dispatcher.dispatch(
      {
        origin: request.url.origin,
        path: `${request.url.pathname}${request.url.search}`,
        method: request.method as Dispatcher.HttpMethod,
        headers: request.headers,
        body: request.body ?? null,
      },
      {
        onRequestStart(own) {
          controller = own
          // A request that waited in the queue until its time was over must not go out any more.
          signal.throwIfAborted()
          written()
        },
        onResponseStart(_, code, received) {
          status = code
          headers = new Map(
            Object.entries(received).map(([name, value]) => [
              name,
              Array.isArray(value) ? value.join(', ') : (value ?? ''),
            ]),
          )
        },
        onResponseData(own, chunk) {
          try {
            collected.add(chunk)
          } catch (tooLarge) {
            own.abort(tooLarge as Error)
          }
        },
        onResponseEnd: () => finish(() => resolve({ status, headers, body: collected.text() })),
        onResponseError: (_, error) => finish(() => reject(error)),
      },
    )
  })
}
