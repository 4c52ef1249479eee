import { Command } from '@oclif/core/command'
import type { TokenInfo } from '../../../app.js'
import { globalFlags } from '../../shell/flags.js'
import { planeFlags } from '../../shell/plane-flags.js'
import { inSession } from '../../shell/session.js'
import { withTokens } from '../../shell/token-store.js'

export default class ServeTokenList extends Command {
  static override summary = 'List the tokens of the control plane.'
  static override description =
    'Shows what they allow and whether they still do: never the tokens themselves, which nobody has but those who were given them.'
  static override flags = { ...planeFlags, ...globalFlags }

  async run(): Promise<number> {
    const { flags } = await this.parse(ServeTokenList)
    return inSession(flags, {}, (session) =>
      withTokens(session, flags, async (tokens) => {
        const all = await tokens.list()
        session.out(
          session.json ? `${JSON.stringify(all)}\n` : table(all, session.ambient.now().toISOString()),
        )
        return 0
      }),
    )
  }
}

function table(tokens: readonly TokenInfo[], now: string): string {
  if (tokens.length === 0) return 'There are no tokens: whoever is on this machine may call.\n'
  const rows = [
    ['ID', 'SYSTEM', 'NAME', 'SCOPES', 'CREATED', 'STATUS'],
    ...tokens.map((token) => [
      token.id,
      token.system,
      token.name,
      token.scopes.join(','),
      token.createdAt.slice(0, 10),
      status(token, now),
    ]),
  ]
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

function status({ revokedAt, expiresAt }: TokenInfo, now: string): string {
  if (revokedAt !== null) return `revoked ${revokedAt.slice(0, 10)}`
  if (expiresAt === null) return 'valid'
  return expiresAt <= now ? `expired ${expiresAt.slice(0, 10)}` : `valid until ${expiresAt.slice(0, 10)}`
}
