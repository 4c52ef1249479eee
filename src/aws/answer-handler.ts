import { Readable } from 'node:stream'
import type { HttpRequest, HttpResponse, RequestHandler } from '@smithy/types'

/** Carries the SDK's requests, signed and all, to a function in this process, which answers them or sends them on. */
export function answerHandler(
  answer: (request: Request) => Promise<Response>,
): RequestHandler<HttpRequest, HttpResponse> & { metadata: { handlerProtocol: string } } {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request) {
      const response = await answer(requestOf(request))
      return {
        response: {
          statusCode: response.status,
          headers: Object.fromEntries(response.headers),
          body: Readable.from([Buffer.from(await response.arrayBuffer())]),
        },
      }
    },
  }
}

function requestOf({ protocol, hostname, port, path, query, method, headers, body }: HttpRequest): Request {
  const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`)
  for (const [name, value] of Object.entries(query ?? {}))
    for (const one of Array.isArray(value) ? value : [value ?? '']) url.searchParams.append(name, one)
  const bytes = typeof body === 'string' || body instanceof Uint8Array ? { body } : {}
  return new Request(url, { method, headers, ...bytes })
}
