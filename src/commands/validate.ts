import { Command } from '@oclif/core/command'
import { Failure, hasErrors } from '../core/diagnostic.js'
import { globalFlags, variableFlags, variablesOf } from './shell/flags.js'
import { inSession, inWorkspace } from './shell/session.js'

export default class Validate extends Command {
  static override summary = 'Check the configuration, offline.'
  static override description = 'Checks all files of the folder. Needs no credentials and asks no service.'
  static override flags = { ...variableFlags, ...globalFlags }

  async run(): Promise<number> {
    const { flags, raw } = await this.parse(Validate)
    const variables = variablesOf(raw)
    return inSession(flags, {}, (session) =>
      inWorkspace(session, async (workspace) => {
        const diagnostics = await workspace.validate({ variables }).catch((cause: unknown) => {
          // That there is nothing to check is an answer in the same form as what was found wrong.
          if (cause instanceof Failure) return cause.diagnostics
          throw cause
        })
        const wrong = hasErrors(diagnostics)
        if (session.json) {
          const { validationJson } = await import('../views/diagnostic-json.js')
          session.out(`${JSON.stringify(validationJson(diagnostics, workspace.sources), undefined, 2)}\n`)
          return wrong ? 1 : 0
        }
        session.tell(diagnostics, workspace.sources)
        const style = session.terminal.outStyle
        const but = diagnostics.length > 0 ? ', but there were some validation warnings as shown above' : ''
        if (!wrong) session.out(`${style.bold(style.green('Success!'))} The configuration is valid${but}.\n`)
        return wrong ? 1 : 0
      }),
    )
  }
}
