import type { Json, JsonObject } from '../../core/json.js'
import type { Call, Plain } from '../../core/resource.js'
import type { Answer, Body, HttpClient, HttpRequest } from '../../http/client.js'
import { objectIn, type Reading, unexpected } from '../../http/reading.js'
import { unlessAbsent } from '../meaning.js'
import type { WireMount } from './mounts.js'
import { unlessGone } from './refusal.js'

/** What all clients of one connection share. */
export interface Shared {
  readonly client: HttpClient
  now(): Date
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** The Vault API for one purpose. */
export interface VaultApi {
  readonly shared: Shared
  readonly call: Call
  /** The mounts, once for each walk. */
  mounts?: Promise<readonly WireMount[]>
  send(request: HttpRequest): Promise<Answer>
}

export function createApi(shared: Shared, call: Call): VaultApi {
  return {
    shared,
    call,
    send: (request) => shared.client.send({ ...request, path: ['v1', ...request.path] }, call),
  }
}

/** The `data` of an object; undefined if there is none, or no mount that could have it. */
export async function readObject(
  api: VaultApi,
  path: readonly string[],
  doing: string,
): Promise<JsonObject | undefined> {
  const answer = await unlessGone(api.send({ method: 'GET', path, doing, accept: [200] }))
  return answer === undefined ? undefined : dataIn(answer.body, answer.reading)
}

/**
 * The names of a list, each once. An empty list is a 404 without words; a mount that is not there is an error. The list is
 * asked for by `list=true`, as the vendor's own clients do: not every proxy lets the verb LIST through.
 */
export async function listNames(
  api: VaultApi,
  path: readonly string[],
  doing: string,
): Promise<readonly string[]> {
  const query = { list: true }
  const answer = await unlessAbsent(api.send({ method: 'GET', path, query, doing, accept: [200] }))
  if (answer === undefined) return []
  const { keys } = dataIn(answer.body, answer.reading)
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string'))
    throw unexpected(answer.reading, 'a list of names under "keys"')
  return [...new Set(keys as readonly string[])]
}

/** Writes an object. A write without a word is a 204, one with warnings a 200. Returns its `data`, if it has any. */
export async function write(
  api: VaultApi,
  path: readonly string[],
  body: Body,
  doing: string,
): Promise<JsonObject | undefined> {
  const answer = await api.send({ method: 'POST', path, body, doing, accept: [200, 204] })
  if (answer.body === undefined) return undefined
  const { data } = objectIn(answer.body, answer.reading)
  return data === undefined || data === null ? undefined : objectIn(data, answer.reading)
}

/** Deletes an object; that it is not there is fine. */
export async function remove(api: VaultApi, path: readonly string[], doing: string): Promise<void> {
  await unlessGone(api.send({ method: 'DELETE', path, doing, accept: [200, 204] }))
}

/** The `data` of an answer's envelope. */
export function dataIn(body: Json | undefined, reading: Reading): JsonObject {
  return objectIn(objectIn(body, reading).data, reading)
}

/** An input or output that is a text which is not empty, or null. */
export function textOf(value: Plain | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
