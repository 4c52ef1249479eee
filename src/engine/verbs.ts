import type { Address } from '../core/address.js'
import { error, Failure, warning } from '../core/diagnostic.js'
import type { Verb } from '../core/plan.js'
import {
  BudgetSpent,
  type Connection,
  type Gone,
  LostAnswer,
  type Outputs,
  type ResourceType,
} from '../core/resource.js'
import type { Schema } from '../core/schema.js'
import type { Budget, NewEntry, Row } from '../core/state.js'
import { type ApplyContext, lifecycleOf, priorFor, type RowFacts, rowOf } from './apply-context.js'
import { sameMeaning } from './compare.js'
import { declaredAsBefore } from './diff.js'
import { halfUpdated } from './half-updated.js'
import { hiddenTexts } from './hidden-texts.js'
import { madeBy } from './made.js'
import type { Desired, Node } from './node.js'
import { passingWaits } from './passing.js'
import type { Settled } from './patience.js'

/** A lost answer is looked into and the verb run once more; a second one is left to the next run. */
const tries = 2

/** One announced run of a verb. */
interface Announced {
  readonly op: string
  readonly api: unknown
  /** Whether a request has gone out that the service did not refuse. */
  mayHaveActed(): boolean
}

async function announce(
  context: ApplyContext,
  connection: Connection,
  begin: Omit<NewEntry, 'event' | 'op'> & { readonly address: string },
  hidden: readonly string[],
): Promise<Announced> {
  const op = context.randomHex(8)
  context.trace?.('begin:before')
  const budget: Budget = await context.lease.begin({ ...begin, event: 'begin', op })
  context.trace?.('begin:after')
  let accepted = 0
  const gate = () => {
    budget.check()
    accepted++
    context.trace?.('sent')
  }
  const refused = () => {
    accepted--
  }
  const warned = (text: string) => {
    const { address } = begin
    const told = { detail: `${address}: ${text}`, help: 'It did what it was asked.', address }
    context.diagnostics.push(warning('engine/service-warning', 'The service gives a warning', told))
  }
  const api = connection.api({ readOnly: false, snapshot: false, gate, refused, hidden, warned })
  return { op, api, mayHaveActed: () => accepted > 0 }
}

const looking = { readOnly: true, snapshot: false }

/**
 * Whether the verb stopped with some of its requests perhaps carried out. It may have failed at something else than a write:
 * at reading the answer to one, or what came of it.
 */
function isHalfDone(cause: unknown, announced: Announced): boolean {
  return cause instanceof LostAnswer || announced.mayHaveActed()
}

/** Gives the service time to do what it may still do. */
async function settle(
  context: ApplyContext,
  { endpoint, settle: milliseconds }: Connection,
  cause: unknown,
  { address, verb }: { readonly address: Address; readonly verb: Verb },
): Promise<Settled> {
  if (!(cause instanceof LostAnswer)) return 'look'
  if (milliseconds <= 0) return 'retry'
  if (!context.patience.lost(endpoint, address)) return 'leave'
  context.progress({ kind: 'lookup-wait', address, verb, milliseconds, message: cause.message })
  await context.sleep(milliseconds)
  return context.patience.waited(endpoint, address) ? 'retry' : 'look'
}

export interface CreateOptions {
  readonly type: ResourceType
  readonly connection: Connection
  readonly desired: Desired
  /** Ids that the natural key gave before: they are not what this create made. */
  readonly seen: readonly string[]
  /** Deposes the row that is at the address. */
  readonly deposes?: string
}

