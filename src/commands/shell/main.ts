import { fileURLToPath } from 'node:url'
import { Config } from '@oclif/core/config'
import * as Errors from '@oclif/core/errors'
import { type Diagnostic, error } from '../../core/diagnostic.js'
import { diagnosticText } from '../../views/diagnostic.js'
import { asksForHelp, type FlagShapes, findCommand, normalizeArguments, UsageError } from './argv.js'
import { diagnosticsDocument, streaming } from './json-report.js'
import { inSurroundings, type Surroundings, type Terminal, terminalHere } from './terminal.js'

/** Runs a command line, in this process's own surroundings unless others are given. Returns the exit code. */
export function main(argv: readonly string[], surroundings?: Surroundings): Promise<number> {
  return surroundings === undefined
    ? runAndReport(argv)
    : inSurroundings(surroundings, () => runAndReport(argv))
}

async function runAndReport(argv: readonly string[]): Promise<number> {
  const terminal = terminalHere(!argv.some((word) => /^--?no-color$/.test(word)))
  // The library sets it when a command throws; here the code is what is returned.
  const { exitCode } = process
  let code: number
  try {
    code = await run(argv, terminal)
  } catch (cause) {
    await reportMistake(cause, terminal, argv)
    code = 1
  } finally {
    process.exitCode = exitCode
  }
  await terminal.flush()
  return code
}

async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const config = await Config.load({ root: fileURLToPath(new URL('../../../..', import.meta.url)) })
  const { command, rest } = findCommand(argv, config.commandIDs)
  const loadable = command === undefined ? undefined : config.findCommand(command)
  const flags = shapesOf(loadable?.flags ?? {})
  const normal = inContext(command, () => normalizeArguments(rest, flags))
  if (loadable === undefined && normal.includes('--version')) {
    await config.runCommand('version', [])
    return 0
  }
  if (loadable === undefined || asksForHelp(normal, flags)) {
    const { loadHelpClass } = await import('@oclif/core/help')
    const Help = await loadHelpClass(config)
    // By itself it writes to the process, where a reader that goes away in the middle is an error.
    const log = (text = '') => terminal.out(`${text}\n`)
    const help = Object.assign(new Help(config, { hideAliasesFromRoot: true }), { log })
    await help.showHelp(command === undefined ? [] : [command])
    return 0
  }
  const result = await inContext(command, () => config.runCommand<unknown>(loadable.id, normal, loadable))
  return typeof result === 'number' ? result : 0
}

/** A mistake on the command line that the body finds is one in the use of this command. */
function inContext<T>(command: string | undefined, body: () => T): T {
  const add = (cause: unknown): unknown => {
    if (command === undefined) return cause
    if (cause instanceof Errors.CLIError) return new UsageError(words(cause), command.replaceAll(':', ' '))
    return cause instanceof UsageError ? new UsageError(cause.message, command.replaceAll(':', ' ')) : cause
  }
  try {
    const result = body()
    if (!(result instanceof Promise)) return result
    return result.catch((cause: unknown) => {
      throw add(cause)
    }) as T
  } catch (cause) {
    throw add(cause)
  }
}

interface FlagFacts {
  readonly type: 'option' | 'boolean'
  readonly allowNo?: boolean
}

function shapesOf(flags: Readonly<Record<string, FlagFacts>>): FlagShapes {
  return new Map(
    Object.entries(flags).map(([name, flag]) => [
      name,
      { takesValue: flag.type === 'option', negatable: flag.type === 'boolean' && flag.allowNo === true },
    ]),
  )
}

/** The parser's message without its layout. */
function words(cause: Error): string {
  return (
    cause.message
      .replace(/\n?See more help with --help$/, '')
      // Not so here: flags that may be repeated take one value each.
      .replace(/\n\nNote: --[\s\S]*$/, '')
      .replace(/\s+/g, ' ')
      .trim()
  )
}

async function reportMistake(cause: unknown, terminal: Terminal, argv: readonly string[]): Promise<void> {
  const mistake = mistakeOf(cause)
  if (!asksForJson(argv)) terminal.err(diagnosticText(mistake, new Map(), { style: terminal.errStyle }))
  else if (argv.some((word) => streaming.has(word))) {
    const { eventStream } = await import('../../views/events.js')
    eventStream(terminal.out, terminal.now).diagnostics([mistake], new Map())
  } else terminal.out(diagnosticsDocument([{ diagnostics: [mistake], sources: new Map() }]))
}

function mistakeOf(cause: unknown): Diagnostic {
  if (cause instanceof UsageError || cause instanceof Errors.CLIError) {
    const command = cause instanceof UsageError ? cause.command : undefined
    const help = command === undefined ? 'rolecall --help' : `rolecall ${command} --help`
    return error('commands/usage', 'The command line is not right', {
      detail: words(cause),
      help: `For more help, run:\n  ${help}`,
    })
  }
  return error('commands/bug', 'Rolecall has a bug', {
    detail: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
    help: 'What was done so far is recorded. Please report this text.',
  })
}

/** Whether the answer is to be JSON, also where the command line is too wrong to be taken apart. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end < 0 ? undefined : end).some((word) => /^--?json(=(1|t|true))?$/i.test(word))
}
