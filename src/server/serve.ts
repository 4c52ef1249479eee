import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { error, Failure } from '../core/diagnostic.js'
import type { ControlPlane } from './control-plane.js'
import { acceptListVerb, listStandIn } from './list-verb.js'

export interface ServeOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** Aborting it stops the server like `close`. */
  readonly signal?: AbortSignal
}

export interface Listening {
  /** `http://127.0.0.1:3005`, without a slash at its end. */
  readonly url: string
  /** Takes no new requests, lets those under way finish, then closes the socket. The plane stays open. */
  close(): Promise<void>
}

/** Milliseconds that requests under way get when the server stops; then their connections are cut. */
const grace = 5_000

/** Answers HTTP on a socket with a control plane, or with what answers like one. Throws a `Failure` if the address cannot be used. */
export async function serve(
  plane: Pick<ControlPlane, 'fetch'>,
  { host, port, signal }: ServeOptions,
): Promise<Listening> {
  const { createAdaptorServer } = await import('@hono/node-server')
  const server = createAdaptorServer({
    // Otherwise it replaces Request and Response for the whole process.
    overrideGlobalObjects: false,
    async fetch(request, { outgoing }) {
      try {
        return await plane.fetch(request.method === listStandIn ? asList(request) : request)
      } catch {
        // A plane answers every request but those whose connection it wants cut.
        outgoing.destroy()
        return new Response(null, { status: 500 })
      }
    },
  }) as Server
  acceptListVerb(server)

  const requests = countRequests(server)
  await listen(server, host, port)
  const address = server.address() as AddressInfo
  const close = once(() => stop(server, requests))
  signal?.addEventListener('abort', () => void close(), { once: true })
  if (signal?.aborted === true) await close()
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`, close }
}

function asList({ url, headers }: Request): Request {
  return new Request(url, { method: 'LIST', headers })
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
