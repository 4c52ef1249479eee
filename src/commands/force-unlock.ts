import * as Args from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { error, Failure } from '../core/diagnostic.js'
import { escapeLine } from '../views/escape.js'
import { globalFlags } from './shell/flags.js'
import { inSession, inWorkspace } from './shell/session.js'

export default class ForceUnlock extends Command {
  static override summary = 'Take the state away from a run that is stuck.'
  static override description =
    'Rarely needed: a run that died is found out by itself. A run that is forced out writes nothing more, even if it wakes up again.'
  static override args = {
    id: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'The id of the run, as the message about the lock shows it.',
    }),
  }
  static override flags = {
    force: Flags.boolean({ description: 'Do not ask.' }),
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { args, flags } = await this.parse(ForceUnlock)
    return inSession(flags, {}, async (session) => {
      if (!flags.force && (session.json || !session.interactive))
        throw new Failure(
          error('commands/no-approval', 'Nobody can be asked for approval', {
            detail: 'There is no terminal to ask on.',
            help: 'Add --force, if you are sure that the run is not working any more.',
          }),
        )
      const { approve } = await import('./shell/approval.js')
      return inWorkspace(session, async (workspace) => {
        const question = {
          title: 'Do you really want to force-unlock?',
          lines: [
            'The run that holds the state will not be able to record what it does any more.',
            "Only 'yes' will be accepted to confirm.",
          ],
        }
        if (!flags.force && !(await approve(session, question))) {
          session.terminal.err('force-unlock cancelled.\n')
          return 1
        }
        const holder = await workspace.forceUnlock(args.id)
        const was = `${holder.operation} by ${holder.who}, since ${holder.created}`
        session.out(
          session.json
            ? `${JSON.stringify({ unlocked: { ...holder } })}\n`
            : `Rolecall state has been successfully unlocked!\n\nIt was held by: ${escapeLine(was)}.\nWhat that run had in flight is looked up by the next apply.\n`,
        )
        return 0
      })
    })
  }
}
