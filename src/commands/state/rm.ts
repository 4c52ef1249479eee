import * as Args from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { error, Failure } from '../../core/diagnostic.js'
import { escapeLine } from '../../views/escape.js'
import { UsageError } from '../shell/argv.js'
import { globalFlags, lockFlags, parseDuration } from '../shell/flags.js'
import { inSession, inWorkspace } from '../shell/session.js'

export default class StateRm extends Command {
  static override summary = 'Drop the records of objects, and leave the objects alone.'
  static override description =
    'While an object is still declared, the next plan adopts it again. In a reviewed configuration a "removed" block does the same, visibly.'
  static override strict = false
  static override args = {
    addresses: Args.string({ required: true, ignoreStdin: true, description: 'Addresses.' }),
  }
  static override flags = {
    'dry-run': Flags.boolean({ description: 'Only tell what would be dropped.' }),
    ...lockFlags,
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { argv, flags } = await this.parse(StateRm)
    const addresses = argv.map(String)
    if (addresses.length === 0) throw new UsageError('At least one address is needed.')
    const timeout = flags['lock-timeout']
    const lockTimeout = timeout === undefined ? undefined : parseDuration(timeout)
    return inSession(flags, {}, (session) =>
      inWorkspace(session, async (workspace) => {
        const dryRun = flags['dry-run'] === true
        const removed = await workspace.stateRemove(addresses, {
          dryRun,
          ...(lockTimeout !== undefined && { lockTimeout }),
        })
        if (removed.length === 0)
          throw new Failure(
            error('commands/nothing-removed', 'Invalid target address', {
              detail: `The state has nothing at ${addresses.join(', ')}.`,
              help: '"rolecall state list" shows what it has.',
            }),
          )
        if (session.json) {
          session.out(`${JSON.stringify({ dry_run: dryRun, removed })}\n`)
          return 0
        }
        session.out(
          removed
            .map((address) => `${dryRun ? 'Would remove' : 'Removed'} ${escapeLine(address)}\n`)
            .join(''),
        )
        if (!dryRun) session.out(`Successfully removed ${removed.length} resource instance(s).\n`)
        return 0
      }),
    )
  }
}
