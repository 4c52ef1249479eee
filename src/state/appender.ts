import { type Mark, mark } from '../core/budget.js'
import type { FoldedState } from '../core/journal.js'
import { decodeGroup, encodeGroup, packEntry } from '../core/journal-codec.js'
import { LeaseLost, type NewEntry, type StateStore } from '../core/state.js'
import { type LeaseEnvironment, randomHex } from './environment.js'
import { fold, placeOf } from './load.js'
import { journalName } from './names.js'
import { putOwn, type Refusal } from './put.js'

/** The numbered appends of one run. */
export interface Appender {
  /** Resolves when the entries are durable, with the moment just before the first try of the append that they went into. */
  append(entries: readonly NewEntry[]): Promise<Mark>
  /** Why this run may neither append nor send any more. */
  lost(): LeaseLost | undefined
  /** The run is over: what waits is refused, and so is everything later. */
  lose(reason: LeaseLost): void
  /** What this run has appended. */
  written(): { readonly groups: number; readonly bytes: number }
}

interface Waiting {
  readonly packed: readonly string[]
  resolve(started: Mark): void
  reject(reason: Error): void
}

/** An append takes what waits up to this many characters; entries that were handed in together stay together. */
const largestGroup = 4 * 1024 * 1024

/**
 * Appends under the numbers that follow `state.seq`, one at a time; what becomes ready meanwhile goes into the next one.
 * Every durable append is folded into `state`. A number that is refused, or a store that fails, ends the run.
 */
export function appender(
  store: StateStore,
  environment: LeaseEnvironment,
  run: string,
  state: FoldedState,
): Appender {
  const waiting: Waiting[] = []
  const written = { groups: 0, bytes: 0 }
  let running = false
  let lost: LeaseLost | undefined

  function lose(reason: LeaseLost): void {
    lost ??= reason
    for (const each of waiting.splice(0)) each.reject(lost)
  }

  async function appendGroup(group: readonly Waiting[]): Promise<void> {
    const seq = state.seq + 1
    const name = journalName(state.lineage, seq)
    const nonce = randomHex(environment, 16)
    const started = mark(environment)
    try {
      const at = environment.now().toISOString()
      const bytes = encodeGroup(
        { lineage: state.lineage, seq, run, nonce, at },
        group.flatMap((each) => each.packed),
      )
      environment.trace?.('append:before')
      const refusal = await putOwn(store, environment, name, bytes)
      if (refusal !== undefined) throw refused(store, name, refusal)
      environment.trace?.('append:durable')
      // Lost meanwhile, by a failed snapshot: what is durable stays so, but nobody may act on it.
      if (lost !== undefined) throw lost
      fold(state, bytes, placeOf(store, name))
      written.groups++
      written.bytes += bytes.length
    } catch (error) {
      const reason = error instanceof LeaseLost ? error : storeFailed(store, name, error)
      lose(reason)
      for (const each of group) each.reject(reason)
      return
    }
    for (const each of group) each.resolve(started)
  }

  async function drain(): Promise<void> {
    running = true
    // What the same turn of the program hands in goes into one append.
    await undefined
    while (waiting.length > 0) await appendGroup(takeGroup(waiting))
    running = false
  }

  return {
    append(entries) {
      return new Promise((resolve, reject) => {
        if (lost !== undefined) throw lost
        waiting.push({ packed: entries.map(packEntry), resolve, reject })
        if (!running) void drain()
      })
    },
    lost: () => lost,
    lose,
    written: () => written,
  }
}

function takeGroup(waiting: Waiting[]): readonly Waiting[] {
  let size = 0
  let n = 0
  for (const { packed } of waiting) {
    size += packed.reduce((sum, text) => sum + text.length, 0)
    if (n > 0 && size > largestGroup) break
    n++
  }
  return waiting.splice(0, n)
}

function refused(store: StateStore, name: string, { there }: NonNullable<Refusal>): LeaseLost {
  if (there === 'nothing') {
    return new LeaseLost(`the lease on ${store.where} is lost: ${name} was taken, and is gone again`)
  }
  return new LeaseLost(`the lease on ${store.where} is lost: ${takenBy(there, placeOf(store, name))}`)
}

function takenBy(bytes: Uint8Array, place: string): string {
  try {
    const { run, at, entries } = decodeGroup(bytes, place)
    const holder = entries.find((entry) => entry.holder !== undefined)?.holder
    const by = holder === undefined ? '' : ` (${holder.operation} by ${holder.who} on ${holder.host})`
    return `run ${run}${by} took it over at ${at}`
  } catch {
    return `${place} was taken by something that is not readable`
  }
}

function storeFailed(store: StateStore, name: string, cause: unknown): LeaseLost {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new LeaseLost(`${store.where} could not be written (${name}): ${message}`, { cause })
}
