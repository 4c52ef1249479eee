import { isObject, type Json, type JsonObject } from '../../core/json.js'
import { bodyBytes } from '../body-bytes.js'
import { isStorable } from '../storable-text.js'
import { ApiError, invalid, type Mistake } from './api-error.js'

/** Bytes. A connector has a few hundred. */
const bodyLimit = 1_048_576

/** Reads the members of a body; what is wrong is collected. */
export interface Members {
  /** A text that must be there. */
  text(name: string, pattern?: RegExp): string
  /** A text or null; absent counts as null. */
  nullable(name: string): string | null
  /** Absent, or this word. */
  literal(name: string, word: string): void
  wrong(name: string, type: string, msg: string): void
}

/** Reads a JSON object and reports everything that is wrong with it at once, as one 422. */
export async function readBody<T>(request: Request, read: (members: Members) => T): Promise<T> {
  const body = await parse(request)
  const mistakes: Mistake[] = []
  const result = read(membersOf(body, mistakes))
  if (mistakes.length > 0) throw invalid(mistakes)
  return result
}

function membersOf(body: JsonObject, mistakes: Mistake[]): Members {
  const member = (name: string): Json | undefined =>
    Object.hasOwn(body, name) ? (body as Readonly<Record<string, Json>>)[name] : undefined
  const wrong = (name: string, type: string, msg: string): void => {
    mistakes.push({ type, loc: ['body', name], msg })
  }
  const isText = (value: Json | undefined): value is string => typeof value === 'string' && isStorable(value)
  return {
    text(name, pattern) {
      const value = member(name)
      if (value === undefined) wrong(name, 'missing', 'Field required')
      else if (!isText(value)) wrong(name, 'string_type', 'Input should be a valid string')
      else if (pattern !== undefined && !pattern.test(value))
        wrong(name, 'string_pattern_mismatch', `String should match pattern '${pattern.source}'`)
      return isText(value) ? value : ''
    },
    nullable(name) {
      const value = member(name) ?? null
      if (value !== null && !isText(value)) wrong(name, 'string_type', 'Input should be a valid string')
      return isText(value) ? value : null
    },
    literal(name, word) {
      const value = member(name)
      if (value !== undefined && value !== word) wrong(name, 'literal_error', `Input should be '${word}'`)
    },
    wrong,
  }
}

async function parse(request: Request): Promise<JsonObject> {
  const bytes = await readBytes(request)
  if (bytes.length === 0) throw invalid([{ type: 'missing', loc: ['body'], msg: 'Field required' }])
  let body: Json
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json
  } catch (cause) {
    // The parser's own message quotes the text around the mistake, and with it perhaps a secret.
    if (cause instanceof SyntaxError || cause instanceof TypeError)
      throw invalid([{ type: 'json_invalid', loc: ['body'], msg: 'JSON decode error' }])
    throw cause
  }
  if (isObject(body)) return body
  const msg = 'Input should be a valid dictionary or object to extract fields from'
  throw invalid([{ type: 'model_attributes_type', loc: ['body'], msg }])
}

function readBytes(request: Request): Promise<Uint8Array> {
  return bodyBytes(
    request,
    bodyLimit,
    () => new ApiError(413, `Request body too large: at most ${bodyLimit} bytes`),
  )
}
