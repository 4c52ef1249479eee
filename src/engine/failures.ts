import type { Address } from '../core/address.js'
import { type Diagnostic, Failure } from '../core/diagnostic.js'
import type { ServiceError } from '../core/resource.js'
import { causeKey, sharedCause, troubleOf } from './failure-cause.js'
import type { Operation } from './operations.js'
import { diagnosticsOf } from './walk-context.js'

/**
 * After so many writes in a row that failed for the same service-wide cause, without one that succeeded, no more of that kind
 * are sent. Few enough not to hammer a service in trouble, enough for one that only stumbles.
 */
const mostInARow = 5
/** So many of the objects that failed for one cause are named. */
const mostNamed = 10

/** What the operations of an apply failed for: each cause is told once, and what it would stop too is not tried. */
export interface Failures {
  /** Notes a failure; returns what it says of this operation. Throws on what is a bug. */
  add(operation: Operation, cause: unknown): readonly Diagnostic[]
  /** Notes a write that went well. */
  succeeded(operation: Operation): void
  /** What has shown that an operation like this can only fail; undefined: it is worth trying. */
  stoppedBy(operation: Operation): Stop | undefined
  /** One for each cause, with the objects concerned. */
  diagnostics(): readonly Diagnostic[]
}

/** Why operations are not tried any more. */
export interface Stop {
  /** Where it was found out. */
  readonly cause: Address
  /** What the service does: "keeps failing". */
  readonly service: string
}

interface Cause {
  readonly diagnostics: readonly Diagnostic[]
  readonly addresses: Address[]
}

/** Failures in a row at one provider, for one kind of trouble. */
interface Streak {
  readonly trouble: string
  readonly kinds: Map<string, Address>
  count: number
}

export function collectFailures(): Failures {
  const causes = new Map<string, Cause>()
  /** Providers, and kinds of writes at them, that are not tried any more. */
  const stopped = new Map<string, Stop>()
  const streaks = new Map<string, Streak>()

  function countInARow(operation: Operation, trouble: string): void {
    const { provider } = operation.change
    let streak = streaks.get(provider)
    if (streak?.trouble !== trouble) {
      streak = { trouble, kinds: new Map(), count: 0 }
      streaks.set(provider, streak)
    }
    streak.count++
    const kind = kindOf(operation)
    if (!streak.kinds.has(kind)) streak.kinds.set(kind, operation.address)
    if (streak.count < mostInARow) return
    const service = trouble === 'fails' ? 'keeps failing' : `refuses every request (${trouble})`
    for (const [failing, cause] of streak.kinds)
      if (!stopped.has(failing)) stopped.set(failing, { cause, service })
  }

  return {
    add(operation, cause) {
      const { address, change, node } = operation
      const found = diagnosticsOf(cause, address, node?.block.span)
      const key = `${change.provider} ${keyOf(cause)}`
      const same = causes.get(key)
      if (same === undefined) causes.set(key, { diagnostics: found, addresses: [address] })
      else same.addresses.push(address)
      const shared = sharedCause(cause)
      if (shared !== undefined && !stopped.has(change.provider))
        stopped.set(change.provider, { cause: address, service: sharedWords[shared] })
      const trouble = troubleOf(cause)
      if (trouble !== undefined && writes(operation)) countInARow(operation, trouble)
      return found
    },
    succeeded(operation) {
      const { verb, change } = operation
      const sentNothing = verb === 'adopt' && change.fields.length === 0
      if (writes(operation) && !sentNothing) streaks.delete(change.provider)
    },
    stoppedBy(operation) {
      if (operation.verb === 'move' || operation.verb === 'forget') return undefined
      return stopped.get(operation.change.provider) ?? stopped.get(kindOf(operation))
    },
    diagnostics: () => [...causes.values()].flatMap(told),
  }
}

const sharedWords: Readonly<Record<NonNullable<ServiceError['facts']['cause']>, string>> = {
  unreachable: 'cannot be reached',
  unauthorized: 'refuses the credentials',
  'rate-limited': 'limits the rate of requests',
}

/** A service may be in trouble with one type only, or be able to delete where it cannot create. */
function kindOf({ verb, change }: Operation): string {
  return `${change.provider} ${change.type} ${verb}`
}

function writes({ verb }: Operation): boolean {
  return verb === 'create' || verb === 'update' || verb === 'adopt' || verb === 'delete'
}

function keyOf(cause: unknown): string {
  if (cause instanceof Failure) return cause.diagnostics.map((d) => `${d.code} ${d.detail}`).join('\n')
  return causeKey(cause) ?? ''
}

function told({ diagnostics, addresses }: Cause): readonly Diagnostic[] {
  const [first, ...others] = diagnostics
  const more = addresses.slice(1, mostNamed)
  if (first === undefined || more.length === 0) return diagnostics
  const rest = addresses.length - 1 - more.length
  const named = `${more.join(', ')}${rest > 0 ? `, … and ${rest} more` : ''}`
  const detail = `${first.detail ?? first.summary}\nThe same happened to ${addresses.length - 1} more: ${named}.`
  return [{ ...first, detail }, ...others]
}
