import * as Args from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { blockOf, formatAddress, parseAddress } from '../../core/address.js'
import { error, Failure } from '../../core/diagnostic.js'
import { nearest } from '../../core/nearest.js'
import { globalFlags } from '../shell/flags.js'
import { inSession, inWorkspace } from '../shell/session.js'

export default class StateShow extends Command {
  static override summary = 'Show what is recorded of one object.'
  static override args = {
    address: Args.string({ required: true, ignoreStdin: true, description: 'Its address.' }),
  }
  static override flags = globalFlags

  async run(): Promise<number> {
    const { args, flags } = await this.parse(StateShow)
    const parts = parseAddress(args.address)
    const wanted = parts === undefined ? args.address : formatAddress(parts)
    return inSession(flags, {}, (session) =>
      inWorkspace(session, async (workspace) => {
        const { state } = await workspace.readState()
        // A deposed object has no address of its own: `state list` shows how it is called.
        const row = state.rows.get(wanted) ?? state.rows.get(args.address)
        if (row === undefined) {
          const near = [...state.rows.values()].find((each) => blockOf(each.address) === wanted)?.address
          const meant = near ?? nearest(wanted, state.rows.keys())
          throw new Failure(
            error('commands/no-such-row', 'No instance found for the given address', {
              detail: `The state has nothing at ${wanted}.`,
              help:
                meant === undefined ? '"rolecall state list" shows what it has.' : `Did you mean ${meant}?`,
            }),
          )
        }
        if (session.json) {
          const [{ rowJson }, { jsonText }] = await Promise.all([
            import('../../views/state-json.js'),
            import('../../views/json-text.js'),
          ])
          session.out(`${jsonText(rowJson(row), 2)}\n`)
        } else {
          const { rowText } = await import('../../views/row-text.js')
          session.out(rowText(row, session.terminal.outStyle))
        }
        return 0
      }),
    )
  }
}
