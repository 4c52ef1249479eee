import type { JsonObject } from '../../core/json.js'
import { ServiceError } from '../../core/resource.js'
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
export async function* listAll(
  api: TrifactaApi,
  path: string,
  query: Readonly<Record<string, string | undefined>> = {},
): AsyncGenerator<JsonObject> {
  const doing = `listing ${path}`
  const seen = new Set<string>()
  let offset = 0
  let repeats = 0
  for (;;) {
    const page = await pageAt(api, path, { ...query, limit: pageSize, offset })
    if (page.length === 0) return
    const before = seen.size
    for (const object of page) {
      const id = idOf(object, doing)
      if (seen.has(id)) continue
      seen.add(id)
      if (!isDeleted(object)) yield object
    }
    repeats = seen.size === before ? repeats + 1 : 0
    offset += page.length
    if (repeats === fewRepeats) await requireOffset(api, path, query)
    if (repeats > mostRepeats || seen.size > mostObjects) throw endless(doing, offset)
  }
}

type Query = Readonly<Record<string, string | number | undefined>>

async function pageAt(api: TrifactaApi, path: string, query: Query): Promise<readonly JsonObject[]> {
  const doing = `listing ${path}`
  const answer = await api.send({ method: 'GET', path: [path], query, doing, accept: [200] })
  return pageIn(answer.body, doing)
}

/** Throws if there is something even where no list reaches. A service that refuses such an offset minds it, too. */
async function requireOffset(api: TrifactaApi, path: string, query: Query): Promise<void> {
  const doing = `listing ${path}`
  const far = { ...query, limit: 1, offset: mostObjects }
  const answer = await api.send({ method: 'GET', path: [path], query: far, doing, accept: [200, 400] })
  if (answer.status === 200 && pageIn(answer.body, doing).length > 0) throw endless(doing, mostObjects)
}

function endless(doing: string, offset: number): ServiceError {
  return new ServiceError(doing, {
    words: `the list does not end: page after page repeats what came before (offset ${offset})`,
    help: 'The service seems to ignore "offset". Report this to its operators.',
  })
}

export function people(api: TrifactaApi): Promise<readonly WirePerson[]> {
  return remembered(api, 'people', async () => {
    const all: WirePerson[] = []
    const query = { workspaceId: api.shared.workspaceId }
    for await (const object of listAll(api, 'people', query)) all.push(personIn(object, 'listing people'))
    return all
  })
}

/** The list of awsConfigs, which release 6.0 does not have. */
export function configs(api: TrifactaApi): Promise<readonly WireConfig[]> {
  return remembered(api, 'configs', async () => {
    const all: WireConfig[] = []
    for await (const object of listAll(api, 'awsConfigs')) all.push(configIn(object, 'listing awsConfigs'))
    return all
  })
}

export function roles(api: TrifactaApi): Promise<readonly WireRole[]> {
  return remembered(api, 'roles', async () => {
    const all: WireRole[] = []
    for await (const object of listAll(api, 'awsRoles')) all.push(roleIn(object, 'listing awsRoles'))
    return all
  })
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

const indexes = new WeakMap<readonly { readonly id: string }[], ReadonlyMap<string, unknown>>()

/** The object with an id in a whole list. The index is made once for each list, so that joining lists costs what they hold. */
export function withId<T extends { readonly id: string }>(list: readonly T[], id: string): T | undefined {
  let index = indexes.get(list)
  if (index === undefined) {
    index = new Map(list.map((object) => [object.id, object]))
    indexes.set(list, index)
  }
  return index.get(id) as T | undefined
}
