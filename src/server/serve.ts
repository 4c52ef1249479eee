import type { Server } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { error, Failure } from '../core/diagnostic.js'
import type { ControlPlane } from './control-plane.js'
import { healthChecks } from './health.js'
import { acceptListVerb, listStandIn } from './list-verb.js'

export interface ServeOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Aborting it stops the server like `close`. */
  readonly signal?: AbortSignal
  /** Speaks HTTPS. */
  readonly tls?: TlsIdentity
  /** Milliseconds until a connection that sends its headers, or its whole request, too slowly is cut. */
  readonly timeouts?: { readonly headers: number; readonly request: number }
}

/** PEM texts: the certificate with those that lead to its authority, and its key. */
export interface TlsIdentity {
  readonly cert: string
  readonly key: string
}

export interface Listening {
  /** `http://127.0.0.1:3005`, or with `https`, without a slash at its end. */
  readonly url: string
  /** New connections get this identity. Throws if the key does not belong to the certificate; then the old one stays. */
  replaceTls(identity: TlsIdentity): void
  /** Takes no new requests, lets those under way finish, then closes the socket. The plane stays open. */
  close(): Promise<void>
}

/** Milliseconds that requests under way get when the server stops; then their connections are cut. */
const grace = 5_000

/** The largest body that is taken has 32 MiB: half a minute for it is what a slow line of our day needs. */
const usualTimeouts = { headers: 10_000, request: 30_000 }

/** What is served: a control plane, which also says whether it is ready, or what answers like one. */
type Served = Pick<ControlPlane, 'fetch'> & Partial<Pick<ControlPlane, 'isReady'>>

/** Answers HTTP on a socket. Throws a `Failure` if the address cannot be used. */
export async function serve(plane: Served, options: ServeOptions): Promise<Listening> {
  const { host, port, signal, tls, timeouts = usualTimeouts } = options
  const { createAdaptorServer } = await import('@hono/node-server')
  const stopping = new AbortController()
  const isReady = plane.isReady?.bind(plane)
  const health = isReady === undefined ? undefined : healthChecks(isReady, stopping.signal)
  const server = createAdaptorServer({
    // Otherwise it replaces Request and Response for the whole process.
    overrideGlobalObjects: false,
    async fetch(request, { incoming, outgoing }) {
      try {
        const asked = speakable(request)
        return await (health?.(asked) ?? plane.fetch(asked, incoming.socket.remoteAddress))
      } catch {
        // A plane answers every request but those whose connection it wants cut.
        outgoing.destroy()
        return new Response(null, { status: 500 })
      }
    },
    ...(tls !== undefined && { createServer: https.createServer }),
    serverOptions: {
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      // How often it looks for such connections.
      connectionsCheckingInterval: Math.min(timeouts.headers, 1_000),
      ...(tls !== undefined && { ...tls, minVersion: 'TLSv1.2' }),
    },
  }) as Server
  acceptListVerb(server)

  const requests = countRequests(server)
  await listen(server, host, port)
  const address = server.address() as AddressInfo
  const close = once(() => {
    stopping.abort()
    return stop(server, requests)
  })
  signal?.addEventListener('abort', () => void close(), { once: true })
  if (signal?.aborted === true) await close()
  const scheme = tls === undefined ? 'http' : 'https'
  return {
    url: `${scheme}://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    replaceTls(identity) {
      if (server instanceof https.Server) server.setSecureContext({ ...identity, minVersion: 'TLSv1.2' })
    },
    close,
  }
}

/** A request of which copies can be made. What `Request` refuses is a verb that no service has; its name is lost. */
function speakable(request: Request): Request {
  const { method, url, headers } = request
  if (method === listStandIn) return new Request(url, { method: 'LIST', headers })
  if (method === 'TRACE' || method === 'TRACK') return new Request(url, { method: 'UNKNOWN', headers })
  return request
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const detail = `${host}:${port}: ${cause.message}`
      const help = 'Choose another address or port, or stop the program that uses it.'
      reject(
        new Failure(error('server/address-unusable', 'the server cannot listen there', { detail, help }), {
          cause,
        }),
      )
    })
    server.listen(port, host, () => resolve())
  })
}

/** Requests whose answer is not sent in full yet. */
interface UnderWay {
  /** Resolves as soon as there are none. */
  none(): Promise<void>
}

function countRequests(server: Server): UnderWay {
  let count = 0
  let waiting: (() => void) | undefined
  server.on('request', (_request, response) => {
    count += 1
    response.once('close', () => {
      count -= 1
      if (count === 0) waiting?.()
    })
  })
  return {
    none: () =>
      new Promise((resolve) => {
        if (count === 0) resolve()
        else waiting = resolve
      }),
  }
}

async function stop(server: Server, requests: UnderWay): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const late = setTimeout(() => server.closeAllConnections(), grace)
  // What is left then are connections without a request, which `server.close` would wait for.
  void requests.none().then(() => server.closeAllConnections())
  await closed
  clearTimeout(late)
}

function once(act: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined
  return () => {
    result ??= act()
    return result
  }
}
