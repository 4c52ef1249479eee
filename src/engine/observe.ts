import type { Progress } from '../core/plan.js'
import type { Connection, Inputs, Outputs, ResourceType } from '../core/resource.js'
import { keyOfOutputs } from './natural-key.js'
import { mapPooled } from './pool.js'

/** From this many objects of a type on, its whole list is read instead of each object. */
const listFrom = 4
/** Up to this many natural keys that a list lacks are looked up one by one; of more, a sample of as many. */
const confirmEach = 10

/**
 * Looks at what the services have, through clients that cannot write. Lists are read once and shared by one walk; what a
 * list lacks is only suspected to be missing, since lists shift while they are read, and is confirmed.
 */
export interface Observer {
  /** Objects by id; those that are gone are not in the answer. */
  byIds(ids: readonly string[]): Promise<ReadonlyMap<string, Outputs>>
  /** Objects by natural key. */
  byKeys(wanted: ReadonlyMap<string, Inputs>): Promise<ReadonlyMap<string, Outputs>>
  /** Every object of the type. */
  all(): Promise<readonly Outputs[]>
}

export interface ObserverInput {
  readonly type: ResourceType
  readonly provider: string
  readonly connection: Connection
  /** False with `--target`: only single objects are read. */
  readonly lists: boolean
  /** How many objects of the type are expected to be asked for in all. */
  readonly expected: number
  readonly parallelism: number
  readonly signal?: AbortSignal
  progress(event: Progress): void
  /** One client for all lists of a walk, so that types can share what they read. */
  snapshot(): unknown
}

/** How to look for what is wanted, and what to do with it. */
interface Asked {
  inList(listing: Listing, wanted: string): readonly Outputs[]
  one(wanted: string): Promise<Outputs | undefined>
  add(wanted: string, out: Outputs): void
}

const none: readonly Outputs[] = []

/** So many of the items, from all over. */
function spread<T>(items: readonly T[], many: number): readonly T[] {
  const step = Math.max(1, items.length / many)
  return items.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step))
}

interface Listing {
  readonly byId: ReadonlyMap<string, Outputs>
  readonly byKey: ReadonlyMap<string, readonly Outputs[]>
}

export function createObserver(input: ObserverInput): Observer {
  const { type, connection, parallelism } = input
  const call = { readOnly: true, ...(input.signal && { signal: input.signal }) }
  const single = connection.api({ ...call, snapshot: false })
  let first: Promise<Listing> | undefined
  let second: Promise<Listing> | undefined

  async function list(api: unknown): Promise<Listing> {
    if (type.list === undefined) throw new Error(`${type.schema.type} has no list`)
    input.progress({ kind: 'list-start', type: type.schema.type, provider: input.provider })
    const byId = new Map<string, Outputs>()
    const bare: string[] = []
    for await (const out of type.list(api)) {
      if (Object.keys(out).length === 1) bare.push(out.id)
      else byId.set(out.id, out)
    }
    const completed = await mapPooled(bare, parallelism, (id) => type.read(single, id))
    for (const out of completed) if (out !== undefined) byId.set(out.id, out)
    const byKey = new Map<string, Outputs[]>()
    for (const out of byId.values()) {
      const key = keyOfOutputs(type, out)
      const same = byKey.get(key)
      if (same === undefined) byKey.set(key, [out])
      else same.push(out)
    }
    input.progress({
      kind: 'list-complete',
      type: type.schema.type,
      provider: input.provider,
      count: byId.size,
    })
    return { byId, byKey }
  }

  const listing = () => (first ??= list(input.snapshot()))
  const again = () => (second ??= list(connection.api({ ...call, snapshot: true })))
  const useList = (asked: number) =>
    input.lists &&
    type.list !== undefined &&
    type.listsIds !== true &&
    Math.max(asked, input.expected) >= listFrom

  /** What the list has; returns what it lacks, and what it has twice, which is for a single look-up to complain about. */
  async function fromList(from: () => Promise<Listing>, asked: Asked, wanted: readonly string[]) {
    const seen = await from()
    const lacking: string[] = []
    const twice: string[] = []
    for (const item of wanted) {
      const outs = asked.inList(seen, item)
      if (outs.length > 1) twice.push(item)
      else if (outs[0] === undefined) lacking.push(item)
      else asked.add(item, outs[0])
    }
    return { lacking, twice }
  }

  /** Looks things up one by one; returns how many there are. */
  async function singly(asked: Asked, wanted: readonly string[]): Promise<number> {
    const outs = await mapPooled(wanted, parallelism, asked.one)
    outs.forEach((out, i) => {
      if (out !== undefined) asked.add(wanted[i] as string, out)
    })
    return outs.filter((out) => out !== undefined).length
  }

  return {
    async byIds(ids) {
      const found = new Map<string, Outputs>()
      const asked: Asked = {
        inList(seen, id) {
          const out = seen.byId.get(id)
          return out === undefined ? none : [out]
        },
        one: (id) => type.read(single, id),
        add: (id, out) => found.set(id, out),
      }
      await singly(asked, useList(ids.length) ? (await fromList(listing, asked, ids)).lacking : ids)
      return found
    },
    async byKeys(wanted) {
      const found = new Map<string, Outputs>()
      const asked: Asked = {
        inList: (seen, key) => seen.byKey.get(key) ?? none,
        one: (key) => type.find(single, wanted.get(key) as Inputs),
        add: (key, out) => found.set(key, out),
      }
      const keys = [...wanted.keys()]
      if (!useList(keys.length)) {
        await singly(asked, keys)
        return found
      }
      const first = await fromList(listing, asked, keys)
      if (first.lacking.length <= confirmEach) {
        await singly(asked, [...first.lacking, ...first.twice])
        return found
      }
      // So many are new objects, most likely: a second list and a sample tell whether lists are to be trusted here.
      const { lacking, twice } = await fromList(again, asked, first.lacking)
      await singly(asked, [...first.twice, ...twice])
      const sample = new Set(spread(lacking, confirmEach))
      if ((await singly(asked, [...sample])) > 0)
        await singly(
          asked,
          lacking.filter((key) => !sample.has(key)),
        )
      return found
    },
    async all() {
      return [...(await listing()).byId.values()]
    },
  }
}
