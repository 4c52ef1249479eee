import type { Change, Drift, FieldChange, OutputChange, Plan, Shown } from '../../src/core/plan.js'

/** An object of a plan, from a literal. */
export function shown(entries: Readonly<Record<string, Shown>>): ReadonlyMap<string, Shown> {
  return new Map(Object.entries(entries))
}

export function change(facts: Partial<Change> & Pick<Change, 'action' | 'address'>): Change {
  const address = facts.address.replace(/^data\./, '')
  return {
    mode: facts.address.startsWith('data.') ? 'data' : 'managed',
    type: address.slice(0, address.indexOf('.')),
    provider: address.slice(0, address.indexOf('_')),
    fields: [],
    createBeforeDestroy: false,
    consequences: [],
    dependsOn: [],
    ...facts,
  }
}

export function field(facts: Partial<FieldChange> & Pick<FieldChange, 'name'>): FieldChange {
  return {
    before: undefined,
    after: undefined,
    forcesReplacement: false,
    document: false,
    writeOnly: false,
    ...facts,
  }
}

export function drifted(facts: Partial<Drift> & Pick<Drift, 'kind' | 'type' | 'id'>): Drift {
  return { fields: [], ...facts }
}

export function output(facts: Partial<OutputChange> & Pick<OutputChange, 'name' | 'action'>): OutputChange {
  return { before: undefined, after: undefined, type: undefined, sensitive: false, ...facts }
}

export function plan(facts: Partial<Plan>): Plan {
  return {
    mode: 'normal',
    lineage: '5f0e1c',
    seq: 3,
    changes: [],
    outputs: [],
    drift: [],
    recovered: [],
    diagnostics: [],
    leftOut: [],
    counts: { adopt: 0, add: 0, change: 0, destroy: 0, move: 0, forget: 0 },
    ...facts,
  }
}
