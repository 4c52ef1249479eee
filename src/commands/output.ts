import * as Args from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { error, Failure } from '../core/diagnostic.js'
import { nearest } from '../core/nearest.js'
import type { RecordedOutput } from '../views/recorded-output.js'
import { UsageError } from './shell/argv.js'
import { globalFlags } from './shell/flags.js'
import { inSession, inWorkspace } from './shell/session.js'

export default class Output extends Command {
  static override summary = 'Show the outputs that the last apply recorded.'
  static override description =
    'Values of sensitive outputs are recorded nowhere, so they cannot be shown: take them from where the configuration has them.'
  static override args = {
    name: Args.string({ ignoreStdin: true, description: 'Only this output.' }),
  }
  static override flags = {
    raw: Flags.boolean({
      description: 'Only the text of one string, number or bool, without quotes or line end.',
    }),
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Output)
    const { name } = args
    if (flags.raw && name === undefined) throw new UsageError('--raw needs the name of an output.')
    if (flags.raw && flags.json) throw new UsageError('--raw and --json exclude each other.')
    return inSession(flags, {}, (session) =>
      inWorkspace(session, async (workspace) => {
        const { state } = await workspace.readState()
        const views = await import('../views/recorded-output.js')
        const { jsonText, writableValue } = await import('../views/json-text.js')
        const { outputsText, valueText } = await import('../views/value.js')
        const outputs = views.recordedOutputs(state.outputs)
        if (name === undefined) {
          if (flags.json) session.out(`${jsonText(views.recordedOutputsJson(state.outputs), 2)}\n`)
          else {
            const values = [...outputs].map(([key, output]) => {
              const { sensitive } = output
              return [key, { value: views.recordedOutputValue(output), sensitive }] as const
            })
            session.out(outputsText(new Map(values)))
          }
          if (outputs.size === 0 && !flags.json)
            session.terminal.err(
              'No outputs are recorded: the configuration has none, or was not applied yet.\n',
            )
          return 0
        }
        const output = found(outputs, name)
        const value = views.recordedOutputValue(output)
        if (flags.json) session.out(`${jsonText(writableValue(value))}\n`)
        else if (!flags.raw) session.out(`${valueText(value)}\n`)
        else {
          const text = writableValue(value)
          if (value.kind !== 'string' && value.kind !== 'number' && value.kind !== 'bool')
            throw new Failure(
              error('commands/output-not-raw', 'The output has no raw form', {
                detail: `The value of ${name} is ${value.kind === 'null' ? 'null' : `of kind ${value.kind}`}, and --raw is for strings, numbers and bools.`,
                help: 'Use --json instead.',
              }),
            )
          session.out(typeof text === 'string' ? text : jsonText(text))
        }
        return 0
      }),
    )
  }
}

function found(outputs: ReadonlyMap<string, RecordedOutput>, name: string): RecordedOutput {
  const output = outputs.get(name)
  if (output === undefined) {
    const near = nearest(name, outputs.keys())
    throw new Failure(
      error('commands/no-such-output', `Output ${JSON.stringify(name)} not found`, {
        detail: 'The state records no output of this name.',
        help:
          near === undefined
            ? 'If the configuration declares it, run "rolecall apply" first.'
            : `Did you mean ${JSON.stringify(near)}?`,
      }),
    )
  }
  if (!output.sensitive) return output
  throw new Failure(
    error('commands/sensitive-output', 'The value of a sensitive output is not recorded', {
      detail: `${name} is sensitive: the state holds only a fingerprint of it, to tell when it changes.`,
      help: 'Take the value from where the configuration takes it (an environment variable, a secret file, …).',
    }),
  )
}