/** Creates an object exactly once, as far as that can be known, and records it. */
export async function createObject(
  context: ApplyContext,
  node: Node,
  options: CreateOptions,
): Promise<Outputs> {
  const { type, connection, desired, seen } = options
  const place = {
    address: node.address,
    type: node.block.type,
    provider: node.block.provider,
    endpoint: connection.endpoint,
  }
  const deposes = options.deposes === undefined ? {} : { deposes: options.deposes }
  const facts = (out: Outputs): RowFacts => ({
    desired,
    out,
    origin: 'created',
    endpoint: connection.endpoint,
  })
  const waits = passingWaits(context, node.address, 'create')
  for (let attempt = 1; ; attempt++) {
    const begun = await announce(
      context,
      connection,
      {
        ...place,
        ...deposes,
        action: 'create',
        inputs: desired.record,
        seen,
        metadata: lifecycleOf(node),
      },
      desired.hidden,
    )
    try {
      const out = await type.create(begun.api, desired.inputs)
      context.patience.answered(connection.endpoint)
      context.trace?.('committed')
      context.trace?.('done:before')
      await context.lease.append([
        {
          event: 'done',
          op: begun.op,
          address: node.address,
          row: rowOf(context, node, facts(out)),
          ...deposes,
        },
      ])
      return out
    } catch (cause) {
      if (!isVerbFailure(cause)) throw cause
      if (!isHalfDone(cause, begun)) {
        await context.lease.append([{ event: 'failed', op: begun.op, address: node.address }])
        if (!(await waits.pass(cause))) throw cause
        attempt--
        continue
      }
      const settled = await settle(context, connection, cause, { address: node.address, verb: 'create' })
      if (settled === 'leave') throw cause
      // If this look-up fails, the entry stays open, and the next run finds out.
      const found = await madeBy({
        type,
        api: connection.api(looking),
        inputs: desired.inputs,
        seen,
        endpoint: connection.endpoint,
        rows: context.lease.state.rows.values(),
        claimed: context.claimed,
      })
      if (found === undefined) {
        await context.lease.append([{ event: 'failed', op: begun.op, address: node.address }])
        if (attempt < tries && settled === 'retry') continue
        throw cause
      }
      const row = rowOf(context, node, { ...facts(found), unfinished: 'update' })
      await context.lease.append([{ event: 'done', op: begun.op, address: node.address, row, ...deposes }])
      if (!(cause instanceof LostAnswer)) throw cause
      return updateObject(context, node, { type, connection, desired, current: found, row })
    }
  }
}

export interface UpdateOptions {
  readonly type: ResourceType
  readonly connection: Connection
  readonly desired: Desired
  readonly current: Outputs
  /** The record of the object, at this address. */
  readonly row: Row
  /** Nothing was applied to it before. */
  readonly adopts?: boolean
}

/** Brings an object in line and records it. Running it again after any of its requests converges. */
export async function updateObject(
  context: ApplyContext,
  node: Node,
  options: UpdateOptions,
): Promise<Outputs> {
  const { type, connection, desired, row } = options
  const facts = (out: Outputs): RowFacts => ({
    desired,
    out,
    origin: row.origin,
    endpoint: connection.endpoint,
  })
  let current = options.current
  for (let attempt = 1; ; attempt++) {
    const begun = await announce(
      context,
      connection,
      {
        address: node.address,
        type: node.block.type,
        provider: node.block.provider,
        endpoint: connection.endpoint,
        action: 'update',
        inputs: desired.record,
        row,
      },
      hiddenTexts({ desired, row, observed: { out: current } }),
    )
    try {
      const out =
        type.update === undefined
          ? current
          : await type.update(
              begun.api,
              desired.inputs,
              current,
              options.adopts ? undefined : priorFor(node, row),
              asApplied(node.schema, desired, row, options.adopts === true),
              declaredAsBefore(node.schema, desired.record, options.adopts ? undefined : row),
            )
      context.patience.answered(connection.endpoint)
      context.trace?.('committed')
      context.trace?.('done:before')
      await context.lease.append([
        { event: 'done', op: begun.op, address: node.address, row: rowOf(context, node, facts(out)) },
      ])
      return out
    } catch (cause) {
      if (!isVerbFailure(cause)) throw cause
      if (!isHalfDone(cause, begun)) {
        await context.lease.append([{ event: 'failed', op: begun.op, address: node.address }])
        throw cause
      }
      const settled = await settle(context, connection, cause, { address: node.address, verb: 'update' })
      if (settled === 'leave') throw cause
      const found = await type.read(connection.api(looking), row.id)
      if (found === undefined) {
        await context.lease.append([{ event: 'done', op: begun.op, address: node.address }])
        throw cause
      }
      await context.lease.append([
        { event: 'done', op: begun.op, address: node.address, row: halfUpdated(row, desired.record) },
      ])
      if (attempt >= tries || settled !== 'retry') throw cause
      current = found
    }
  }
}

