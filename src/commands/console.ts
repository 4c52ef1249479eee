import { Command } from '@oclif/core/command'
import { globalFlags, planOptions, variableFlags } from './shell/flags.js'
import { inSession, inWorkspace } from './shell/session.js'

export default class Console extends Command {
  static override summary = 'Try out expressions.'
  static override description =
    'Evaluates expressions over the configuration and the recorded state: on a terminal as they are typed, otherwise from stdin, one per line (an open bracket goes on in the next line).'
  static override examples = ["echo 'length(var.engineers)' | <%= config.bin %> console"]
  static override flags = { ...variableFlags, ...globalFlags }

  async run(): Promise<number> {
    const { flags, raw } = await this.parse(Console)
    const options = planOptions({}, raw)
    return inSession(flags, {}, (session) =>
      inWorkspace(session, async (workspace) => {
        const console = await workspace.console(options)
        const { converse } = await import('./shell/conversation.js')
        return converse(session, console)
      }),
    )
  }
}
