import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { globalFlags, planningFlags, planOptions } from './shell/flags.js'
import { inSession, inWorkspace } from './shell/session.js'

const {
  destroy: _destroy,
  'refresh-only': _refreshOnly,
  replace: _replace,
  adopt: _adopt,
  ...destroyFlags
} = planningFlags

export default class Destroy extends Command {
  static override summary = 'Destroy everything that is managed here.'
  static override description =
    'Plans to destroy what the state records, shows the plan, asks, and carries it out.'
  static override flags = {
    'auto-approve': Flags.boolean({ description: 'Do not ask.' }),
    ...destroyFlags,
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { flags, raw } = await this.parse(Destroy)
    const options = planOptions({ ...flags, destroy: true }, raw)
    return inSession(flags, { streams: true }, async (session) => {
      const { applyAndReport, requireApproval } = await import('./shell/applying.js')
      const { destroyQuestion } = await import('./shell/approval.js')
      requireApproval(session, 'destroy', flags['auto-approve'])
      return inWorkspace(session, (workspace) =>
        applyAndReport(session, workspace, {
          options,
          approved: flags['auto-approve'],
          question: destroyQuestion,
          cancelled: 'Destroy cancelled.',
        }),
      )
    })
  }
}
