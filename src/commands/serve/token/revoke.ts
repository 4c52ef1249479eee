import * as Args from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { globalFlags } from '../../shell/flags.js'
import { planeFlags } from '../../shell/plane-flags.js'
import { inSession } from '../../shell/session.js'
import { withTokens } from '../../shell/token-store.js'

export default class ServeTokenRevoke extends Command {
  static override summary = 'Take a token out of use.'
  static override description =
    'The next request with it is refused. A control plane without any valid token lets nobody in.'
  static override args = {
    id: Args.string({ required: true, ignoreStdin: true, description: 'The id, as the list shows it.' }),
  }
  static override flags = { ...planeFlags, ...globalFlags }

  async run(): Promise<number> {
    const { args, flags } = await this.parse(ServeTokenRevoke)
    return inSession(flags, {}, (session) =>
      withTokens(session, flags, async (tokens) => {
        await tokens.revoke(args.id)
        session.out(
          session.json ? `${JSON.stringify({ revoked: args.id })}\n` : `Token ${args.id} is revoked.\n`,
        )
        return 0
      }),
    )
  }
}
