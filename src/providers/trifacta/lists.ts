import type { JsonObject } from '../../core/json.js'
import { ServiceError } from '../../core/resource.js'
import { type Reading, unusable } from '../../http/reading.js'
import type { AwaitedList, ListMemory, TrifactaApi } from './api.js'
import {
  configIn,
  idOf,
  isDeleted,
  pageIn,
  personIn,
  roleIn,
  type WireConfig,
  type WirePerson,
  type WireRole,
} from './wire.js'

/** The service may give fewer at a time, without saying so. */
const pageSize = 500
/** More objects than that are an endless list. */
const mostObjects = 1_000_000
/** After so many pages in a row that bring nothing new, it is asked whether the service minds the offset at all. */
const fewRepeats = 5
/** A list that has grown between so many requests in a row will not be caught up with. */
const mostRepeats = 10_000

/**
 * All objects of a list, each once. Only an empty page is the end: a server may cap `limit`, or leave out of a page what may not
 * be seen. Where new objects come first, a list that grows meanwhile repeats its last ones until it stops growing; one that
 * repeats its pages for ever is an error. Since no order is promised, an object may be missing here that exists.
 */
export async function listAll<T extends object>(
  api: TrifactaApi,
  path: string,
  read: (object: JsonObject, page: Reading) => T,
  query: Readonly<Record<string, string | undefined>> = {},
): Promise<readonly T[]> {
  const all: T[] = []
  const seen = new Set<string>()
  let offset = 0
  let repeats = 0
  for (;;) {
    const { page, objects } = await pageAt(api, path, { ...query, limit: pageSize, offset })
    if (objects.length === 0) return all
    const before = seen.size
    for (const object of objects) {
      const id = idOf(object, page)
      if (seen.has(id)) continue
      seen.add(id)
      if (isDeleted(object)) continue
      all.push(noted(read(object, page), page))
    }
    repeats = seen.size === before ? repeats + 1 : 0
    offset += objects.length
    if (repeats === fewRepeats) await requireOffset(api, path, query)
    if (repeats > mostRepeats || seen.size > mostObjects) throw endless(page, offset)
  }
}

type Query = Readonly<Record<string, string | number | undefined>>

interface Page {
  readonly page: Reading
  readonly objects: readonly JsonObject[]
}

/** Which answer an object stood in. */
const pages = new WeakMap<object, Reading>()

/** Notes in which answer an object stood, for `listError`. */
export function noted<T extends object>(object: T, page: Reading): T {
  pages.set(object, page)
  return object
}

/** An error about objects that were read, such as two where there can be one. */
export function listError(objects: readonly object[], doing: string, words: string, help: string): Error {
  const page = objects.map((object) => pages.get(object)).find((one) => one !== undefined)
  return page === undefined
    ? new ServiceError(doing, { words, help })
    : unusable({ ...page, doing }, words, help)
}

async function pageAt(api: TrifactaApi, path: string, query: Query): Promise<Page> {
  const doing = `listing ${path}`
  const answer = await api.send({ method: 'GET', path: [path], query, doing, accept: [200] })
  const page = answer.reading
  return { page, objects: pageIn(answer.body, page) }
}

/** Throws if there is something even where no list reaches. A service that refuses such an offset minds it, too. */
async function requireOffset(api: TrifactaApi, path: string, query: Query): Promise<void> {
  const doing = `listing ${path}`
  const far = { ...query, limit: 1, offset: mostObjects }
  const answer = await api.send({ method: 'GET', path: [path], query: far, doing, accept: [200, 400] })
  const page = answer.reading
  if (answer.status === 200 && pageIn(answer.body, page).length > 0) throw endless(page, mostObjects)
}

function endless(page: Reading, offset: number): Error {
  return unusable(
    page,
    `the list does not end: page after page repeats what came before (offset ${offset})`,
    'The service seems to ignore "offset". Report this to its operators.',
  )
}

export function people(api: TrifactaApi): Promise<readonly WirePerson[]> {
  const query = { workspaceId: api.shared.workspaceId }
  return remembered(api, 'people', () => listAll(api, 'people', personIn, query))
}

/** The list of awsConfigs, which release 6.0 does not have. */
export function configs(api: TrifactaApi): Promise<readonly WireConfig[]> {
  return remembered(api, 'configs', async () => {
    const all = await listAll(api, 'awsConfigs', configIn)
    api.shared.listed.configs = all
    return all
  })
}

export function roles(api: TrifactaApi): Promise<readonly WireRole[]> {
  return remembered(api, 'roles', async () => {
    const all = await listAll(api, 'awsRoles', roleIn)
    api.shared.listed.roles = all
    return all
  })
}

/** The objects at a place of a list, as many as there are. */
export async function listSome<T extends object>(
  api: TrifactaApi,
  path: string,
  read: (object: JsonObject, page: Reading) => T,
  place: { readonly limit: number; readonly offset: number },
): Promise<readonly T[]> {
  const { page, objects } = await pageAt(api, path, place)
  return objects.filter((object) => !isDeleted(object)).map((object) => noted(read(object, page), page))
}

function remembered<K extends 'people' | 'configs' | 'roles'>(
  api: TrifactaApi,
  name: K,
  read: () => Promise<Awaited<NonNullable<ListMemory[K]>>>,
): NonNullable<ListMemory[K]> {
  const memory: Omit<ListMemory, 'keep'> = api.lists
  const known = memory[name]
  if (known !== undefined) return known
  if (api.lists.keep === 'fresh') return together(api, name, read) as NonNullable<ListMemory[K]>
  const promise = read() as NonNullable<ListMemory[K]>
  memory[name] = promise
  const forget = () => {
    delete memory[name]
  }
  // A failed list is not remembered: the next one who asks may have more luck.
  promise.then(api.lists.keep === 'shared' ? forget : () => {}, forget)
  return promise
}

/**
 * Reads a list after the moment of asking, so that it has what the one who asks has written: never by joining a reading that has
 * begun, but those who ask while one is going on share the next.
 */
function together<T>(api: TrifactaApi, name: string, read: () => Promise<T>): Promise<T> {
  const { awaited } = api.shared
  const begin = (): Promise<T> => {
    const reading = read()
    const list: AwaitedList = { reading }
    awaited.set(name, list)
    const end = () => {
      if (list.next === undefined) awaited.delete(name)
    }
    reading.then(end, end)
    return reading
  }
  const current = awaited.get(name)
  if (current === undefined) return begin()
  current.next ??= current.reading.then(begin, begin)
  return current.next as Promise<T>
}

const indexes = new WeakMap<readonly { readonly id: string }[], ReadonlyMap<string, number>>()

/** The object with an id in a whole list. */
export function withId<T extends { readonly id: string }>(list: readonly T[], id: string): T | undefined {
  const position = positionIn(list, id)
  return position === undefined ? undefined : list[position]
}

/** Where an object stands. The index is made once for each list, so that joining lists costs what they hold. */
export function positionIn(list: readonly { readonly id: string }[], id: string): number | undefined {
  let index = indexes.get(list)
  if (index === undefined) {
    index = new Map(list.map((object, position) => [object.id, position]))
    indexes.set(list, index)
  }
  return index.get(id)
}
