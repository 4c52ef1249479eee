import type { Schema } from './schema.js'
import type { Secret } from './secret.js'
import type { Row } from './state.js'

/**
 * A value as providers see it: snake_case attributes of the schema, known and resolved. Objects with user-chosen keys
 * (`map(T)`) are Maps, objects with the schema's own keys records. Attributes that are absent are null.
 */
export type Plain =
  | null
  | boolean
  | number
  | string
  | Secret
  | readonly Plain[]
  | ReadonlyMap<string, Plain>
  | { readonly [name: string]: Plain }

/** The attributes that a configuration sets, all present (null = absent), defaults filled in. */
export type Inputs = Readonly<Record<string, Plain>>

/** The attributes of an object as the service has it; the same names as in the schema, never the write-only ones. */
export type Outputs = Readonly<Record<string, Plain>> & { readonly id: string }

/** Names an object of a type by its id: what `owns` returns. */
export interface Ref {
  readonly type: string
  readonly id: string
}

/** What a delete achieved. `left`: a sentence about what had to stay behind at the service, for the user. */
export interface Gone {
  readonly left?: string
}

/**
 * A kind of object at a service, as a few small verbs. All verbs throw `ServiceError` for what the service refuses and
 * `LostAnswer` when it is not known whether a request was carried out; both say which object. A verb that sends several
 * requests converges when it is run again from after any of them; where a create was cut off, `update` runs on what it made.
 */
export interface ResourceType<Api = unknown, In extends Inputs = Inputs, Out extends Outputs = Outputs> {
  readonly schema: Schema
  /**
   * All objects of the type, every page. `{ id }` alone is completed by `read`; a type whose list gives no more says `listsIds`. With `api.snapshot` an implementation may
   * share what several types read (people, for person and awsConfig).
   */
  list?(api: Api): AsyncIterable<Out>
  /** The list gives ids alone, so that it is read only to see everything: single objects cost no more without it. */
  readonly listsIds?: boolean
  /** The object, or undefined if it is gone. */
  read(api: Api, id: string): Promise<Out | undefined>
  /** By natural key: lookup, adoption, recovery. Throws if more than one object has the key. */
  find(api: Api, inputs: In): Promise<Out | undefined>
  create(api: Api, inputs: In): Promise<Out>
  /**
   * Objects that a create with these inputs may have left without their natural key, so that `find` does not see them; the likeliest
   * first. The engine asks when it does not know what became of a create, and never gives one object to two addresses. Absent:
   * the first request of a create sets the key.
   */
  strays?(api: Api, inputs: In): Promise<readonly Out[]>
  /**
   * Absent: every change replaces. `current` is what the service has, `prior` the row as last applied. `applied`: write-only attributes
   * that are there as they are declared, as far as that is known, so that they need not be sent again nor emptied. `asBefore`: those
   * that are declared as they were for the last update that was finished, whatever came of one after it.
   */
  update?(
    api: Api,
    inputs: In,
    current: Out,
    prior: Row | undefined,
    applied?: ReadonlySet<string>,
    asBefore?: ReadonlySet<string>,
  ): Promise<Out>
  /**
   * Deleting the object does what the end of the one that it lives in does not (a key in AWS): it goes first, on its own.
   */
  readonly outlivesParent?: true
  /**
   * Objects of that type are written before, though nothing refers to them, where they have the same value in the attribute `by`
   * of both: without them this one cannot be made.
   */
  readonly after?: { readonly type: string; readonly by: string }
  /** Also called when `current` is already gone in part. Must accept that the object does not exist. */
  delete(api: Api, prior: Row, current: Out): Promise<Gone>
  /** Puts inputs in the form that `read` returns (an e-mail's case, …): the one place for it. Must accept absent attributes. */
  normalize?(inputs: Inputs): Inputs
  /**
   * Names that the service gives only once, whatever the type: where a new object needs one, the delete of the object that has
   * it goes first. The natural key is unique among objects of the type in any case.
   */
  uniqueNames?(inputs: Inputs): readonly string[]
  /**
   * Why a change that the plan would make must not be made: it would take a secret that nobody has, or destroy what nobody can
   * bring back. Each becomes an error of the plan. `changed`: the attributes in which the object differs from what is declared;
   * `asBefore` as for `update`.
   */
  refuses?(change: {
    readonly before: Out
    readonly after: Inputs
    readonly prior?: Row
    readonly changed: ReadonlySet<string>
    readonly asBefore: ReadonlySet<string>
  }): readonly Objection[]
  /**
   * What a new object needs and the service does not have, so that a create would be refused, or made somewhere else. The plan
   * asks for each object that it makes, in place of another above all: that one must not go for nothing. What waits for apply
   * is null.
   */
  lacks?(api: Api, inputs: In): Promise<readonly Objection[]>
  /** Attributes that this release of the service does not tell: they are compared with what was last applied. */
  untold?(current: Out): readonly string[]
  /** Objects that live with it (its active awsRole): never "unmanaged", and not to be declared separately. */
  owns?(current: Out): readonly Ref[]
  /**
   * Sentences for the plan on what a change means beyond its fields: who loses access, what widens it. `before` is the very
   * object that `list`, `read` or `find` gave, where the service was asked: a type may know more of it than its attributes.
   * Of a replacement each half is asked for on its own (`before` alone, `after` alone), and then the whole of it, with `replaces`.
   * `changed`: the attributes that differ or wait for apply, secrets among them.
   */
  consequences?(change: {
    readonly before?: Out
    readonly after?: Inputs
    readonly prior?: Row
    /** Which half of a replacement goes first; absent: it is a half of one, or the object is not replaced, or only perhaps. */
    readonly replaces?: 'old-first' | 'new-first'
    readonly changed?: ReadonlySet<string>
    /** The object goes with the one that it lives in. */
    readonly withParent?: true
  }): readonly PossibleConsequence[]
  /** What destroying does to an object that `prior` describes; absent = `delete`. `keep` forgets the row and touches nothing. */
  onDestroy?(prior: Row): 'delete' | 'disable' | 'keep'
  /**
   * How the object reaches AWS, to be probed; none if it does not; `missing` says why one cannot be probed from here. `attributes`
   * are those of an object that exists, with what never reads back as far as it is at hand, or those that are planned: read
   * only what is needed, since reading one that waits for apply says that the access is not known yet.
   */
  access?(api: Api, attributes: Inputs): Promise<readonly (Access | { readonly missing: string })[]>
  /** The id to import by may be something handier than the id (an e-mail). Absent: the text is the id. */
  importId?(api: Api, text: string): Promise<Out | undefined>
  /** The object hands out AWS credentials. */
  readonly issue?: Issuing<Api>
}