/**
 * The write-only attributes that are there as they are declared: so they were applied last, or so they are taken to be (a
 * secret that is trusted, a change that is ignored).
 */
function asApplied(
  schema: Schema,
  { inputs, record }: Desired,
  row: Row,
  adopts: boolean,
): ReadonlySet<string> {
  const finished = !adopts && row.unfinished === undefined
  const names = [...schema.attributes.values()].flatMap((attribute) => {
    const { name } = attribute
    const declared = record[name] ?? null
    const withheld = inputs[name] === null && declared !== null
    const same = finished && sameMeaning(attribute, row.inputs[name], declared)
    return attribute.writeOnly && (withheld || same) ? [name] : []
  })
  return new Set(names)
}

export interface DeleteOptions {
  readonly type: ResourceType
  readonly connection: Connection
  readonly row: Row
  readonly current: Outputs
}

/** Deletes an object and drops its record. */
export async function deleteObject(context: ApplyContext, options: DeleteOptions): Promise<Gone> {
  const { type, connection, row } = options
  const place = { address: row.address, ...(row.deposedKey !== undefined && { deposedKey: row.deposedKey }) }
  for (let attempt = 1; ; attempt++) {
    const begun = await announce(
      context,
      connection,
      {
        ...place,
        type: row.type,
        provider: row.provider,
        endpoint: connection.endpoint,
        action: 'delete',
        row,
      },
      hiddenTexts({ row, observed: { out: options.current } }),
    )
    try {
      const gone = await type.delete(begun.api, row, options.current)
      context.patience.answered(connection.endpoint)
      context.trace?.('committed')
      context.trace?.('done:before')
      await context.lease.append([{ event: 'done', op: begun.op, ...place }])
      return gone
    } catch (cause) {
      if (!isVerbFailure(cause)) throw cause
      if (!isHalfDone(cause, begun)) {
        await context.lease.append([{ event: 'failed', op: begun.op, ...place }])
        throw cause
      }
      const settled = await settle(context, connection, cause, { address: row.address, verb: 'delete' })
      if (settled === 'leave') throw cause
      await context.lease.append([
        { event: 'done', op: begun.op, ...place, row: { ...row, unfinished: 'delete' } },
      ])
      if (attempt >= tries || settled !== 'retry') throw cause
    }
  }
}

/** What a verb may end with besides success. The loss of the lease, and bugs, end the run instead. */
function isVerbFailure(cause: unknown): boolean {
  if (cause instanceof LostAnswer || cause instanceof BudgetSpent || cause instanceof Failure) return true
  return cause instanceof Error && cause.name === 'ServiceError'
}

/** An object that a plan did not show is never taken over in apply. */
export async function refuseExisting(
  type: ResourceType,
  connection: Connection,
  node: Node,
  desired: Desired,
  seen: readonly string[],
): Promise<void> {
  const found = await type.find(connection.api(looking), desired.inputs)
  if (found === undefined || seen.includes(found.id)) return
  throw new Failure(
    error('engine/exists-plan-again', 'The object exists already: plan again', {
      detail: `${node.address} was planned as a new object, but ${desired.naturalKey ?? 'its key'} belongs to the object with id ${found.id}.`,
      help: 'Run plan again: it will show what taking over that object means.',
      address: node.address,
      span: node.block.span,
    }),
  )
}
