import { Command } from '@oclif/core/command'
import { escapeLine } from '../../views/escape.js'
import { globalFlags } from '../shell/flags.js'
import { inSession, inWorkspace } from '../shell/session.js'

export default class ProvidersList extends Command {
  static override summary = 'List the providers that the configuration uses, and what uses them.'
  static override flags = globalFlags

  async run(): Promise<number> {
    const { flags } = await this.parse(ProvidersList)
    return inSession(flags, {}, (session) =>
      inWorkspace(session, async (workspace) => {
        const providers = await workspace.providers()
        if (session.json) {
          session.out(`${JSON.stringify(providers.map(({ name, usedBy }) => ({ name, used_by: usedBy })))}\n`)
          return 0
        }
        for (const { name, usedBy } of providers) {
          session.out(`${escapeLine(name)}\n`)
          for (const address of usedBy) session.out(`  ${escapeLine(address)}\n`)
        }
        return 0
      }),
    )
  }
}
