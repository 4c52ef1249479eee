import { type Address, blockOf, formatAddress, parseAddress } from '../core/address.js'
import type { Configuration } from '../core/configuration.js'
import { type Diagnostic, error } from '../core/diagnostic.js'
import { nearest } from '../core/nearest.js'
import type { State } from '../core/state.js'
import { type BlockOrder, closure } from './block-order.js'

/** What `--target` and `--exclude` leave of a run. */
export interface Selection {
  /** False when everything is selected. */
  readonly partial: boolean
  /** Whether the block is walked at all. */
  block(address: Address): boolean
  /** Whether an instance takes part; what depends on an excluded one is left out by the walk. */
  instance(address: Address): boolean
  /** Whether the row of something that is not declared any more takes part. */
  row(address: Address): boolean
  /** Whether `--exclude` names it. */
  excludes(address: Address): boolean
}

/** Everything. */
export const everything: Selection = {
  partial: false,
  block: () => true,
  instance: () => true,
  row: () => true,
  excludes: () => false,
}

/**
 * Resolves the addresses of `--target` and `--exclude`: a block or one of its instances. Targets bring along the blocks that
 * they depend on and, where they are to be deleted, the recorded dependents. An address that names nothing is an error.
 */
export function select(
  configuration: Configuration,
  state: State,
  order: BlockOrder,
  targets: readonly string[],
  excludes: readonly string[],
  diagnostics: Diagnostic[],
): Selection {
  if (targets.length === 0 && excludes.length === 0) return everything
  const wanted = new Set(addressesOf(targets, '--target', configuration, state, diagnostics))
  const unwanted = addressesOf(excludes, '--exclude', configuration, state, diagnostics)
  for (const address of movingOn(configuration, state, wanted)) wanted.add(address)
  const direct = new Set([...wanted].map(blockOf))
  const reached = (blocks: Iterable<Address>) => {
    const found = new Set<Address>()
    for (const block of blocks)
      for (const address of closure(order, order.get(block) ?? [])) found.add(address)
    return found
  }
  const dependencies = reached(direct)
  const candidates = targets.length === 0 ? new Set<Address>() : sameTypes(configuration, state, wanted)
  const expanded = reached(candidates)
  for (const block of candidates) expanded.add(block)
  const rows = targets.length === 0 ? undefined : dependents(state, wanted)
  const isExcluded = (address: Address) => unwanted.has(address) || unwanted.has(blockOf(address))
  return {
    partial: true,
    block: (address) =>
      targets.length === 0 || direct.has(address) || dependencies.has(address) || expanded.has(address),
    instance: (address) =>
      !isExcluded(address) &&
      (targets.length === 0 ||
        wanted.has(address) ||
        wanted.has(blockOf(address)) ||
        dependencies.has(blockOf(address))),
    row: (address) => !isExcluded(address) && (rows === undefined || rows.has(address)),
    excludes: isExcluded,
  }
}

/** What is declared still and recorded a target that is not declared any more as a dependency: it is written first. */
function movingOn(
  configuration: Configuration,
  state: State,
  wanted: ReadonlySet<Address>,
): readonly Address[] {
  const gone = [...wanted].filter((address) => !configuration.resources.has(blockOf(address)))
  if (gone.length === 0) return []
  return [...dependents(state, new Set(gone))].filter((address) =>
    configuration.resources.has(blockOf(address)),
  )
}

/** Blocks that may declare, under another address, the object of a target that is not declared any more. They are expanded. */
function sameTypes(configuration: Configuration, state: State, wanted: ReadonlySet<Address>): Set<Address> {
  const types = new Set<string>()
  for (const row of state.rows.values()) {
    if (!wanted.has(row.address) && !wanted.has(blockOf(row.address))) continue
    const block = configuration.resources.get(row.address)
    const isDeclared = block !== undefined && block.forEach === undefined && block.count === undefined
    if (!isDeclared) types.add(row.type)
  }
  const blocks = [...configuration.resources.values()]
  return new Set(blocks.filter((b) => b.mode === 'managed' && types.has(b.type)).map((b) => b.address))
}

/** The rows that the targets name, and those that recorded one of them as a dependency. */
function dependents(state: State, wanted: ReadonlySet<Address>): ReadonlySet<Address> {
  const byDependency = new Map<Address, Address[]>()
  const found = new Set<Address>()
  for (const row of state.rows.values()) {
    if (wanted.has(row.address) || wanted.has(blockOf(row.address))) found.add(row.address)
    for (const on of row.dependsOn) {
      const list = byDependency.get(on)
      if (list === undefined) byDependency.set(on, [row.address])
      else list.push(row.address)
    }
  }
  const left = [...found]
  for (let address = left.pop(); address !== undefined; address = left.pop()) {
    for (const dependent of byDependency.get(address) ?? []) {
      if (found.has(dependent)) continue
      found.add(dependent)
      left.push(dependent)
    }
  }
  return found
}

/** The addresses that a flag names, of blocks or instances; one that names nothing is reported. */
export function addressesOf(
  texts: readonly string[],
  flag: string,
  configuration: Configuration,
  state: State,
  diagnostics: Diagnostic[],
): ReadonlySet<Address> {
  return new Set(texts.flatMap((text) => resolve(text, flag, configuration, state, diagnostics)))
}

function resolve(
  text: string,
  flag: string,
  configuration: Configuration,
  state: State,
  diagnostics: Diagnostic[],
): readonly Address[] {
  const parts = parseAddress(text)
  if (parts === undefined) {
    diagnostics.push(
      error('engine/bad-address', 'Not an address', {
        detail: `${flag}=${text} is not the address of a resource.`,
        help: 'An address is TYPE.NAME, TYPE.NAME["key"] or TYPE.NAME[0]; in a shell put single quotes around it.',
      }),
    )
    return []
  }
  const address = formatAddress(parts)
  const known = configuration.resources.has(blockOf(address))
  const recorded = [...state.rows.values()].some(
    (r) => r.address === address || blockOf(r.address) === address,
  )
  if (known || recorded) return [address]
  const near = nearest(blockOf(address), configuration.resources.keys())
  diagnostics.push(
    error('engine/unknown-address', 'No such address', {
      detail: `${flag}=${text} names nothing: neither the configuration nor the state has ${address}.`,
      ...(near !== undefined && { help: `Did you mean ${near}?` }),
    }),
  )
  return []
}