/** How AWS credentials are got from an object, for `rolecall creds`: outside of plan and apply. */
export interface Issuing<Api = unknown> {
  /** The id of the object that a text on the command line names, which is no address; undefined: none of this type. */
  idOf(text: string): string | undefined
  /** Gets credentials; other ones each time, where the service makes them. */
  get(api: Api, id: string, request: IssueRequest): Promise<Issued>
}

/** Why a change must not be made, in a sentence, and what to do instead. `attribute`: where to point. */
export interface Objection {
  readonly text: string
  readonly help: string
  readonly attribute?: string
}

export interface IssueRequest {
  /** The AWS role to assume, where the object allows several. */
  readonly roleArn?: string
  /** Wished lifetime in seconds; the service may give less. */
  readonly ttl?: number
  /** What AWS calls the session of a role that is assumed: it stands in AWS's logs. */
  readonly sessionName?: string
  /** The one-time code of the MFA device, where the object demands one. */
  readonly mfaCode?: string
}

/** AWS credentials as a service issued them. */
export interface Issued {
  readonly accessKeyId: string
  readonly secretAccessKey: Secret
  /** Absent: they belong to an IAM user. */
  readonly sessionToken?: Secret
  /** When they end, if they do. */
  readonly expiration?: Date
  /** Why they are not as was asked for: a sentence. */
  readonly remark?: string
}

/** A way to a bucket in AWS: by a role or with keys. */
export interface Access {
  /** The ARN of the role. */
  readonly role?: string
  readonly externalId?: string
  readonly durationSeconds?: number
  /** In the place of a role; with one, what it is assumed with. */
  readonly keys?: { readonly id: string; readonly secret: Secret }
  /** Absent: it leads to AWS, and to no certain bucket. */
  readonly bucket?: string
  /** Of keys. */
  readonly prefix?: string
  /** The account that must own the bucket. */
  readonly owner?: string
  readonly region?: string
  /** Who assumes the role when it is really used: words, such as "OuterProduct" or an ARN. */
  readonly assumedBy?: string
}

export interface Consequence {
  readonly kind: 'widens-access' | 'loses-access' | 'note'
  readonly text: string
}

/** A consequence that depends on the rest of the plan. */
export interface PossibleConsequence extends Consequence {
  /** It is not so if an object of the type is declared with this value: what this one gives up goes to that one. */
  readonly unlessDeclared?: { readonly attribute: string; readonly value: string }
}

export interface DataType<Api = unknown, In extends Inputs = Inputs, Out extends Inputs = Inputs> {
  readonly schema: Schema
  /** Reads; throws a `ServiceError` when what it must find is not there. */
  read(api: Api, inputs: In): Promise<Out>
}

