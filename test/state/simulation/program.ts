import { Failure } from '../../../src/core/diagnostic.js'
import { BudgetSpent } from '../../../src/core/resource.js'
import { type Lease, LeaseLost, type NewEntry, type StateStore } from '../../../src/core/state.js'
import type { LeaseEnvironment } from '../../../src/state/environment.js'
import { openLease } from '../../../src/state/lease.js'
import { row } from '../../core/journal-fixture.js'
import type { History } from './history.js'
import { type Service, settle } from './service.js'
import type { Process, World } from './world.js'

export const keys = ['x.a', 'x.b', 'x.c']
const budget = 18_000

export interface Setting {
  readonly world: World
  readonly history: History
  readonly service: Service
  readonly process: Process
  readonly store: StateStore
  readonly environment: LeaseEnvironment
  /** Milliseconds after which what was sent has taken effect or never will. */
  readonly settle?: number
  /** The last run: alone, and in no hurry. */
  readonly last: boolean
}

/** Told of everything that was acknowledged: it must never be lost. */
export type Acknowledged = (run: string, event: string, op: string | undefined) => void

/**
 * What an apply does, as far as the journal is concerned: open, wait, find out about what is open, then create what is
 * missing, several things at a time, with a checkpoint at any moment.
 */
export async function program(
  setting: Setting,
  acknowledged: Acknowledged,
): Promise<'done' | 'refused' | 'lost'> {
  const { world, process, history } = setting
  let run = ''
  try {
    const lease = await open(setting)
    run = lease.run
    acknowledged(run, history.has(run, 'takeover', undefined) ? 'takeover' : 'opened', undefined)
    const append = async (...entries: NewEntry[]) => {
      await lease.append(entries)
      for (const entry of entries) acknowledged(run, entry.event, entry.op)
    }
    await recover(setting, lease, append)
    const checkpoints = [0, 1].filter(() => world.chance(0.6)).map(() => checkpoint(setting, lease))
    await Promise.all([
      ...keys.map((key) => provide(setting, lease, key, append, acknowledged)),
      ...checkpoints,
    ])
    if (world.chance(0.5)) await lease.checkpoint()
    await lease.close()
    acknowledged(run, 'closed', undefined)
    return 'done'
  } catch (error) {
    if (hasCode(error, 'state/locked') || hasCode(error, 'state/no-answer')) return 'refused'
    if (!(error instanceof LeaseLost)) {
      world.violated('readable', `${process.name}: ${(error as Error).stack}`)
    } else if (history.owner() === run && !hasCode(error.cause, 'state/no-answer')) {
      world.violated('nobody gives up its own lease', `${process.name}: ${error.message}`)
    }
    return 'lost'
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Failure && error.diagnostics.some((each) => each.code === code)
}

function open({ world, store, environment, last }: Setting): Promise<Lease> {
  return openLease(store, {
    operation: last ? 'last' : 'apply',
    lockTimeout: last ? 600_000 : world.draw(30_000),
    force: !last && world.chance(0.6),
    environment,
    outgrown: { appends: 1 + world.draw(5), bytes: 0 },
  })
}

type Append = (...entries: NewEntry[]) => Promise<void>

async function recover(setting: Setting, lease: Lease, append: Append): Promise<void> {
  const { service, process } = setting
  await lease.waitBeforeRecovery(() => setting.settle ?? settle)
  for (const { op = '', address = '' } of lease.inherited) {
    if (setting.history.owner() === lease.run) service.answeredFor(op)
    const id = await service.find(process, lease.run, address, true)
    if (id === undefined) await append({ event: 'failed', op })
    else await append({ event: 'done', op, address, row: row(address, id) })
  }
}

async function checkpoint({ world, process }: Setting, lease: Lease): Promise<void> {
  await world.sleep(world.draw(10_000), process)
  await lease.checkpoint()
}

async function provide(
  setting: Setting,
  lease: Lease,
  key: string,
  append: Append,
  acknowledged: Acknowledged,
): Promise<void> {
  const { world, service, process } = setting
  for (let i = 0; i < 25 && !lease.state.rows.has(key); i++) {
    const op = `${process.name}/${key}/${i}`
    const there = await service.find(process, lease.run, key, false)
    if (there !== undefined) {
      await append({ event: 'done', op, address: key, row: row(key, there) })
      continue
    }
    const announced = await lease.begin({ event: 'begin', op, address: key, action: 'create', budget })
    acknowledged(lease.run, 'begin', op)
    // What else a verb does before its request leaves.
    if (world.chance(0.5)) await world.sleep(world.draw(14_000), process)
    try {
      announced.check()
    } catch (error) {
      if (!(error instanceof BudgetSpent)) throw error
      await append({ event: 'failed', op })
      continue
    }
    let id = await service.create(process, lease.run, op, key)
    if (id === undefined) {
      await world.sleep(setting.settle ?? settle, process)
      id = await service.find(process, lease.run, key, true)
    }
    if (id === undefined) await append({ event: 'failed', op })
    else await append({ event: 'done', op, address: key, row: row(key, id) })
  }
}
