import { LostAnswer } from '../core/resource.js'
import type { Holder, StateStore } from '../core/state.js'

/** What a memory store holds. Stores that share one see the same state, as processes do that share a folder. */
export interface MemoryPlace {
  readonly objects: Map<string, Uint8Array>
  beats: number
  lastBeat: string | undefined
}

export function memoryPlace(): MemoryPlace {
  return { objects: new Map(), beats: 0, lastBeat: undefined }
}

export type StoreVerb = 'put' | 'list' | 'get' | 'delete'

/**
 * What goes wrong with one call. `unsent`: it does not happen, and its answer is lost. `unanswered`: it happens, and its answer
 * is lost. `late`: its answer is lost, and it happens when the promise resolves. An error is thrown instead of doing anything.
 */
export type StoreFault = 'unsent' | 'unanswered' | { readonly late: Promise<void> } | Error | undefined

export interface MemoryStoreOptions {
  readonly place?: MemoryPlace
  readonly where?: string
  readonly liveness?: StateStore['liveness']
  /** Asked before every call; resolving later delays the call. */
  readonly fault?: (verb: StoreVerb, name: string) => StoreFault | Promise<StoreFault>
}

/** A state that lives as long as the process: for embedding and for tests. Keeps to the contract of every store. */
export function memoryStore(options: MemoryStoreOptions = {}): StateStore {
  const { place = memoryPlace(), where = 'memory', liveness = 'process', fault } = options
  const { objects } = place

  async function call<T>(verb: StoreVerb, name: string, act: () => T): Promise<T> {
    const wrong = await fault?.(verb, name)
    if (wrong === undefined) return act()
    if (wrong instanceof Error) throw wrong
    if (wrong === 'unanswered') act()
    else if (wrong !== 'unsent') void wrong.late.then(act)
    throw new LostAnswer(`${verb} ${where}/${name}`)
  }

  const store: StateStore = {
    where,
    liveness,
    putIfAbsent(name, bytes) {
      const copy = Uint8Array.from(bytes)
      return call('put', name, () => {
        if (objects.has(name)) return false
        objects.set(name, copy)
        return true
      })
    },
    list: () => call('list', '', () => [...objects.keys()]),
    get: (name) =>
      call('get', name, () => {
        const bytes = objects.get(name)
        return bytes === undefined ? undefined : Uint8Array.from(bytes)
      }),
    delete: (name) =>
      call('delete', name, () => {
        objects.delete(name)
      }),
  }
  if (liveness === 'process') return store
  return {
    ...store,
    async beat(holder: Holder) {
      place.beats++
      place.lastBeat = `${holder.run} ${place.beats}`
    },
    lastBeat: async () => place.lastBeat,
  }
}
