import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { escapeLine } from '../views/escape.js'
import { liveRunText } from '../views/live-run.js'
import {
  globalFlags,
  lockFlags,
  parallelismFlags,
  planOptions,
  scopeFlags,
  variableFlags,
} from './shell/flags.js'
import { inSession, inWorkspace } from './shell/session.js'

export default class Drift extends Command {
  static override summary = 'Tell what someone changed by hand.'
  static override description =
    'Compares what the services have with what was last applied. Sends no request that writes. Exits with 0 if all is as it was, 2 if not, 1 after an error.'
  static override examples = ['<%= config.bin %> drift', '<%= config.bin %> drift --unmanaged --json']
  static override flags = {
    unmanaged: Flags.boolean({ description: 'Also list objects that no configuration here declares.' }),
    ...scopeFlags,
    ...variableFlags,
    ...lockFlags,
    ...parallelismFlags,
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { flags, raw } = await this.parse(Drift)
    const options = { ...planOptions(flags, raw), unmanaged: flags.unmanaged }
    return inSession(flags, {}, (session) =>
      inWorkspace(session, async (workspace) => {
        const report = await workspace.drift(options)
        if (session.json) {
          const [{ driftReportJson }, { jsonText }] = await Promise.all([
            import('../views/drift-json.js'),
            import('../views/json-text.js'),
          ])
          session.out(`${jsonText(driftReportJson(report, workspace.sources), 2)}\n`)
        } else {
          session.tell(report.diagnostics, workspace.sources)
          const { driftReportText } = await import('../views/drift-text.js')
          session.out(driftReportText(report.drift, flags.unmanaged, session.terminal.outStyle))
          for (const { address, text } of report.recovered)
            session.terminal.err(`${escapeLine(address)}: ${escapeLine(text)}\n`)
          if (report.live !== undefined) session.terminal.err(liveRunText(report.live))
        }
        return report.drift.length > 0 ? 2 : 0
      }),
    )
  }
}
