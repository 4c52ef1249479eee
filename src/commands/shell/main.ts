import { fileURLToPath } from 'node:url'
import { Config, Errors, loadHelpClass } from '@oclif/core'
import { diagnosticText } from '../../views/diagnostic.js'
import { chooseStyle } from '../../views/style.js'
import { asksForHelp, type FlagShapes, findCommand, normalizeArguments, UsageError } from './argv.js'

/** Runs a command line. Returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    return await run(argv)
  } catch (cause) {
    return reportMistake(cause, argv)
  }
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
    const Help = await loadHelpClass(config)
    await new Help(config, { hideAliasesFromRoot: true }).showHelp(command === undefined ? [] : [command])
    return 0
  }
  const result = await inContext(command, () => config.runCommand<unknown>(loadable.id, normal, loadable))
  return typeof result === 'number' ? result : 0
}

/** A usage error of the body is one of this command. */
function inContext<T>(command: string | undefined, body: () => T): T {
  const add = (cause: unknown): unknown =>
    cause instanceof UsageError && cause.command === undefined && command !== undefined
      ? new UsageError(cause.message, command.replace(':', ' '))
      : cause
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

function reportMistake(cause: unknown, argv: readonly string[]): number {
  const style = chooseStyle({
    flag: !argv.some((word) => /^--?no-color$/.test(word)),
    env: process.env,
    terminal: process.stderr.isTTY === true,
  })
  const tell = (summary: string, detail: string, help: string) =>
    process.stderr.write(
      diagnosticText({ severity: 'error', code: 'commands/usage', summary, detail, help }, new Map(), {
        style,
      }),
    )
  if (cause instanceof UsageError) {
    const command = cause.command === undefined ? 'rolecall' : `rolecall ${cause.command}`
    tell('The command line is not right', cause.message, `For more help, run:\n  ${command} --help`)
  } else if (cause instanceof Errors.CLIError) {
    const message = cause.message.replace(/\n?See more help with --help$/, '').replace(/\s+/g, ' ')
    tell('The command line is not right', message, 'For more help, add --help.')
  } else {
    const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
    tell('Rolecall has a bug', text, 'What was done so far is recorded. Please report this text.')
  }
  return 1
}
