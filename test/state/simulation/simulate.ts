import type { FoldedState } from '../../../src/core/journal.js'
import { encodeSnapshot } from '../../../src/core/snapshot-codec.js'
import type { StateStore } from '../../../src/core/state.js'
import type { LeaseEnvironment, ReaderEnvironment } from '../../../src/state/environment.js'
import { type MemoryPlace, memoryPlace, memoryStore } from '../../../src/state/memory.js'
import { readState } from '../../../src/state/read.js'
import { type History, watchHistory } from './history.js'
import { networkStore } from './network-store.js'
import { keys, program } from './program.js'
import { latest, makeService, type Service } from './service.js'
import { makeWorld, type Process, type World } from './world.js'

const readers = 6

/** One rule broken: how each process sees its store or its environment instead. */
export interface Broken {
  readonly store?: (store: StateStore, place: MemoryPlace) => StateStore
  readonly readerStore?: (store: StateStore) => StateStore
  readonly environment?: (environment: LeaseEnvironment) => LeaseEnvironment
  readonly settle?: number
}

/**
 * Two to four processes work on one state at the same time; any of them may be taken over, stopped or killed at any moment.
 * Then one more cleans up. Returns what was violated; nothing, if the protocol holds.
 */
export async function simulate(seed: number, broken: Broken = {}): Promise<ReadonlyMap<string, string>> {
  const world = makeWorld(seed)
  const place = memoryPlace()
  const history = watchHistory(world, place)
  const service = makeService(world, history)
  const acknowledged: (readonly [string, string, string | undefined])[] = []
  const running = new Map<string, Process>()

  function start(name: string, last: boolean): void {
    const process: Process = {
      name,
      dead: false,
      stoppedUntil: 0,
      stopped: 0,
      sleepsDeeply: world.chance(0.5),
      skew: world.draw(60_000) - 30_000,
    }
    world.processes.push(process)
    running.set(name, process)
    const reached = networkStore(world, place, history, process)
    const environment = environmentOf(world, process, (pid) => !running.has(nameOf(world, pid)))
    void program(
      {
        world,
        history,
        service,
        process,
        store: broken.store?.(reached, place) ?? reached,
        environment: broken.environment?.(environment) ?? environment,
        ...(broken.settle !== undefined && { settle: broken.settle }),
        last,
      },
      (run, event, op) => acknowledged.push([run, event, op]),
    ).finally(() => running.delete(name))
  }

  const count = 2 + world.draw(3)
  for (let i = 0; i < count; i++)
    world.later(i === 0 ? 0 : world.draw(40_000), undefined, () => start(`p${i}`, false))
  for (let i = 0; i < readers; i++)
    world.later(world.draw(60_000), undefined, () => read(world, place, history, broken))
  let checked = -1

  await world.run(async () => {
    disturb(world, running)
    if (place.objects.size !== checked && world.chance(0.3)) {
      checked = place.objects.size
      await readNow(world, place, history)
    }
  })
  if (world.violations.size > 0) return world.violations
  world.later(latest + 1, undefined, () => start('last', true))
  await world.run(async () => {})
  if (world.violations.size > 0) return world.violations
  await readNow(world, place, history)
  judge(world, history, service, acknowledged)
  return world.violations
}

function disturb(world: World, running: Map<string, Process>): void {
  const all = [...running.values()]
  const process = all[world.draw(all.length)]
  if (process === undefined) return
  if (process.stoppedUntil <= world.now && world.chance(0.015)) {
    const stop = 3_000 + world.draw(60_000)
    process.stoppedUntil = world.now + stop
    process.stopped += stop
  } else if (world.chance(0.004)) {
    process.dead = true
    running.delete(process.name)
  }
}

function environmentOf(world: World, process: Process, isGone: (pid: number) => boolean): LeaseEnvironment {
  const number = world.processes.indexOf(process)
  let drawn = 0
  return {
    now: () => new Date(Date.UTC(2025, 0, 1) + world.now),
    monotonic: () => world.now - (process.sleepsDeeply ? process.stopped : 0),
    wall: () => world.now + process.skew,
    random: (bytes) => {
      const all = Buffer.alloc(bytes)
      all.writeUInt32BE(number + 1, 0)
      all.writeUInt32BE(++drawn, 4)
      return all
    },
    sleep: (milliseconds) => world.sleep(milliseconds, process),
    processIdentity: () => ({ pid: number }),
    isAlive: (holder) => (isGone(holder.pid) && world.chance(0.7) ? 'dead' : 'unknown'),
    host: 'h',
    who: 'w',
    version: '0',
  }
}

function nameOf(world: World, pid: number): string {
  return world.processes[pid]?.name ?? ''
}

/** At every moment the state can be read at once, and is what happened. */
async function readNow(world: World, place: MemoryPlace, history: History): Promise<void> {
  if (place.objects.size === 0 || history.truth.seq === 0) return
  const environment: ReaderEnvironment = {
    monotonic: () => 0,
    sleep: () => Promise.reject(new Error('it is not contiguous')),
    isAlive: () => 'unknown',
  }
  try {
    const { state } = await readState(memoryStore({ place }), environment)
    if (Buffer.compare(encodeSnapshot(state as FoldedState), encodeSnapshot(history.truth)) !== 0) {
      world.violated('nothing is lost', `a reader sees append ${state.seq}, ${history.truth.seq} happened`)
    }
  } catch (error) {
    world.violated('readable', (error as Error).message)
  }
}

/** A reader that takes its time sees a state that was, and nothing older than what was there when it began. */
function read(world: World, place: MemoryPlace, history: History, broken: Broken): void {
  const process: Process = {
    name: 'reader',
    dead: false,
    stoppedUntil: 0,
    stopped: 0,
    sleepsDeeply: false,
    skew: 0,
  }
  const reached = networkStore(world, place, history, process)
  const store = broken.readerStore?.(reached) ?? reached
  const from = history.truth.seq
  const environment = { ...environmentOf(world, process, () => false) }
  void readState(store, environment).then(
    ({ state }) => {
      if (state.seq < from)
        world.violated('nothing is lost', `a reader sees append ${state.seq}, not ${from}`)
      const same =
        state.seq === 0 || Buffer.compare(encodeSnapshot(state as FoldedState), history.at(state.seq)) === 0
      if (!same) world.violated('nothing is lost', `a reader sees another append ${state.seq} than happened`)
    },
    (error: Error) => world.violated('readable', error.message),
  )
}

function judge(
  world: World,
  history: History,
  service: Service,
  acknowledged: readonly (readonly [string, string, string | undefined])[],
): void {
  for (const [run, event, op] of acknowledged) {
    if (!history.has(run, event, op)) world.violated('nothing is lost', `${event} ${op ?? ''} of run ${run}`)
  }
  const { truth } = history
  if (truth.holder !== undefined || truth.open.size > 0) {
    world.violated(
      'the last run cleans up',
      `open: ${[...truth.open.keys()].join()}, held: ${truth.holder?.run}`,
    )
  }
  for (const key of keys) {
    const ids = service.things.filter((each) => each.key === key).map((each) => each.id)
    if (ids.length !== 1 || truth.rows.get(key)?.id !== ids[0]) {
      world.violated(
        'no orphan',
        `${key}: the service has ${ids.join() || 'nothing'}, the state ${truth.rows.get(key)?.id}`,
      )
    }
  }
}
