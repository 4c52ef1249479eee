import * as Args from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { globalFlags, lockFlags, parallelismFlags, planOptions, variableFlags } from './shell/flags.js'
import { inSession, inWorkspace } from './shell/session.js'

export default class Import extends Command {
  static override summary = 'Record an object that exists under an address.'
  static override description =
    'The address must be declared. Mostly there is no need for it: "rolecall apply" adopts declared objects that exist already.'
  static override examples = ['<%= config.bin %> import trifacta_person.jane 6']
  static override args = {
    address: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'The address in the configuration.',
    }),
    id: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'The id at the service, or what the type takes for it.',
    }),
  }
  static override flags = { ...variableFlags, ...lockFlags, ...parallelismFlags, ...globalFlags }

  async run(): Promise<number> {
    const { args, flags, raw } = await this.parse(Import)
    const options = planOptions(flags, raw)
    return inSession(flags, {}, (session) =>
      inWorkspace(session, async (workspace) => {
        const { row } = await workspace.import(args.address, args.id, options)
        const [{ rowText }, { rowJson }, { jsonText }] = await Promise.all([
          import('../views/row-text.js'),
          import('../views/state-json.js'),
          import('../views/json-text.js'),
        ])
        const style = session.terminal.outStyle
        if (session.json) session.out(`${jsonText(rowJson(row), 2)}\n`)
        else
          session.out(
            `${rowText(row, style)}\n${style.bold(style.green('Import successful!'))}\n\nThe object is recorded. "rolecall plan" shows in what it differs from the configuration.\n`,
          )
        return 0
      }),
    )
  }
}
