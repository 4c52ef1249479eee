import type { Assertion } from './pattern.js'
import type { Program } from './program.js'

/** Where a match and its groups begin and end, in code points: `[start, end, start1, end1, …]`, -1 where a group took no part. */
export type Slots = readonly number[]

interface Thread {
  readonly at: number
  readonly slots: Slots
}

/** What the searches for the matches in one text share. */
export interface Search {
  readonly program: Program
  /** In code points. */
  readonly text: readonly number[]
  /** How many groups the pattern has. */
  readonly groups: number
  /** For each instruction, the round in which it was reached last. */
  readonly seen: Uint32Array
  round: number
  /** Counts steps, and throws when they are too many. */
  readonly spend: (steps: number) => void
}

/** A thread's step takes about so much less than evaluating a part of an expression. */
const threadsPerStep = 4

/**
 * The leftmost match at or after a position; of several there, the one that the pattern prefers. All alternatives advance
 * together through the text, each instruction at most once per character: the time is linear in the text whatever the pattern.
 */
export function findMatch(search: Search, from: number): Slots | undefined {
  const { program, text } = search
  const slots = new Array<number>((search.groups + 1) * 2).fill(-1)
  let threads: Thread[] = []
  let found: Slots | undefined
  for (let position = from; position <= text.length; position++) {
    const current: Thread[] = []
    search.round++
    for (const thread of threads) follow(search, thread, position, current)
    if (found === undefined) {
      const started = slots.slice()
      started[0] = position
      follow(search, { at: 0, slots: started }, position, current)
    }
    search.spend((1 + current.length) / threadsPerStep)
    threads = []
    for (const { at, slots: taken } of current) {
      const instruction = program[at]
      if (instruction?.op === 'match') {
        const ended = taken.slice()
        ended[1] = position
        found = ended
        // What comes after is preferred less.
        break
      }
      const character = text[position]
      if (instruction?.op === 'character' && character !== undefined && instruction.test(character)) {
        threads.push({ at: at + 1, slots: taken })
      }
    }
    if (found !== undefined && threads.length === 0) return found
  }
  return found
}

/** Adds to `reached` the instructions that wait for a character, in order of preference. */
function follow(search: Search, start: Thread, position: number, reached: Thread[]): void {
  const { program, seen, round } = search
  const open: Thread[] = [start]
  for (let thread = open.pop(); thread !== undefined; thread = open.pop()) {
    const { at, slots } = thread
    if (seen[at] === round) continue
    seen[at] = round
    const instruction = program[at]
    switch (instruction?.op) {
      case 'jump':
        open.push({ at: instruction.to, slots })
        break
      case 'split':
        open.push({ at: instruction.or, slots }, { at: instruction.to, slots })
        break
      case 'save': {
        const saved = slots.slice()
        saved[instruction.slot] = position
        open.push({ at: at + 1, slots: saved })
        break
      }
      case 'assert':
        if (holds(instruction.what, search.text, position)) open.push({ at: at + 1, slots })
        break
      default:
        reached.push(thread)
    }
  }
}

function holds(what: Assertion, text: readonly number[], position: number): boolean {
  switch (what) {
    case 'text-start':
      return position === 0
    case 'text-end':
      return position === text.length
    case 'line-start':
      return position === 0 || text[position - 1] === 0x0a
    case 'line-end':
      return position === text.length || text[position] === 0x0a
    case 'word-edge':
      return isWord(text[position - 1]) !== isWord(text[position])
    case 'no-word-edge':
      return isWord(text[position - 1]) === isWord(text[position])
  }
}

function isWord(c: number | undefined): boolean {
  if (c === undefined) return false
  return (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || c === 0x5f
}
