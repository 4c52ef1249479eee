import type { Inputs, Outputs, ResourceType } from '../core/resource.js'
import type { Row } from '../core/state.js'

export interface Made {
  readonly type: ResourceType
  readonly api: unknown
  readonly inputs: Inputs
  /** Ids that the natural key gave before: they are not what the create made. */
  readonly seen: readonly string[]
  readonly endpoint: string
  /** Of any address. */
  readonly rows: Iterable<Row>
  /** Ids of objects without a key that were found for other creates; the one that is found is added. */
  readonly claimed: Set<string>
}

/**
 * What a create made that was interrupted or whose answer was lost: the object with the natural key; or, where a create takes
 * several requests for that, one that has no key yet and is nobody else's. Undefined: it made nothing.
 */
export async function madeBy(made: Made): Promise<Outputs | undefined> {
  const { type, api, inputs, seen, endpoint, claimed } = made
  const found = await type.find(api, inputs)
  if (found !== undefined) return seen.includes(found.id) ? undefined : found
  const strays = (await type.strays?.(api, inputs)) ?? []
  if (strays.length === 0) return undefined
  const recorded = new Set<string>()
  for (const row of made.rows)
    if (row.type === type.schema.type && row.endpoint === endpoint) recorded.add(row.id)
  const free = strays.find(({ id }) => !recorded.has(id) && !claimed.has(id) && !seen.includes(id))
  if (free !== undefined) claimed.add(free.id)
  return free
}
