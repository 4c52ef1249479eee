import type { Address } from './address.js'
import type { Diagnostic } from './diagnostic.js'
import type { Consequence } from './resource.js'
import type { Row } from './state.js'
import type { Type } from './type.js'
import type { Value } from './value.js'

/**
 * What a change does. `adopt` takes over an object that exists already (with or without field changes); `forget` drops the
 * record and leaves the object; `move` only renames the record; `keep` does nothing; `read` is a data source read at apply.
 */
export type Action =
  | 'create'
  | 'adopt'
  | 'update'
  | 'replace'
  | 'delete'
  | 'forget'
  | 'move'
  | 'keep'
  | 'read'

/**
 * A document of a plan: JSON, in which a `Fingerprint` stands for a secret and a `Pending` for what is known after apply.
 * Plans hold no secret in any other form. A number that a double cannot hold is an `ExactNumber`.
 */
export type Shown =
  | null
  | boolean
  | number
  | string
  | readonly Shown[]
  | ShownObject
  | Fingerprint
  | Pending
  | ExactNumber
export type ShownObject = ReadonlyMap<string, Shown>

/** The keyed fingerprint of a secret: short hexadecimal text. */
export class Fingerprint {
  constructor(readonly text: string) {}
}

/** Known after apply. `waits` are the addresses that it waits for. */
export class Pending {
  constructor(readonly waits: readonly Address[] = []) {}
}

/** A number in its exact decimal text. */
export class ExactNumber {
  constructor(readonly text: string) {}
}

/** One attribute that differs. `undefined` = not there at all (before a create, after a delete). */
export interface FieldChange {
  readonly name: string
  readonly before: Shown | undefined
  readonly after: Shown | undefined
  /** This is why the object is replaced. */
  readonly forcesReplacement: boolean
  /** A JSON document in a string: show it as a document. */
  readonly document: boolean
  /** A value that the service never reads back: compared with what was last applied. */
  readonly writeOnly: boolean
}

/** Why a change is made, where the action alone does not say it. */
export type Reason =
  | 'not-in-configuration'
  | 'key-not-in-for-each'
  | 'index-out-of-count'
  | 'destroy-requested'
  | 'replace-requested'
  | 'immutable-field'
  | 'vanished'
  | 'unfinished'
  | 'deposed'
  | 'displaced'
  | 'dependency-replaced'
  | 'inputs-known-at-apply'
  | 'depends-on-change'

export interface Change {
  readonly action: Action
  readonly address: Address
  /** Where the record was before, when the change includes a move. */
  readonly previousAddress?: Address
  readonly deposedKey?: string
  readonly mode: 'managed' | 'data'
  readonly type: string
  /** The provider's local name. */
  readonly provider: string
  /** The id of the object that exists; absent for a create. */
  readonly id?: string
  readonly origin?: Row['origin']
  /** All attributes, as the service has them (with write-only ones as last applied). Absent for a create. */
  readonly before?: ShownObject
  /** All attributes as planned. Absent for a delete. */
  readonly after?: ShownObject
  readonly fields: readonly FieldChange[]
  readonly reason?: Reason
  /** A replacement that is decided at apply, when a pending value of an immutable field is known. */
  readonly mayReplace?: boolean
  readonly createBeforeDestroy: boolean
  readonly consequences: readonly Consequence[]
  /** Managed instances that this one's expressions read, and those of `depends_on`. */
  readonly dependsOn: readonly Address[]
  /** Set for an import and an adoption: the id that is taken over. */
  readonly importing?: { readonly id: string }
  /**
   * For `delete`, `forget` and `replace`: what destroying means for this object, of a replacement the old one. `record` = it is
   * gone already or goes with its parent.
   */
  readonly destroys?: 'delete' | 'disable' | 'keep' | 'record'
}

export interface OutputChange {
  readonly name: string
  readonly action: 'create' | 'update' | 'delete' | 'keep'
  readonly before: Shown | undefined
  readonly after: Shown | undefined
  readonly type: Type | undefined
  readonly sensitive: boolean
}

/** An object that is not as it was last applied. */
export interface Drift {
  readonly kind: 'changed' | 'vanished' | 'not-adopted' | 'unmanaged'
  readonly address?: Address
  readonly type: string
  readonly id: string
  /** The natural key, for people: an e-mail, an owner. */
  readonly name?: string
  readonly fields: readonly FieldChange[]
}

