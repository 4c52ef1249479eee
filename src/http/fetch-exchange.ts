import { collector, type Exchange } from './exchange.js'

/** Carries requests through a given `fetch`: the embedded control plane's own, without a socket. */
export function fetchExchange(fetch: (request: Request) => Promise<Response>, limit: number): Exchange {
  return {
    async send({ method, url, headers, body }, written, signal) {
      signal.throwIfAborted()
      const request = new Request(url, { method, headers, signal, ...(body === undefined ? {} : { body }) })
      written()
      const response = await untilAborted(fetch(request), signal)
      const collected = collector(limit)
      if (response.body !== null) {
        const reader = response.body.getReader()
        for (;;) {
          const { done, value } = await untilAborted(reader.read(), signal)
          if (done) break
          collected.add(value)
        }
      }
      return { status: response.status, headers: new Map(response.headers), body: collected.text() }
    },
    close: async () => {},
  }
}

/** The promise, or the signal's reason if that comes first: a function that ignores its signal cannot hold us. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
