import { type Address, blockOf } from '../core/address.js'
import { Failure, type Span } from '../core/diagnostic.js'
import { Pending } from '../core/plan.js'
import { type Access, type Inputs, type Plain, ServiceError } from '../core/resource.js'
import { sameJson } from '../engine/compare.js'
import { resourceType } from '../engine/connections.js'
import { hiddenTexts } from '../engine/hidden-texts.js'
import type { Node } from '../engine/node.js'
import type { Walk } from '../engine/walk.js'
import { diagnosticsOf } from '../engine/walk-context.js'

/** An access of an object, or why there is none to probe. */
export interface FoundAccess {
  readonly address: Address
  readonly type: string
  readonly span?: Span
  readonly access: Access | { readonly missing: string }
  /** Texts of the object that are not to be told. */
  readonly hidden: readonly string[]
}

/** The accesses of objects that are recorded and there; of those that are named also those that have none. */
export async function existingAccesses(
  walked: Walk,
  named: readonly Address[],
): Promise<readonly FoundAccess[]> {
  const wanted = among(named)
  const found: FoundAccess[] = []
  const note = (subject: Subject, accesses: readonly FoundAccess[]) => {
    if (accesses.length > 0 || named.length === 0) found.push(...accesses)
    else
      found.push({ ...placeOf(subject), access: { missing: 'it has no access to AWS that could be tried' } })
  }
  const { context } = walked
  const clients = createClients(context)
  for (const node of context.nodes.values()) {
    const { address, block, observed, row } = node
    if (block.mode === 'data' || observed === undefined || row === undefined || !wanted(address)) continue
    const subject = { ...block, address, hidden: hiddenTexts(node) }
    note(subject, await accessesOf(walked, clients, subject, present(node)))
  }
  for (const { row, observed } of walked.deletions) {
    if (observed === undefined || !wanted(row.address)) continue
    const subject = { ...row, hidden: hiddenTexts({ row, observed }) }
    note(subject, await accessesOf(walked, clients, subject, observed.out))
  }
  return found
}

const writes = new Set(['create', 'adopt', 'update', 'replace'])

/** The accesses of objects that the plan makes or changes. */
export async function plannedAccesses(walked: Walk): Promise<readonly FoundAccess[]> {
  const found: FoundAccess[] = []
  const clients = createClients(walked.context)
  for (const node of walked.context.nodes.values()) {
    const { address, block, change } = node
    if (block.mode === 'data' || change === undefined || !writes.has(change.action)) continue
    const subject = { ...block, address, hidden: hiddenTexts(node) }
    found.push(...(await accessesOf(walked, clients, subject, planned(node))))
  }
  return found
}

interface Subject {
  readonly address: Address
  readonly type: string
  readonly provider: string
  readonly span?: Span
  readonly hidden: readonly string[]
}

function placeOf({ address, type, span, hidden }: Subject) {
  return { address, type, hidden, ...(span !== undefined && { span }) }
}

async function accessesOf(
  { context }: Walk,
  clients: Clients,
  subject: Subject,
  attributes: Inputs,
): Promise<readonly FoundAccess[]> {
  const { address, type: name, provider, span } = subject
  const type = resourceType(context.input.providers, name)
  if (type?.access === undefined) return []
  const base = placeOf(subject)
  try {
    const accesses = await type.access(await clients(provider), attributes)
    return accesses.map((access) => ({ ...base, access }))
  } catch (cause) {
    if (cause instanceof NotKnown) {
      const missing = `${cause.attribute} is known only after apply`
      return [{ ...base, access: { missing } }]
    }
    if (cause instanceof ServiceError) throw new Failure(diagnosticsOf(cause, address, span), { cause })
    throw cause
  }
}

/** A client for each provider: what several accesses need is read once. */
type Clients = (provider: string) => Promise<unknown>

function createClients({ connections, readCall }: Walk['context']): Clients {
  const made = new Map<string, Promise<unknown>>()
  return (provider) => {
    const client = made.get(provider) ?? connections.get(provider).then(({ api }) => api(readCall))
    made.set(provider, client)
    return client
  }
}

/** What a plan does not know was asked for. */
class NotKnown extends Error {
  constructor(readonly attribute: string) {
    super(`${attribute} is not known`)
  }
}

/** The attributes of an object that exists. What never reads back is at hand if it is declared as it was last applied. */
function present({ schema, observed, desired, row }: Node): Inputs {
  const attributes: Record<string, Plain> = {}
  for (const { name, writeOnly } of schema.attributes.values()) {
    const applied = writeOnly && sameJson(row?.inputs[name] ?? null, desired?.record[name] ?? null)
    attributes[name] = (applied ? desired?.inputs[name] : observed?.out[name]) ?? null
  }
  return attributes
}

/** The attributes that are planned; reading one that waits for apply throws. */
function planned({ schema, observed, desired, change }: Node): Inputs {
  const attributes = Object.create(null) as Inputs
  for (const { name, readOnly } of schema.attributes.values()) {
    const waits = readOnly ? change?.after?.get(name) instanceof Pending : desired?.pending.has(name) === true
    Object.defineProperty(attributes, name, {
      enumerable: true,
      get(): Plain {
        if (waits) throw new NotKnown(name)
        return (readOnly ? undefined : desired?.inputs[name]) ?? observed?.out[name] ?? null
      },
    })
  }
  return attributes
}

/** Whether an address is one of those that are asked for, or an instance of one; without any, all are. */
function among(addresses: readonly Address[]): (address: Address) => boolean {
  const wanted = new Set(addresses)
  return (address) => wanted.size === 0 || wanted.has(address) || wanted.has(blockOf(address))
}
