import type { Diagnostic } from '../core/diagnostic.js'
import { isWhollyKnown } from '../core/equality.js'
import type { Progress } from '../core/plan.js'
import type { Connection, Outputs } from '../core/resource.js'
import type { Lease, Row, RowMetadata } from '../core/state.js'
import { resourceType } from './connections.js'
import { desire } from './desired.js'
import { eachEntries } from './expand.js'
import { isIgnored, withPresent, withRecordedKey } from './ignore-changes.js'
import { keyOfOutputs } from './natural-key.js'
import { type Desired, type Node, observed } from './node.js'
import type { Patience } from './patience.js'
import { toObject } from './record.js'
import type { WalkContext } from './walk-context.js'

/** Moments at which the tests of crashes stop a process. */
export type ApplyPoint = 'begin:before' | 'begin:after' | 'sent' | 'committed' | 'done:before'

/** What an apply works with. */
export interface ApplyContext {
  readonly walk: WalkContext
  readonly lease: Lease
  /** Random hexadecimal, for names of operations and deposed keys. */
  randomHex(bytes: number): string
  /** Rejects if the signal aborts first. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** Milliseconds, monotonic. */
  monotonic(): number
  /** Aborted by the first signal: nothing new is started. */
  readonly stop: AbortSignal
  progress(event: Progress): void
  trace?(point: ApplyPoint): void
  readonly diagnostics: Diagnostic[]
  /** Ids of objects without a key that operations of this run have found to be theirs. */
  readonly claimed: Set<string>
  /** How long this run still waits for services that lose their answers. */
  readonly patience: Patience
}

export function connectionOf(context: ApplyContext, node: Pick<Node, 'block'>): Promise<Connection> {
  return context.walk.connections.get(node.block.provider)
}

/**
 * What is wanted, now that everything before it is done. What was known at plan stays as planned; the rest is evaluated
 * again. With `ignore_changes`, what the service has is what is wanted.
 */
export function desiredNow(context: ApplyContext, node: Node): Desired {
  let desired = node.desired as Desired
  if (desired.pending.size > 0) {
    renewEach(context, node)
    const type = resourceType(context.walk.input.providers, node.block.type)
    const normalize = type?.normalize
    desired = desire(
      node,
      context.walk.evaluation.scope(new Set(), node),
      normalize === undefined ? undefined : (inputs) => normalize(inputs),
      context.walk.input.fingerprints,
    )
    if (desired.pending.size > 0)
      throw new Error(`${node.address} still waits for ${[...desired.pending.keys()].join(', ')}`)
  }
  return withPresent(node, withRecordedKey(node, desired))
}

/** What `for_each` gives now, to all instances of the block at once: most of them will need it. */
function renewEach(context: ApplyContext, node: Node): void {
  const { block, each } = node
  if (each === undefined || block.forEach === undefined || isWhollyKnown(each.value)) return
  const { evaluation, expansions } = context.walk
  const entries = eachEntries(block, block.forEach.evaluate(evaluation.scope(new Set())))
  const nodes = expansions.get(block.address)?.nodes
  for (const [key, value] of entries) {
    const other = nodes?.get(key)?.each
    if (other !== undefined) other.value = value
  }
}

/** The row as it stands for the verbs: what is ignored is not there, so that it is neither sent nor cleared. */
export function priorFor(node: Node, row: Row): Row {
  const { ignoreChanges } = node.block.lifecycle
  if (ignoreChanges.length === 0) return row
  const kept = Object.entries(row.inputs).filter(([name]) => {
    const attribute = node.schema.attributes.get(name)
    return !(attribute?.writeOnly && isIgnored(node, attribute))
  })
  return { ...row, inputs: toObject(kept) }
}

export interface RowFacts {
  readonly desired: Desired
  readonly out: Outputs
  readonly origin: Row['origin']
  readonly endpoint: string
  readonly unfinished?: 'update' | 'delete'
}

/** The record of an instance after one of its verbs. */
export function rowOf(context: ApplyContext, node: Node, facts: RowFacts): Row {
  const type = resourceType(context.walk.input.providers, node.block.type)
  const key = type === undefined ? '' : keyOfOutputs(type, facts.out)
  return {
    address: node.address,
    type: node.block.type,
    schemaVersion: node.schema.version,
    endpoint: facts.endpoint,
    id: facts.out.id,
    naturalKey: key === '' ? (facts.desired.naturalKey ?? '') : key,
    inputs: facts.desired.record,
    attributes: observed(node, facts.out, context.walk.input.fingerprints).record,
    origin: facts.origin,
    ...(facts.unfinished !== undefined && { unfinished: facts.unfinished }),
    ...metadataOf(node, facts.desired),
  }
}

/** What a row knows of the configuration besides the inputs: it is recorded even when no field changes. */
export function metadataOf(node: Node, desired: Desired) {
  const onDestroy = desired.inputs.on_destroy
  return {
    provider: node.block.provider,
    ...lifecycleOf(node),
    ...(typeof onDestroy === 'string' && { onDestroy }),
  }
}

export function lifecycleOf(node: Node): RowMetadata {
  const { createBeforeDestroy, preventDestroy } = node.block.lifecycle
  return { dependsOn: node.dependsOn, createBeforeDestroy, preventDestroy }
}
