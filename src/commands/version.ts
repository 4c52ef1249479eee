import { Command } from '@oclif/core/command'
import { globalFlags } from './shell/flags.js'
import { inSession } from './shell/session.js'
import { version } from './shell/version.js'

export default class Version extends Command {
  static override description = 'Show the version.'
  static override flags = globalFlags

  async run(): Promise<number> {
    const { flags } = await this.parse(Version)
    return inSession(flags, {}, async ({ out }) => {
      const platform = `${process.platform}_${process.arch}`
      out(
        flags.json
          ? `${JSON.stringify({ rolecall_version: version(), platform, node_version: process.version }, undefined, 2)}\n`
          : `Rolecall v${version()}\non ${platform}\n`,
      )
      return 0
    })
  }
}
