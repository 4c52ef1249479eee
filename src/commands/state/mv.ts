import * as Args from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { escapeLine } from '../../views/escape.js'
import { globalFlags, lockFlags, parseDuration } from '../shell/flags.js'
import { inSession, inWorkspace } from '../shell/session.js'

export default class StateMv extends Command {
  static override summary = 'Record objects under another address.'
  static override description =
    'Changes the record only. In a reviewed configuration a "moved" block does the same, visibly.'
  static override args = {
    source: Args.string({ required: true, ignoreStdin: true, description: 'The address so far.' }),
    destination: Args.string({ required: true, ignoreStdin: true, description: 'The new address.' }),
  }
  static override flags = {
    'dry-run': Flags.boolean({ description: 'Only tell what would be moved.' }),
    ...lockFlags,
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { args, flags } = await this.parse(StateMv)
    const timeout = flags['lock-timeout']
    const lockTimeout = timeout === undefined ? undefined : parseDuration(timeout)
    return inSession(flags, {}, (session) =>
      inWorkspace(session, async (workspace) => {
        const dryRun = flags['dry-run'] === true
        const moved = await workspace.stateMove(args.source, args.destination, {
          dryRun,
          ...(lockTimeout !== undefined && { lockTimeout }),
        })
        if (session.json) {
          session.out(`${JSON.stringify({ dry_run: dryRun, moved })}\n`)
          return 0
        }
        const verb = dryRun ? 'Would move' : 'Move'
        session.out(
          moved.map(({ from, to }) => `${verb} "${escapeLine(from)}" to "${escapeLine(to)}"\n`).join(''),
        )
        if (!dryRun) session.out(`Successfully moved ${moved.length} object(s).\n`)
        return 0
      }),
    )
  }
}
