import { type Address, blockOf, formatAddress, instanceAddress, parseAddress } from '../core/address.js'
import { error, Failure } from '../core/diagnostic.js'
import { nearest } from '../core/nearest.js'
import type { Holder, NewEntry, Row, State } from '../core/state.js'
import { forceUnlock } from '../state/force-unlock.js'
import { withLease } from './applying.js'
import { storeOf } from './planning.js'
import { loadProject } from './project.js'
import type { Session } from './session.js'
import { leaseEnvironment } from './system.js'

interface StateOptions {
  readonly dryRun?: boolean
  readonly lockTimeout?: number
}

export interface Moved {
  readonly from: Address
  readonly to: Address
}

/** Renames records: one instance, or all instances of a block. */
export async function moveRows(
  session: Session,
  from: string,
  to: string,
  options: StateOptions,
): Promise<readonly Moved[]> {
  return edit(session, 'state mv', options, (state) => {
    const source = readAddress(from)
    const target = readAddress(to)
    const rows = matching(state, source, from)
    const moved = rows.map((row) => {
      const wholeBlock = source === blockOf(source) && row.address !== source
      return {
        from: row.address,
        to: wholeBlock ? instanceAddress(target, parseAddress(row.address)?.key) : target,
      }
    })
    if (new Set(moved.map((m) => m.to)).size !== moved.length) {
      throw refuse(
        `${from} has ${moved.length} records, and ${to} names one.`,
        'Name the block without a key, or move one instance at a time.',
      )
    }
    for (const move of moved) {
      if (typeOf(move.from) !== typeOf(move.to))
        throw refuse(`${move.from} and ${move.to} are of different types.`)
      if (state.rows.has(move.to))
        throw refuse(`${move.to} is in the state already.`, `Remove it first: rolecall state rm '${move.to}'`)
    }
    return {
      result: moved,
      entries: moved.map((m) => ({ event: 'moved' as const, from: m.from, address: m.to })),
    }
  })
}

/** Drops records; the objects stay at the service. */
export async function removeRows(
  session: Session,
  addresses: readonly string[],
  options: StateOptions,
): Promise<readonly Address[]> {
  return edit(session, 'state rm', options, (state) => {
    const rows = new Map<string, Row>()
    for (const text of addresses)
      for (const row of matching(state, readAddress(text), text))
        rows.set(`${row.address} ${row.deposedKey}`, row)
    const entries: NewEntry[] = [...rows.values()].map((row) => ({
      event: 'forgotten',
      address: row.address,
      ...(row.deposedKey !== undefined && { deposedKey: row.deposedKey }),
    }))
    return { result: [...new Set([...rows.values()].map((row) => row.address))], entries }
  })
}

export async function unlock(session: Session, id: string): Promise<Holder> {
  return forceUnlock(await storeFor(session), id, leaseEnvironment(session.ambient))
}

async function edit<T>(
  session: Session,
  operation: string,
  options: StateOptions,
  change: (state: State) => { readonly result: T; readonly entries: readonly NewEntry[] },
): Promise<T> {
  const store = await storeFor(session)
  return withLease(session, store, { operation, lockTimeout: options.lockTimeout ?? 0 }, async (lease) => {
    const { result, entries } = change(lease.state)
    if (options.dryRun !== true) await lease.append(entries)
    return result
  })
}

/** Only the settings of the configuration are needed, so mistakes elsewhere in it do not matter here. */
export async function storeFor(session: Session) {
  return storeOf(session, loadProject(session).configuration)
}

function readAddress(text: string): Address {
  const parts = parseAddress(text)
  if (parts === undefined || parts.mode === 'data') {
    throw new Failure(
      error('app/bad-address', 'Invalid target address', {
        detail: `${text} is not the address of a resource.`,
        help: 'An address is TYPE.NAME, TYPE.NAME["key"] or TYPE.NAME[0]; in a shell put single quotes around it.',
      }),
    )
  }
  return formatAddress(parts)
}

function matching(state: State, address: Address, text: string): readonly Row[] {
  const rows = [...state.rows.values()].filter(
    (row) => row.address === address || blockOf(row.address) === address,
  )
  if (rows.length > 0) return rows
  const near = nearest(
    address,
    [...state.rows.values()].map((row) => row.address),
  )
  throw new Failure(
    error('app/no-such-row', 'Invalid target address', {
      detail: `The state has nothing at ${text}.`,
      help: near === undefined ? '"rolecall state list" shows what it has.' : `Did you mean ${near}?`,
    }),
  )
}

function typeOf(address: Address): string | undefined {
  return parseAddress(address)?.type
}

function refuse(detail: string, help?: string): Failure {
  return new Failure(
    error('app/state-move', 'The records cannot be moved', { detail, ...(help !== undefined && { help }) }),
  )
}
