import type { Dispatcher } from 'undici'
import { agentOptions, type Env, proxyFor } from './proxy.js'

/** Milliseconds for a connection, and for an answer. */
const patience = { connect: 5_000, answer: 20_000 }

/** Carries whole requests, for clients that have no use for a proxy of their own. */
export interface ProxiedFetch {
  fetch(request: Request): Promise<Response>
  close(): Promise<void>
}

/**
 * Sends requests through the proxy that the environment names for where they go, or directly if it names none. Redirections are
 * answers like others. `probed`: where requests may go; undefined is returned if no proxy is named for any of these. Throws a
 * `Failure` for a variable that holds no URL.
 */
export function proxiedFetch(env: Env, probed: readonly URL[]): ProxiedFetch | undefined {
  if (probed.every((url) => proxyFor(url, env) === undefined)) return undefined
  const dispatchers = new Map<string, Promise<Dispatcher>>()
  const dispatcherFor = (url: URL): Promise<Dispatcher> => {
    const proxy = proxyFor(url, env)
    const key = proxy?.href ?? ''
    const dispatcher = dispatchers.get(key) ?? open(proxy)
    dispatchers.set(key, dispatcher)
    return dispatcher
  }
  return {
    async fetch(request) {
      const [{ fetch }, dispatcher, body] = await Promise.all([
        import('undici'),
        dispatcherFor(new URL(request.url)),
        request.arrayBuffer(),
      ])
      const { method, url } = request
      const headers = Object.fromEntries(request.headers)
      const answer = await fetch(url, {
        method,
        headers,
        ...(body.byteLength > 0 && { body: new Uint8Array(body) }),
        redirect: 'manual',
        dispatcher,
        signal: AbortSignal.timeout(patience.answer),
      })
      const content = answer.body === null ? null : await answer.arrayBuffer()
      return new Response(content, { status: answer.status, headers: [...answer.headers] })
    },
    async close() {
      await Promise.all([...dispatchers.values()].map(async (dispatcher) => (await dispatcher).close()))
    },
  }
}

async function open(proxy: URL | undefined): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('undici')
  const connect = { timeout: patience.connect }
  if (proxy === undefined) return new Agent({ connect })
  return new ProxyAgent({ ...agentOptions(proxy), requestTls: connect, proxyTls: connect })
}
