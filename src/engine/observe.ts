import type { Progress } from '../core/plan.js'
import type { Connection, Inputs, Outputs, ResourceType } from '../core/resource.js'
import { keyOfOutputs } from './natural-key.js'
import { mapPooled } from './pool.js'

/** From this many objects of a type on, its whole list is read instead of each object. */
const listFrom = 4
/** Up to this many objects that a list lacks are confirmed one by one; more of them by a second listing. */
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
    input.lists && type.list !== undefined && Math.max(asked, input.expected) >= listFrom

  /** Looks up in the list; what it lacks in a second one, or singly. */
  async function lookUp<K>(
    wanted: readonly K[],
    inList: (listing: Listing, wanted: K) => Outputs | undefined | 'ambiguous',
    one: (wanted: K) => Promise<Outputs | undefined>,
    add: (wanted: K, out: Outputs) => void,
  ): Promise<void> {
    let missing = wanted
    if (useList(wanted.length)) {
      for (const pass of [listing, again]) {
        if (pass === again && missing.length <= confirmEach) break
        const seen = await pass()
        const left: K[] = []
        const unclear: K[] = []
        for (const item of missing) {
          const out = inList(seen, item)
          if (out === undefined) left.push(item)
          else if (out === 'ambiguous') unclear.push(item)
          else add(item, out)
        }
        if (pass === again) {
          missing = unclear
          break
        }
        missing = left.length === 0 ? unclear : unclear.length === 0 ? left : [...left, ...unclear]
      }
    }
    const outs = await mapPooled(missing, parallelism, one)
    outs.forEach((out, i) => {
      if (out !== undefined) add(missing[i] as K, out)
    })
  }

  return {
    async byIds(ids) {
      const found = new Map<string, Outputs>()
      await lookUp(
        ids,
        (seen, id) => seen.byId.get(id),
        (id) => type.read(single, id),
        (id, out) => found.set(id, out),
      )
      return found
    },
    async byKeys(wanted) {
      const found = new Map<string, Outputs>()
      await lookUp(
        [...wanted.keys()],
        (seen, key) => {
          const same = seen.byKey.get(key)
          return same === undefined ? undefined : same.length > 1 ? 'ambiguous' : same[0]
        },
        (key) => type.find(single, wanted.get(key) as Inputs),
        (key, out) => found.set(key, out),
      )
      return found
    },
    async all() {
      return [...(await listing()).byId.values()]
    },
  }
}
