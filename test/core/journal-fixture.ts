import type { Entry, Holder, NewEntry, Row } from '../../src/core/state.js'

/** A row as an apply records it. */
export function row(address: string, id: string, more: Partial<Row> = {}): Row {
  return {
    address,
    type: address.slice(0, address.indexOf('.')),
    schemaVersion: 1,
    provider: 'trifacta',
    endpoint: 'https://wrangle.example.com',
    id,
    naturalKey: `key of ${id}`,
    inputs: { email: `${id}@example.com` },
    attributes: { id, email: `${id}@example.com` },
    dependsOn: [],
    createBeforeDestroy: false,
    preventDestroy: false,
    origin: 'created',
    ...more,
  }
}

export function holder(run: string, more: Partial<Holder> = {}): Holder {
  return {
    run,
    who: 'jane',
    operation: 'apply',
    host: 'laptop',
    pid: 4711,
    version: '0.1.0',
    created: '2025-01-01T00:00:00.000Z',
    ...more,
  }
}

export const lineage = '0123456789abcdef0123456789abcdef'

export function opened(run: string, event: 'opened' | 'takeover' = 'opened'): NewEntry {
  return { event, holder: holder(run), lineage }
}

/** Entries as a run's append has them. */
export function of(run: string, ...entries: readonly NewEntry[]): readonly Entry[] {
  return entries.map((entry) => ({ ...entry, at: '2025-01-01T00:00:00.000Z', run, nonce: 'n' }))
}

export function create(op: string, address: string, more: Partial<NewEntry> = {}): NewEntry {
  return { event: 'begin', op, address, action: 'create', budget: 60_000, inputs: {}, ...more }
}
