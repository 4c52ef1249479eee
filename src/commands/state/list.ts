import * as Args from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { blockOf, formatAddress, parseAddress } from '../../core/address.js'
import { type Diagnostic, error, Failure } from '../../core/diagnostic.js'
import { nearest } from '../../core/nearest.js'
import { type Row, rowKey } from '../../core/state.js'
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
        const rows = [...state.rows.values()]
        const unknown = wanted.filter((name) => !rows.some((row) => isAt(row, name)))
        if (unknown.length > 0) throw new Failure(unknown.map((name) => notThere(name, rows)))
        const names = rows
          .filter((row) => flags.id === undefined || row.id === flags.id)
          .filter((row) => wanted.length === 0 || wanted.some((name) => isAt(row, name)))
          .map(rowKey)
        session.out(
          session.json ? `${JSON.stringify(names)}\n` : names.map((name) => `${escapeLine(name)}\n`).join(''),
        )
        return 0
      }),
    )
  }
}

/** Is it the object of this name, or one of the instances of the block? */
function isAt(row: Row, name: string): boolean {
  return name === row.address || name === blockOf(row.address) || name === rowKey(row)
}

function notThere(name: string, rows: readonly Row[]): Diagnostic {
  const meant = nearest(name, new Set(rows.flatMap(({ address }) => [address, blockOf(address)])))
  return error('commands/no-such-row', 'No instance found for the given address', {
    detail: `The state has nothing at ${name}.`,
    help: meant === undefined ? '"rolecall state list" shows what it has.' : `Did you mean ${meant}?`,
  })
}
