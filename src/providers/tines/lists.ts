import { isObject, type JsonObject } from '../../core/json.js'
import { objectIn, type Reading, unexpected, unusable } from '../../http/reading.js'
import type { TinesApi } from './api.js'
import { credentialIn, idOf, type WireCredential } from './wire.js'

/** The most that the service gives at a time. */
const pageSize = 500
/** More pages than that are an endless list. */
const mostPages = 10_000

/** An object of a list, and which answer it stood in. */
export interface Listed {
  readonly object: JsonObject
  readonly reading: Reading
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * All objects of a list, each once. The end is where there is no next page: neither a link to one nor, if the number of pages
 * is told, one more of them. The service's `next_page_number` is not asked: it was seen to name a page that does not exist.
 */
export async function* listAll(
  api: TinesApi,
  path: 'user_credentials' | 'teams' | 'folders',
  query: Query = {},
): AsyncGenerator<Listed> {
  const doing = `listing ${path}`
  const seen = new Set<string>()
  for (let page = 1; ; page++) {
    const answer = await api.send({
      method: 'GET',
      path: [path],
      query: { ...query, per_page: pageSize, page },
      doing,
      accept: [200],
    })
    const { reading } = answer
    const body = objectIn(answer.body, reading)
    const items = body[path]
    if (!Array.isArray(items)) throw unexpected(reading, `a list under "${path}"`)
    for (const item of items) {
      const object = objectIn(item, reading)
      const id = idOf(object, reading)
      if (seen.has(id)) continue
      seen.add(id)
      yield { object, reading }
    }
    if (items.length === 0 || !hasNext(body, page)) return
    if (page === mostPages)
      throw unusable(
        reading,
        `the list does not end: there is still a next page after ${mostPages}`,
        'Report this to the operators of the tenant.',
      )
  }
}

function hasNext(body: JsonObject, page: number): boolean {
  const meta = body.meta
  if (!isObject(meta)) return false
  if (typeof meta.pages === 'number' && page >= meta.pages) return false
  return meta.next_page !== null && meta.next_page !== undefined
}

/** The credentials of a team, or of all teams that the key sees. */
export function credentials(api: TinesApi, teamId?: string): Promise<readonly WireCredential[]> {
  const { credentials: memory, keep } = api.lists
  const everything = memory.get('')
  if (everything !== undefined && teamId !== undefined)
    return everything.then((all) => all.filter((one) => one.teamId === teamId))
  const key = teamId ?? ''
  const known = memory.get(key)
  if (known !== undefined) return known
  const promise = readCredentials(api, teamId)
  if (keep === 'fresh') return promise
  memory.set(key, promise)
  const forget = () => {
    memory.delete(key)
  }
  // A failed list is not remembered: the next one who asks may have more luck.
  promise.then(keep === 'shared' ? forget : () => {}, forget)
  return promise
}

async function readCredentials(
  api: TinesApi,
  teamId: string | undefined,
): Promise<readonly WireCredential[]> {
  const found: WireCredential[] = []
  const query = { include_references: true, team_id: teamId }
  for await (const { object, reading } of listAll(api, 'user_credentials', query))
    found.push(credentialIn(object, reading))
  return teamId === undefined ? found : found.filter((one) => one.teamId === teamId)
}
