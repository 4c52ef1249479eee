import { type Assertion, type Pattern, PatternError } from './pattern.js'

/** One instruction. Control goes on to the next one, but for jumps and splits; a split prefers `to`. */
export type Instruction =
  | { readonly op: 'character'; readonly test: (codePoint: number) => boolean }
  | { readonly op: 'assert'; readonly what: Assertion }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'split'; to: number; or: number }
  | { readonly op: 'match' }

export type Program = readonly Instruction[]

const longest = 20_000

/** Throws a `PatternError` if nested repetitions make the program too long. */
export function compile(pattern: Pattern): Program {
  const program: Instruction[] = []
  emit(pattern, program)
  program.push({ op: 'match' })
  return program
}

function emit(pattern: Pattern, program: Instruction[]): void {
  if (program.length > longest) throw new PatternError('its repetitions make it too large')
  switch (pattern.kind) {
    case 'empty':
      return
    case 'character':
      program.push({ op: 'character', test: pattern.test })
      return
    case 'assertion':
      program.push({ op: 'assert', what: pattern.what })
      return
    case 'capture':
      program.push({ op: 'save', slot: pattern.index * 2 })
      emit(pattern.body, program)
      program.push({ op: 'save', slot: pattern.index * 2 + 1 })
      return
    case 'sequence':
      for (const item of pattern.items) emit(item, program)
      return
    case 'choice':
      emitChoice(pattern.options, program)
      return
    case 'repeat':
      emitRepeat(pattern, program)
      return
  }
}

function emitChoice(options: readonly Pattern[], program: Instruction[]): void {
  const jumps: { to: number }[] = []
  for (const [i, option] of options.entries()) {
    if (i === options.length - 1) {
      emit(option, program)
      break
    }
    const split = { op: 'split' as const, to: program.length + 1, or: 0 }
    program.push(split)
    emit(option, program)
    const jump = { op: 'jump' as const, to: 0 }
    jumps.push(jump)
    program.push(jump)
    split.or = program.length
  }
  for (const jump of jumps) jump.to = program.length
}

function emitRepeat(pattern: Extract<Pattern, { kind: 'repeat' }>, program: Instruction[]): void {
  if (pattern.max === Number.POSITIVE_INFINITY) {
    for (let i = 1; i < pattern.min; i++) emit(pattern.body, program)
    emitLoop(pattern, program)
    return
  }
  for (let i = 0; i < pattern.min; i++) emit(pattern.body, program)
  const splits: (readonly [Extract<Instruction, { op: 'split' }>, number])[] = []
  for (let i = pattern.min; i < pattern.max; i++) {
    const split = openSplit(program)
    splits.push([split, program.length])
    emit(pattern.body, program)
  }
  for (const [split, inside] of splits) closeSplit(split, inside, program.length, pattern.greedy)
}

/**
 * `x+`, and around it `?` for `x*`: not a loop that is entered at its end, because of bodies that can be empty. RE2 prefers
 * their empty match where they do.
 */
function emitLoop(pattern: Extract<Pattern, { kind: 'repeat' }>, program: Instruction[]): void {
  const around = pattern.min === 0 ? openSplit(program) : undefined
  const start = program.length
  emit(pattern.body, program)
  const again = openSplit(program)
  closeSplit(again, start, program.length, pattern.greedy)
  if (around !== undefined) closeSplit(around, start, program.length, pattern.greedy)
}

function openSplit(program: Instruction[]): Extract<Instruction, { op: 'split' }> {
  const split = { op: 'split' as const, to: 0, or: 0 }
  program.push(split)
  return split
}

function closeSplit(
  split: Extract<Instruction, { op: 'split' }>,
  inside: number,
  after: number,
  greedy: boolean,
): void {
  split.to = greedy ? inside : after
  split.or = greedy ? after : inside
}
