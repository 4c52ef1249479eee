import { type Address, blockOf } from '../core/address.js'
import type { Row } from '../core/state.js'

/** The rows of a state by what they are looked up by. A walk takes rows out that it gives to another address. */
export interface RowIndex {
  at(address: Address): Row | undefined
  /** Rows of one block's instances. */
  ofBlock(block: Address): ReadonlyMap<Address, Row>
  withId(type: string, endpoint: string, id: string): Row | undefined
  /** How many rows there are of a type. */
  count(type: string): number
  values(): Iterable<Row>
  /** Rows of objects that a create-before-destroy left to be deleted. */
  readonly deposed: readonly Row[]
  remove(address: Address): void
  /** Takes a row out of the deposed ones. */
  restore(deposed: Row): void
  /** Puts another version of a row at its address. */
  replace(row: Row): void
}

export function indexRows(rows: Iterable<Row>): RowIndex {
  const byAddress = new Map<Address, Row>()
  const byBlock = new Map<Address, Map<Address, Row>>()
  const byId = new Map<string, Row>()
  const counts = new Map<string, number>()
  const deposed: Row[] = []
  for (const row of rows) {
    if (row.deposedKey !== undefined) {
      deposed.push(row)
      continue
    }
    byAddress.set(row.address, row)
    byId.set(idKey(row.type, row.endpoint, row.id), row)
    counts.set(row.type, (counts.get(row.type) ?? 0) + 1)
    const block = blockOf(row.address)
    const same = byBlock.get(block)
    if (same === undefined) byBlock.set(block, new Map([[row.address, row]]))
    else same.set(row.address, row)
  }
  return {
    at: (address) => byAddress.get(address),
    ofBlock: (block) => byBlock.get(block) ?? new Map(),
    withId: (type, endpoint, id) => byId.get(idKey(type, endpoint, id)),
    count: (type) => counts.get(type) ?? 0,
    values: () => byAddress.values(),
    deposed,
    restore(row) {
      const index = deposed.indexOf(row)
      if (index >= 0) deposed.splice(index, 1)
    },
    replace(row) {
      byAddress.set(row.address, row)
      byId.set(idKey(row.type, row.endpoint, row.id), row)
      byBlock.get(blockOf(row.address))?.set(row.address, row)
    },
    remove(address) {
      const row = byAddress.get(address)
      if (row === undefined) return
      byAddress.delete(address)
      byId.delete(idKey(row.type, row.endpoint, row.id))
      byBlock.get(blockOf(address))?.delete(address)
    },
  }
}

function idKey(type: string, endpoint: string, id: string): string {
  return `${type}\n${endpoint}\n${id}`
}
