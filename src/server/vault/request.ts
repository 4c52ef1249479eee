import { isObject, type Json, type JsonObject } from '../../core/json.js'
import { bodyBytes } from '../body-bytes.js'
import { isStorable } from '../storable-text.js'
import { invalid, unsupportedOperation, VaultError } from './api-error.js'

export type Operation = 'read' | 'list' | 'update' | 'delete'

/** A request as the API sees it. */
export interface Asked {
  readonly operation: Operation
  /** `ns1/ns2` as the header says it; the path may go on with it. */
  readonly namespace: string
  /** What follows `/v1/`, without slashes at its ends. */
  readonly path: string
  readonly token: string | undefined
}

/** Bytes: what the vendor takes unless it is configured otherwise. */
export const bodyLimit = 33_554_432

/** Reads all but the body, which is for those who may ask. Throws a 404 or 405. */
export function readRequest(request: Request): Asked {
  const url = new URL(request.url)
  const path = decodedPath(url)
  return {
    operation: operationOf(request.method, url),
    namespace: withoutSlashes(request.headers.get('x-vault-namespace') ?? ''),
    path,
    token: tokenOf(request),
  }
}

/** What the request says beside its path: the body of a write, else the query. */
export async function readData(request: Request, operation: Operation): Promise<JsonObject> {
  if (operation !== 'update') return fromQuery(new URL(request.url).searchParams)
  const bytes = await readBytes(request)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
  } catch {
    throw invalid('failed to parse JSON input: the request body is not UTF-8')
  }
  if (text === '') return {}
  // curl says that what it sends is a form. As the vendor does, the text is looked at before the header.
  if (!text.startsWith('{') && mediaType(request) === 'application/x-www-form-urlencoded')
    return fromQuery(new URLSearchParams(text))
  return parsed(text)
}

function parsed(text: string): JsonObject {
  let body: Json
  try {
    body = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text around the mistake, and with it perhaps a secret.
    throw invalid('failed to parse JSON input: the request body is not valid JSON')
  }
  if (!isObject(body)) throw invalid('failed to parse JSON input: the request body is not a JSON object')
  return body
}

function fromQuery(query: URLSearchParams): JsonObject {
  const data: Record<string, Json> = {}
  for (const name of new Set(query.keys())) {
    if (name === 'list') continue
    const values = query.getAll(name)
    Object.defineProperty(data, name, {
      value: values.length === 1 ? (values[0] ?? '') : values,
      enumerable: true,
    })
  }
  return data
}

function operationOf(method: string, url: URL): Operation {
  switch (method) {
    case 'GET':
      return ['true', '1', 't', 'T', 'TRUE', 'True'].includes(url.searchParams.get('list') ?? '')
        ? 'list'
        : 'read'
    case 'HEAD':
      return 'read'
    case 'LIST':
      return 'list'
    case 'POST':
    case 'PUT':
      return 'update'
    case 'DELETE':
      return 'delete'
    default:
      throw unsupportedOperation()
  }
}

function decodedPath(url: URL): string {
  let path: string
  try {
    path = decodeURIComponent(url.pathname)
  } catch {
    throw invalid('the path of the address is not UTF-8 in percent notation')
  }
  // Nothing else of this service is below another root.
  if (path !== '/v1' && !path.startsWith('/v1/')) throw new VaultError(404, [])
  if (!isStorable(path)) throw invalid('the path of the address holds a NUL character')
  return withoutSlashes(path.slice('/v1'.length))
}

function tokenOf(request: Request): string | undefined {
  const own = request.headers.get('x-vault-token')
  if (own !== null && own !== '') return own
  const bearer = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.get('authorization') ?? '')
  return bearer?.[1]
}

export function withoutSlashes(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && text[start] === '/') start += 1
  while (end > start && text[end - 1] === '/') end -= 1
  return text.slice(start, end)
}

function mediaType(request: Request): string {
  return (request.headers.get('content-type')?.split(';')[0] ?? '').trim().toLowerCase()
}

function readBytes(request: Request): Promise<Uint8Array> {
  return bodyBytes(request, bodyLimit, () => new VaultError(413, ['http: request body too large']))
}