export interface Provider<Api = unknown> {
  readonly name: string
  /** The settings of a `provider` block. */
  readonly schema: Schema
  readonly resources: ReadonlyMap<string, ResourceType<Api>>
  readonly data: ReadonlyMap<string, DataType<Api>>
  /** Checks the settings and prepares a connection; sends nothing that is not needed for that. */
  configure(settings: Inputs, environment: ProviderEnvironment): Promise<Connection<Api>>
}

/** A provider with its settings. */
export interface Connection<Api = unknown> {
  /** What rows are bound to: URL and workspace; for an embedded control plane its random id. */
  readonly endpoint: string
  /** Each caller has objects of their own: two connections to one endpoint may both have one with the same natural key. */
  readonly ofCaller?: true
  /** Milliseconds after a lost answer before a look-up can be trusted: the service may carry the write out that late. */
  readonly settle: number
  /** A client for one purpose: a walk, one operation, drift. */
  api(call: Call): Api
  close(): Promise<void>
}

export interface Call {
  /** Refuse any method that writes, before anything is sent. */
  readonly readOnly: boolean
  /** Lists that one walk has read may be shared within it. Never set for operations of an apply. */
  readonly snapshot: boolean
  /** Called at the moment a writing request goes to an open socket; throws `BudgetSpent` when the verb's time is over. */
  readonly gate?: () => void
  /** Called when the service refused a request that had passed the gate: it did nothing. */
  readonly refused?: () => void
  /** Called with what the service remarks on a request that it carried out. */
  readonly warned?: (text: string) => void
  /** Sensitive texts that requests hold in clear, because their attributes are no secrets: no message may quote them. */
  readonly hidden?: readonly string[]
  readonly signal?: AbortSignal
}

export interface ProviderEnvironment {
  env(name: string): string | undefined
  /** Opens the embedded control plane of a path (undefined: the default one) in this process. */
  embedded(path: string | undefined, options?: EmbeddedOptions): Promise<EmbeddedPlane>
  now(): Date
  random(bytes: number): Uint8Array
  /** At most this many requests at a time to one endpoint. */
  readonly concurrency: number
  /** Overrides `Connection.settle`, for tests. */
  readonly settle?: number
  /** The text of a file, `~/` being the user's home folder; undefined if it cannot be read. */
  readText?(path: string): string | undefined
  /** A line of the redacted trace of requests (`ROLECALL_LOG=trace`). */
  trace?(line: string): void
}

export interface EmbeddedOptions {
  /** The form of Trifacta's API that the plane speaks; absent: its own default. */
  readonly generation?: string
}

export interface EmbeddedPlane {
  /** Random, made with the database: rows are bound to it. */
  readonly id: string
  fetch(request: Request): Promise<Response>
  /** A token that this control plane accepts with full rights, where it asks for one. */
  readonly token?: string
  close(): Promise<void>
}

/** What a refusal says: there is no such object (any more), or this service has no such call. */
export type Meaning = 'absent' | 'no-route'

/** The service answered and refused. */
export class ServiceError extends Error {
  constructor(
    /** One sentence: what was being done to which object. */
    readonly doing: string,
    readonly facts: {
      readonly status?: number
      /** The service's own words. */
      readonly words?: string
      readonly requestId?: string
      readonly meaning?: Meaning
      readonly help?: string
      /**
       * It may pass by itself: something that was changed elsewhere and has not reached the service yet. For how many
       * milliseconds, in all, it is worth trying again.
       */
      readonly passing?: number
      /** One cause that many operations share (host down, token refused): reported once. */
      readonly cause?: 'unreachable' | 'unauthorized' | 'rate-limited'
    } = {},
    options?: ErrorOptions,
  ) {
    const status = facts.status === undefined ? '' : ` (HTTP ${facts.status})`
    const words = facts.words === undefined ? '' : `: ${facts.words}`
    const id = facts.requestId === undefined ? '' : ` [request ${facts.requestId}]`
    super(`${doing}${status}${words}${id}`, options)
    this.name = 'ServiceError'
  }
}

/** A writing request was sent and its answer did not come: nobody knows yet whether it was carried out. */
export class LostAnswer extends Error {
  constructor(
    readonly doing: string,
    options?: ErrorOptions,
  ) {
    // With a refusal for a cause an answer has come, and tells nothing.
    const answer = options?.cause instanceof ServiceError ? options.cause.message : undefined
    const came = answer === undefined ? `${doing}: the answer was lost,` : `${answer}:`
    super(`${came} so it is not known whether the service did it`, options)
    this.name = 'LostAnswer'
  }
}

/** The time announced for a verb is over; nothing was sent after that. */
export class BudgetSpent extends Error {
  constructor() {
    super('the time announced for this operation is over')
    this.name = 'BudgetSpent'
  }
}
