import type { Address } from '../core/address.js'
import type { Configuration, FunctionEnvironment } from '../core/configuration.js'
import { type Diagnostic, error, Failure } from '../core/diagnostic.js'
import type { Drift, Progress } from '../core/plan.js'
import {
  BudgetSpent,
  type Call,
  LostAnswer,
  type ProviderEnvironment,
  ServiceError,
} from '../core/resource.js'
import type { Row, State } from '../core/state.js'
import type { Value } from '../core/value.js'
import type { BlockOrder } from './block-order.js'
import type { Connections, Providers } from './connections.js'
import type { Evaluation } from './evaluation.js'
import type { Expansion, Node } from './node.js'
import type { Observer } from './observe.js'
import type { Fingerprints } from './record.js'
import type { RowIndex } from './row-index.js'
import type { Selection } from './select.js'

export interface WalkOptions {
  readonly mode: 'normal' | 'destroy' | 'refresh-only'
  readonly refresh: boolean
  readonly targets: readonly string[]
  readonly excludes: readonly string[]
  readonly replace: readonly string[]
  readonly parallelism: number
  /** False: taking over what exists is an error. */
  readonly adopt: boolean
  /** Drops ids that belong to another endpoint, and finds the objects again by natural key. */
  readonly rebind: boolean
  readonly allowDeletes: number | undefined
  /** False where nothing will be applied from the walk: neither `prevent_destroy` nor the mass-change guard object. */
  readonly guarded: boolean
}

export const defaultOptions: WalkOptions = {
  mode: 'normal',
  refresh: true,
  targets: [],
  excludes: [],
  replace: [],
  parallelism: 10,
  adopt: true,
  rebind: false,
  allowDeletes: undefined,
  guarded: true,
}

/** What a walk is made from. */
export interface WalkInput {
  readonly configuration: Configuration
  readonly variables: ReadonlyMap<string, Value>
  readonly state: State
  readonly providers: Providers
  readonly providerEnvironment: ProviderEnvironment
  readonly functions: FunctionEnvironment
  readonly fingerprints: Fingerprints
  readonly options: WalkOptions
  /** Addresses whose interrupted operation could not be resolved: they and their dependents are left out. */
  readonly blocked: ReadonlySet<Address>
  readonly signal?: AbortSignal
  progress(event: Progress): void
}

/** What one walk has found out so far; every stage adds to it. */
export interface WalkContext {
  readonly input: WalkInput
  readonly order: BlockOrder
  readonly selection: Selection
  readonly evaluation: Evaluation
  readonly connections: Connections
  readonly expansions: Map<Address, Expansion>
  /** By address, in the order in which they were planned. */
  readonly nodes: Map<Address, Node>
  /** Rows at their present addresses; one whose object a new address takes over is taken out. */
  readonly rows: RowIndex
  /** Addresses, of blocks or instances, that are to be replaced in any case. */
  readonly replace: ReadonlySet<Address>
  /** Who declares a natural key: provider, type and key to the first node. */
  readonly keys: Map<string, Node>
  /** Objects that a node of the plan takes, by type, endpoint and id. */
  readonly claimed: Map<string, Node>
  /** Rows of objects that go because their addresses take over other ones. */
  readonly displaced: Row[]
  /** How clients for the walk are asked for: they cannot write, and share lists. */
  readonly readCall: Call
  /** Orders beyond dependencies: a key must be given up before another address takes it. */
  readonly after: { readonly first: Address; readonly second: Address }[]
  readonly drift: Drift[]
  readonly diagnostics: Diagnostic[]
  /** Walks a block and everything that it depends on, once. */
  visit(block: Address): Promise<void>
  observer(type: string, provider: string): Promise<Observer>
  /** Records a failure once per cause. */
  report(cause: unknown, node?: Pick<Node, 'address' | 'block'>): void
}

/** Turns what went wrong into diagnostics; a bug is thrown on. */
export function diagnosticsOf(
  cause: unknown,
  address?: Address,
  span?: Diagnostic['span'],
): readonly Diagnostic[] {
  const place = { ...(address !== undefined && { address }), ...(span !== undefined && { span }) }
  if (cause instanceof Failure) return cause.diagnostics.map((d) => ({ ...place, ...d }))
  if (cause instanceof ServiceError) {
    const help = cause.facts.help ?? helpFor(cause)
    return [
      error('engine/service', summaryFor(cause), {
        detail: cause.message,
        ...place,
        ...(help !== undefined && { help }),
      }),
    ]
  }
  if (cause instanceof LostAnswer || cause instanceof BudgetSpent) {
    return [
      error('engine/lost-answer', 'It is not known whether the service did it', {
        detail: cause.message,
        help: `${adviceIn(cause)}Run apply again: it looks at the service first and goes on from what it finds.`,
        ...place,
      }),
    ]
  }
  throw cause
}

/** What an answer that came and tells nothing gives reason to check. */
function adviceIn({ cause }: Error): string {
  return cause instanceof ServiceError && cause.facts.help !== undefined ? `${cause.facts.help} ` : ''
}

function summaryFor(cause: ServiceError): string {
  switch (cause.facts.cause) {
    case 'unreachable':
      return 'The service cannot be reached'
    case 'unauthorized':
      return 'The service refuses the credentials'
    case 'rate-limited':
      return 'The service limits the rate of requests'
    default:
      // Without an answer to name, it is what the provider made of those that came.
      return cause.facts.status === undefined
        ? 'What the service has does not allow this'
        : 'The service refused a request'
  }
}

function helpFor(cause: ServiceError): string | undefined {
  switch (cause.facts.cause) {
    case 'unreachable':
      return 'Check the endpoint in the provider block, and that the service is up and reachable from here.'
    case 'unauthorized':
      return 'Check the token, or user name and password, in the provider block, and what that account may do.'
    case 'rate-limited':
      return 'Try again later, or with a lower --parallelism.'
    default:
      return undefined
  }
}
