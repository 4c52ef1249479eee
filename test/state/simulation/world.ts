/** One process of a simulated world. */
export interface Process {
  readonly name: string
  dead: boolean
  /** Stopped until then: nothing of it happens before. */
  stoppedUntil: number
  /** Whether its monotonic clock stands still while it is stopped, as when the whole machine sleeps. */
  readonly sleepsDeeply: boolean
  /** How long it has been stopped so far. */
  stopped: number
  /** How far its wall clock is off. */
  readonly skew: number
}

interface Event {
  readonly at: number
  readonly process: Process | undefined
  act(): void
}

/**
 * Chance and time of one simulated run of several processes. Whatever may happen is an event; the order of events that
 * could happen now is drawn at random, and repeatable by the seed. Time is in milliseconds.
 */
export interface World {
  readonly now: number
  /** From 0 up to, but not including, `below`. */
  draw(below: number): number
  chance(probability: number): boolean
  /** Something happens at the earliest after `delay`, and not while its process is stopped or when it is dead. */
  later(delay: number, process: Process | undefined, act: () => void): void
  sleep(delay: number, process: Process | undefined): Promise<void>
  readonly processes: Process[]
  readonly violations: Map<string, string>
  violated(rule: string, how: string): void
  /** Lets everything happen that can, up to the first violation; `between` is called after each event. */
  run(between: () => Promise<void>): Promise<void>
}

export function makeWorld(seed: number): World {
  const random = generator(seed)
  const events: Event[] = []
  const processes: Process[] = []
  const violations = new Map<string, string>()
  let now = 0

  const draw = (below: number) => Math.floor(random() * below)
  const chance = (probability: number) => random() < probability

  const due = (event: Event) => Math.max(event.at, event.process?.stoppedUntil ?? 0)

  /** Takes one of the events that could happen now; if there is none, time passes until there is. */
  function next(): Event | undefined {
    for (let i = events.length - 1; i >= 0; i--) if (events[i]?.process?.dead) events.splice(i, 1)
    if (events.length === 0) return undefined
    let possible = events.filter((event) => due(event) <= now)
    // Time may pass although something could happen: the process was slow.
    if (possible.length === 0 || chance(0.05)) {
      const first = Math.min(...events.map(due).filter((at) => at > now))
      if (Number.isFinite(first)) now = first
      possible = events.filter((event) => due(event) <= now)
    }
    const event = possible[draw(possible.length)] as Event
    events.splice(events.indexOf(event), 1)
    return event
  }

  const world: World = {
    get now() {
      return now
    },
    draw,
    chance,
    later: (delay, process, act) => {
      events.push({ at: now + delay, process, act })
    },
    sleep: (delay, process) => new Promise((resolve) => world.later(delay, process, resolve)),
    processes,
    violations,
    violated(rule, how) {
      if (!violations.has(rule)) violations.set(rule, `${how} (at ${now} ms)`)
    },
    async run(between) {
      for (let steps = 0; steps < 20_000; steps++) {
        // All promises that can go on without an event have gone on.
        await new Promise((resolve) => setImmediate(resolve))
        await between()
        const event = next()
        if (event === undefined || violations.size > 0) return
        event.act()
      }
      world.violated('ends', 'the processes never came to an end')
    },
  }
  return world
}

/** mulberry32: small, fast, and the same everywhere. */
function generator(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let x = Math.imul(a ^ (a >>> 15), 1 | a)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296
  }
}
