import { nearest } from '../../core/nearest.js'

/** What the command line's grammar has to know of a flag. */
export interface FlagShape {
  readonly takesValue: boolean
  /** `--no-NAME` exists. */
  readonly negatable: boolean
}

export type FlagShapes = ReadonlyMap<string, FlagShape>

/** The command line is wrong in itself: told in the same words for every command, exit 1. */
export class UsageError extends Error {
  constructor(
    message: string,
    /** The command whose help tells more; absent: the program's own. */
    readonly command?: string,
  ) {
    super(message)
    this.name = 'UsageError'
  }
}

const value: FlagShape = { takesValue: true, negatable: false }
const toggle: FlagShape = { takesValue: false, negatable: false }

/** The flags that may stand before the command too. */
const globalFlags: FlagShapes = new Map([
  ['chdir', value],
  ['no-color', toggle],
  ['input', { takesValue: false, negatable: true }],
  ['json', toggle],
  ['help', toggle],
  ['version', toggle],
])

/** A command line, taken apart: `command` is its id in oclif's form, `state:list`. */
export interface CommandLine {
  readonly command: string | undefined
  /** What follows the command, and the flags that stood before it. */
  readonly rest: readonly string[]
}

/**
 * Finds the command. Words are taken as long as they name a command or the beginning of one; a word that is neither throws a
 * `UsageError`. `commands` are ids: `plan`, `state:list`.
 */
export function findCommand(argv: readonly string[], commands: readonly string[]): CommandLine {
  const leading: string[] = []
  let i = 0
  while (i < argv.length && isFlag(argv[i])) {
    const tokens = flagTokens(argv, i, globalFlags)
    leading.push(...tokens.tokens)
    i = tokens.next
  }
  // `rolecall help plan` is `rolecall plan --help`.
  if (argv[i] === 'help' && !commands.includes('help')) {
    leading.push('--help')
    i++
  }
  let command: string | undefined
  const topics = new Set(commands.flatMap(topicsOf))
  for (; i < argv.length; i++) {
    const word = argv[i] ?? ''
    const id = command === undefined ? word : `${command}:${word}`
    if (commands.includes(id)) command = id
    else if (topics.has(id)) command = id
    else if (command !== undefined && (isFlag(word) || commands.includes(command))) break
    else throw unknownCommand(id.replaceAll(':', ' '), commands)
    if (commands.includes(command) && !commands.some((each) => each.startsWith(`${command}:`))) {
      i++
      break
    }
  }
  return { command, rest: [...leading, ...argv.slice(i)] }
}

/** `serve` and `serve:token` for `serve:token:list`. */
function topicsOf(id: string): readonly string[] {
  const words = id.split(':').slice(0, -1)
  return words.map((_, i) => words.slice(0, i + 1).join(':'))
}

function unknownCommand(name: string, commands: readonly string[]): UsageError {
  const meant = nearest(
    name,
    commands.map((id) => id.replaceAll(':', ' ')),
  )
  const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`
  return new UsageError(`Rolecall has no command named ${JSON.stringify(name)}.${hint}`)
}

/**
 * The arguments of a command in the one form that the parser takes: a single dash on a long flag becomes two
 * (`-auto-approve`), `--refresh=false` becomes `--no-refresh`, `-h` becomes `--help`. Values stay as they are, and so does all
 * that follows `--`.
 */
export function normalizeArguments(argv: readonly string[], flags: FlagShapes): string[] {
  const known = new Map([...globalFlags, ...flags])
  const result: string[] = []
  for (let i = 0; i < argv.length; ) {
    const word = argv[i] ?? ''
    if (word === '--') return [...result, ...argv.slice(i)]
    if (!isFlag(word)) {
      result.push(word)
      i++
      continue
    }
    const { tokens, next } = flagTokens(argv, i, known)
    result.push(...tokens)
    i = next
  }
  return result
}

/** Whether help is asked for: `--help` before any `--`, in normal form, and not as the value of another flag. */
export function asksForHelp(argv: readonly string[], flags: FlagShapes): boolean {
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (word === '--') return false
    if (word === '--help') return true
    if (word.startsWith('--') && !word.includes('=') && takesValue(word.slice(2), flags)) i++
  }
  return false
}

function takesValue(name: string, flags: FlagShapes): boolean {
  return (flags.get(name) ?? globalFlags.get(name))?.takesValue === true
}

function isFlag(word: string | undefined): boolean {
  return word !== undefined && /^--?[A-Za-z]/.test(word)
}

function flagTokens(
  argv: readonly string[],
  at: number,
  flags: FlagShapes,
): { readonly tokens: readonly string[]; readonly next: number } {
  const word = argv[at] ?? ''
  const parts = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(word)
  const name = parts?.[1] === 'h' ? 'help' : (parts?.[1] ?? '')
  const given = parts?.[2]
  const flag = flags.get(name)
  if (flag === undefined) {
    const positive = name.startsWith('no-') ? flags.get(name.slice(3)) : undefined
    if (positive?.negatable !== true) throw unknownFlag(word.split('=')[0] ?? word, name, flags)
    return { tokens: toggled(`--${name}`, `--${name.slice(3)}`, given, word), next: at + 1 }
  }
  if (!flag.takesValue)
    return {
      tokens: toggled(`--${name}`, flag.negatable ? `--no-${name}` : undefined, given, word),
      next: at + 1,
    }
  if (given !== undefined) return { tokens: [`--${name}=${given}`], next: at + 1 }
  const following = argv[at + 1]
  if (following === undefined) throw new UsageError(`The flag --${name} needs a value.`)
  return { tokens: [`--${name}=${following}`], next: at + 2 }
}

function unknownFlag(written: string, name: string, flags: FlagShapes): UsageError {
  const meant = nearest(name, flags.keys())
  const hint = meant === undefined ? '' : ` Did you mean --${meant}?`
  return new UsageError(`There is no flag ${written} here.${hint}`)
}

function toggled(yes: string, no: string | undefined, given: string | undefined, word: string): string[] {
  if (given === undefined || /^(1|t|true)$/i.test(given)) return [yes]
  if (/^(0|f|false)$/i.test(given)) return no === undefined ? [] : [no]
  throw new UsageError(`${word}: the value must be true or false.`)
}
