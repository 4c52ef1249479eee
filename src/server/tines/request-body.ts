import { isObject, type Json, type JsonObject } from '../../core/json.js'
import { bodyBytes } from '../body-bytes.js'
import { isStorable } from '../storable-text.js'
import { ApiError, badRequest } from './api-error.js'

/** Bytes. Certificates and request options are the largest legitimate content, of some ten thousand. */
const bodyLimit = 1_048_576
/** Levels of objects and arrays in `metadata` or request options. */
const depthLimit = 64

/** The body of a request, which must be a JSON object. */
export async function readBody(request: Request): Promise<JsonObject> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw new ApiError(415, 'Unsupported media type', 'the Content-Type header must be application/json')
  let body: Json
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await readBytes(request)))
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) {
      // The parser's own message quotes the text around the mistake, and with it perhaps a secret.
      throw badRequest('the request body is not valid JSON')
    }
    throw cause
  }
  if (!isObject(body)) throw badRequest('the request body must be a JSON object')
  if (!isKept(body, 0))
    throw badRequest(`the request body holds text that is not Unicode, or more than ${depthLimit} levels`)
  return body
}

/** Whether the database keeps all of it as it was sent. */
function isKept(value: Json, depth: number): boolean {
  if (typeof value === 'string') return isStorable(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth === depthLimit) return false
  if (Array.isArray(value)) return value.every((item) => isKept(item, depth + 1))
  return Object.entries(value).every(([key, item]) => isStorable(key) && isKept(item, depth + 1))
}

function readBytes(request: Request): Promise<Uint8Array> {
  return bodyBytes(
    request,
    bodyLimit,
    () => new ApiError(413, 'Payload too large', `a request body has at most ${bodyLimit} bytes`),
  )
}