/** What was found out about an interrupted run's open entries. */
export interface Recovered {
  readonly address: Address
  readonly action: 'create' | 'update' | 'delete'
  readonly outcome: 'found' | 'not-found' | 'unknown'
  readonly id?: string
  /** One sentence for the user. */
  readonly text: string
}

export interface Plan {
  readonly mode: 'normal' | 'destroy' | 'refresh-only'
  readonly lineage: string
  /** The number of the last append that the plan is based on. */
  readonly seq: number
  /** In dependency order; `keep` included. */
  readonly changes: readonly Change[]
  readonly outputs: readonly OutputChange[]
  readonly drift: readonly Drift[]
  readonly recovered: readonly Recovered[]
  /** Warnings; a plan with errors is not made. */
  readonly diagnostics: readonly Diagnostic[]
  /** Set with `--target` or `--exclude`: addresses that were left out. */
  readonly leftOut: readonly Address[]
  readonly counts: Counts
}

/** For the summary line; a replacement counts as an addition and a deletion. Moves and forgotten rows are counted apart. */
export interface Counts {
  readonly adopt: number
  readonly add: number
  readonly change: number
  readonly destroy: number
  readonly move: number
  readonly forget: number
}

/** Whether applying would do anything at all: requests, records, or outputs. */
export function hasChanges(plan: Plan): boolean {
  return plan.changes.some((c) => c.action !== 'keep') || plan.outputs.some((o) => o.action !== 'keep')
}

/** How one operation of an apply ended. */
export interface OperationResult {
  readonly address: Address
  readonly verb: Verb
  readonly outcome: 'done' | 'unchanged' | 'failed' | 'skipped'
  readonly id?: string
  readonly milliseconds: number
  /** For `skipped`: the address whose failure caused it. */
  readonly cause?: Address
  /** For `skipped`: what is the matter with the service, if that is why and no dependency on `cause`: "keeps failing". */
  readonly service?: string
  /** What had to stay behind at the service after a delete. */
  readonly left?: string
}

export type Verb = 'create' | 'update' | 'delete' | 'adopt' | 'read' | 'forget' | 'move'

export interface Applied {
  readonly plan: Plan
  readonly results: readonly OperationResult[]
  readonly diagnostics: readonly Diagnostic[]
  readonly outputs: ReadonlyMap<string, { readonly value: Value; readonly sensitive: boolean }>
  readonly interrupted: boolean
  readonly counts: Counts & { readonly failed: number; readonly skipped: number }
}

/** What happens while the engine works, for progress lines and the event stream. Moments are the receiver's to take. */
export type Progress =
  | { readonly kind: 'lock-wait'; readonly holder: string }
  | { readonly kind: 'recovery-wait'; readonly milliseconds: number }
  | { readonly kind: 'refresh-start'; readonly address: Address; readonly id: string }
  | { readonly kind: 'refresh-complete'; readonly address: Address; readonly id: string }
  | { readonly kind: 'list-start'; readonly type: string; readonly provider: string }
  | {
      readonly kind: 'list-complete'
      readonly type: string
      readonly provider: string
      readonly count: number
    }
  | {
      readonly kind: 'operation-start'
      readonly address: Address
      readonly verb: Verb
      readonly id?: string
      readonly total: number
    }
  | {
      readonly kind: 'probe-end'
      readonly address: Address
      /** The classes of its outcomes. */
      readonly classes: string
      readonly verdict: 'ok' | 'warning' | 'error' | 'skipped'
      readonly done: number
      readonly total: number
    }
  | {
      /** The service refused for a reason that may pass: the operation is tried again after a while. */
      readonly kind: 'operation-wait'
      readonly address: Address
      readonly verb: Verb
      readonly milliseconds: number
      readonly message: string
    }
  | {
      /** It is not known what came of a request: that is looked up after a while, when it can be trusted. */
      readonly kind: 'lookup-wait'
      readonly address: Address
      readonly verb: Verb
      readonly milliseconds: number
      readonly message: string
    }
  | {
      /** The embedded control plane failed at a request, for a reason of its own that no service would tell a caller. */
      readonly kind: 'plane-error'
      readonly system: string
      readonly message: string
    }
  | {
      readonly kind: 'operation-end'
      readonly result: OperationResult
      readonly done: number
      readonly total: number
      readonly message?: string
    }
