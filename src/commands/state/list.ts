import * as Args from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { blockOf, formatAddress, parseAddress } from '../../core/address.js'
import { rowKey } from '../../core/state.js'
import { escapeLine } from '../../views/escape.js'
import { globalFlags } from '../shell/flags.js'
import { inSession, inWorkspace } from '../shell/session.js'

export default class StateList extends Command {
  static override summary = 'List the addresses of the recorded objects.'
  static override strict = false
  static override args = {
    addresses: Args.string({ ignoreStdin: true, description: 'Only these, or the instances of these.' }),
  }
  static override flags = {
    id: Flags.string({ helpValue: 'ID', description: 'Only objects with this id.' }),
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { argv, flags } = await this.parse(StateList)
    const wanted = argv.map((text) => {
      const parts = parseAddress(String(text))
      return parts === undefined ? String(text) : formatAddress(parts)
    })
    return inSession(flags, {}, (session) =>
      inWorkspace(session, async (workspace) => {
        const { state } = await workspace.readState()
        const names = [...state.rows.values()]
          .filter((row) => flags.id === undefined || row.id === flags.id)
          .filter(
            ({ address }) =>
              wanted.length === 0 || wanted.some((w) => w === address || w === blockOf(address)),
          )
          .map(rowKey)
        session.out(
          session.json ? `${JSON.stringify(names)}\n` : names.map((name) => `${escapeLine(name)}\n`).join(''),
        )
        return 0
      }),
    )
  }
}
