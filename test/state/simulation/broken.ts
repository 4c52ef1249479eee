import { decodeGroup } from '../../../src/core/journal-codec.js'
import { LostAnswer } from '../../../src/core/resource.js'
import type { StateStore } from '../../../src/core/state.js'
import type { Broken } from './simulate.js'

const isJournal = (name: string) => name.includes('/journal/')
const isSnapshot = (name: string) => name.includes('/snapshot/')
const numberOf = (name: string) => Number(name.slice(name.lastIndexOf('/') + 1))
const withNumber = (name: string, n: number) =>
  `${name.slice(0, name.lastIndexOf('/') + 1)}${String(n).padStart(20, '0')}`
const newestSnapshot = (names: Iterable<string>) =>
  Math.max(0, ...[...names].filter(isSnapshot).map(numberOf))

/** Asks again until the store answers. */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof LostAnswer)) throw error
    }
  }
}

/** The rules of the journal, each broken in one way. Every one of them must be noticed. */
export const brokenRules: Readonly<Record<string, Broken>> = {
  'rule 1: an append is acknowledged before it is durable': {
    store: (store) => ({
      ...store,
      async putIfAbsent(name, bytes) {
        if (!isJournal(name)) return store.putIfAbsent(name, bytes)
        store.putIfAbsent(name, bytes).catch(() => {})
        return true
      },
    }),
  },
  'rule 1: a taken name is overwritten': {
    store: (store, place) => ({
      ...store,
      async putIfAbsent(name, bytes) {
        if (isJournal(name) && !(await store.putIfAbsent(name, bytes))) place.objects.set(name, bytes)
        return isJournal(name) || store.putIfAbsent(name, bytes)
      },
    }),
  },
  'rule 3: a refused append goes to the next number': {
    store: (store) => ({
      ...store,
      async putIfAbsent(name, bytes) {
        if (!isJournal(name)) return store.putIfAbsent(name, bytes)
        for (let n = numberOf(name); ; n++) {
          const group = { ...(JSON.parse(Buffer.from(bytes).toString()) as object), seq: n }
          if (await store.putIfAbsent(withNumber(name, n), Buffer.from(JSON.stringify(group)))) return true
        }
      },
    }),
  },
  'rule 3: a refused append is not read back': {
    store: (store) => {
      let refused: string | undefined
      return {
        ...store,
        async putIfAbsent(name, bytes) {
          const put = await store.putIfAbsent(name, bytes)
          if (!put) refused = name
          return put
        },
        get: async (name) => (name === refused && isJournal(name) ? undefined : store.get(name)),
      }
    },
  },
  'rule 3: a refusal after an own try counts as success': {
    store: (store) => {
      const tried = new Set<string>()
      return {
        ...store,
        async putIfAbsent(name, bytes) {
          const before = tried.has(name)
          tried.add(name)
          return (await store.putIfAbsent(name, bytes)) || (before && isJournal(name))
        },
      }
    },
  },
  'rule 4: the newest snapshot is not looked at after the opening': {
    store: (store) => {
      let justOpened = false
      return {
        ...store,
        async putIfAbsent(name, bytes) {
          const put = await store.putIfAbsent(name, bytes)
          justOpened = put && isJournal(name) && decodeGroup(bytes, name).entries[0]?.holder !== undefined
          return put
        },
        async list() {
          const names = await store.list()
          return justOpened ? names.filter((name) => !isSnapshot(name)) : names
        },
        async get(name) {
          justOpened = false
          return store.get(name)
        },
      }
    },
  },
  'rule 5: the budget goes by the monotonic clock alone': {
    environment: (environment) => ({ ...environment, wall: environment.monotonic }),
  },
  'rule 6: the budget of a run that may be alive is not waited for': {
    environment: (environment) => ({ ...environment, isAlive: () => 'dead' }),
  },
  'rule 7: what the service may still commit is not waited for': { settle: 0 },
  'rule 9: a snapshot takes the place of the one before, newer or not': {
    store: (store, place) => ({
      ...store,
      async putIfAbsent(name, bytes) {
        const put = await store.putIfAbsent(name, bytes)
        if (put && isSnapshot(name)) {
          for (const each of [...place.objects.keys()])
            if (isSnapshot(each) && each !== name) place.objects.delete(each)
        }
        return put
      },
    }),
  },
  'rule 9: takeovers are removed like everything else': {
    store: (store, place) => ({
      ...store,
      async delete(name) {
        await store.delete(name)
        const newest = newestSnapshot(place.objects.keys())
        for (const each of [...place.objects.keys()]) {
          if (isJournal(each) && numberOf(each) <= newest) place.objects.delete(each)
        }
      },
    }),
  },
  'rule 9: what a snapshot covers is removed before the snapshot is durable': {
    store: (store, place) => ({
      ...store,
      async putIfAbsent(name, bytes) {
        if (isSnapshot(name)) {
          for (const each of [...place.objects.keys()]) {
            const covered = isJournal(each) && numberOf(each) <= numberOf(name)
            const opening =
              covered && decodeGroup(place.objects.get(each) ?? bytes, each).entries[0]?.event === 'takeover'
            if (covered && !opening) place.objects.delete(each)
          }
        }
        return store.putIfAbsent(name, bytes)
      },
    }),
  },
  // The witness of a snapshot shows such a reader a gap, most of the time; but witnesses may be lost.
  'rule 11: a reader chooses its snapshot before it lists the journal': {
    store: (store, place) => ({
      ...store,
      async delete(name) {
        await store.delete(name)
        const newest = newestSnapshot(place.objects.keys())
        for (const [each, bytes] of [...place.objects]) {
          if (!isJournal(each) || numberOf(each) > newest) continue
          if (decodeGroup(bytes, each).entries[0]?.event !== 'takeover') place.objects.delete(each)
        }
      },
    }),
    readerStore: (store) => {
      const kept = new Map<string, Uint8Array | undefined>()
      let snapshots: readonly string[] = []
      let first = true
      const list = () => answered(() => store.list())
      return {
        ...store,
        async list() {
          if (first) {
            snapshots = (await list()).filter(isSnapshot)
            const newest = snapshots.find((name) => numberOf(name) === newestSnapshot(snapshots))
            if (newest !== undefined) kept.set(newest, await answered(() => store.get(newest)))
          }
          first = !first
          return [...(await list()).filter((name) => !isSnapshot(name)), ...snapshots]
        },
        get: async (name) => (kept.has(name) ? kept.get(name) : store.get(name)),
      } satisfies StateStore
    },
  },
}
