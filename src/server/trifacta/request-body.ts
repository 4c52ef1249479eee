import { isObject, type Json, type JsonObject } from '../../core/json.js'
import { bodyBytes } from '../body-bytes.js'
import { invalid, tooLarge, wrongHeader } from './api-error.js'

/** Bytes. The largest legitimate body, a config with hundreds of buckets, has a few ten thousand. */
export const bodyLimit = 1_048_576

/** Refuses a request that does not speak JSON both ways, as the vendor does. */
export function checkHeaders(request: Request): void {
  const accept = request.headers.get('accept')
  if (accept !== null && !accept.split(',').some((range) => acceptable.has(mediaType(range)))) {
    throw wrongHeader('the Accept header must admit application/json')
  }
  const type = request.headers.get('content-type')
  const sends = request.method === 'POST' || request.method === 'PUT' || request.method === 'PATCH'
  if (sends && (type === null || mediaType(type) !== 'application/json')) {
    throw wrongHeader('the Content-Type header must be application/json')
  }
}

const acceptable = new Set(['application/json', 'application/*', '*/*'])

function mediaType(text: string): string {
  return (text.split(';')[0] ?? '').trim().toLowerCase()
}

/** The body of a request, which must be a JSON object. */
export async function readBody(request: Request): Promise<JsonObject> {
  let body: Json
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await readBytes(request)))
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) {
      // The parser's own message quotes the text around the mistake, and with it perhaps a secret.
      throw invalid('the request body is not valid JSON')
    }
    throw cause
  }
  if (!isObject(body)) throw invalid('the request body must be a JSON object')
  return body
}

function readBytes(request: Request): Promise<Uint8Array> {
  return bodyBytes(request, bodyLimit, () => tooLarge(bodyLimit))
}
