import { fileURLToPath } from 'node:url'
import { Config } from '@oclif/core/config'
import * as Errors from '@oclif/core/errors'
import { diagnosticText } from '../../views/diagnostic.js'
import { asksForHelp, type FlagShapes, findCommand, normalizeArguments, UsageError } from './argv.js'
import { processTerminal, type Terminal } from './terminal.js'

/** Runs a command line. Returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  // oclif writes help itself; a reader that goes away in the middle is no error there either.
  const terminal = processTerminal(!argv.some((word) => /^--?no-color$/.test(word)))
  let code: number
  try {
    code = await run(argv)
  } catch (cause) {
    reportMistake(cause, terminal)
    code = 1
  }
  await terminal.flush()
  return code
}

async function run(argv: readonly string[]): Promise<number> {
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
    await new Help(config, { hideAliasesFromRoot: true }).showHelp(command === undefined ? [] : [command])
    return 0
  }
  const result = await inContext(command, () => config.runCommand<unknown>(loadable.id, normal, loadable))
  return typeof result === 'number' ? result : 0
}

/** A mistake on the command line that the body finds is one in the use of this command. */
function inContext<T>(command: string | undefined, body: () => T): T {
  const add = (cause: unknown): unknown => {
    if (command === undefined) return cause
    if (cause instanceof Errors.CLIError) return new UsageError(words(cause), command.replace(':', ' '))
    return cause instanceof UsageError ? new UsageError(cause.message, command.replace(':', ' ')) : cause
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

function reportMistake(cause: unknown, terminal: Terminal): void {
  const tell = (summary: string, detail: string, help: string) =>
    terminal.err(
      diagnosticText({ severity: 'error', code: 'commands/usage', summary, detail, help }, new Map(), {
        style: terminal.errStyle,
      }),
    )
  if (cause instanceof UsageError || cause instanceof Errors.CLIError) {
    const command = cause instanceof UsageError ? cause.command : undefined
    const help = command === undefined ? 'rolecall --help' : `rolecall ${command} --help`
    tell('The command line is not right', words(cause), `For more help, run:\n  ${help}`)
    return
  }
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  tell('Rolecall has a bug', text, 'What was done so far is recorded. Please report this text.')
}
