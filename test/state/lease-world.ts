import { decodeGroup } from '../../src/core/journal-codec.js'
import type { Lease, NewEntry, StateStore } from '../../src/core/state.js'
import type { LeaseEnvironment } from '../../src/state/environment.js'
import { type LeaseOptions, openLease } from '../../src/state/lease.js'
import {
  type MemoryPlace,
  memoryPlace,
  memoryStore,
  type StoreFault,
  type StoreVerb,
} from '../../src/state/memory.js'
import { readState } from '../../src/state/read.js'
import { row } from '../core/journal-fixture.js'
import { processIn, virtualTime } from './virtual-time.js'

export const jane = 'trifacta_person.jane'
export const joe = 'trifacta_person.joe'
export const done = (address: string, id: string): NewEntry => ({
  event: 'done',
  address,
  row: row(address, id),
})

/** A place and a time in which processes open leases. */
export function world() {
  const time = virtualTime()
  const place = memoryPlace()
  const open = (
    more: Partial<LeaseOptions> & { store?: StateStore; process?: Partial<LeaseEnvironment> } = {},
  ): Promise<Lease> => {
    const { store = memoryStore({ place }), process, ...options } = more
    const environment = processIn(time, process)
    return time.run(openLease(store, { operation: 'apply', lockTimeout: 0, environment, ...options }))
  }
  const read = () => time.run(readState(memoryStore({ place }), processIn(time)))
  return { time, place, open, read }
}

/** What each append holds, by number, as events; names without their lineage. */
export function contents({ objects }: MemoryPlace): Record<string, string> {
  const shown: [string, string][] = []
  for (const [name, bytes] of objects) {
    const [, kind, number] = name.split('/')
    if (kind === 'snapshot') shown.push([`snapshot ${Number(number)}`, 'state'])
    if (kind !== 'journal') continue
    shown.push([
      `append ${Number(number)}`,
      decodeGroup(bytes, name)
        .entries.map((entry) => entry.event)
        .join(' '),
    ])
  }
  return Object.fromEntries(shown.sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })))
}

/** A store of which the calls to put appends misbehave, in turn. */
export function faulty(
  place: MemoryPlace,
  faults: readonly StoreFault[],
  verb: StoreVerb = 'put',
  part = '/journal/',
): StateStore {
  const left = [...faults]
  return memoryStore({
    place,
    fault: (called, name) => (called === verb && name.includes(part) ? left.shift() : undefined),
  })
}
