import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { UsageError } from '../../shell/argv.js'
import { globalFlags } from '../../shell/flags.js'
import { planeFlags } from '../../shell/plane-flags.js'
import { inSession } from '../../shell/session.js'
import { withTokens } from '../../shell/token-store.js'

export default class ServeTokenCreate extends Command {
  static override summary = 'Make a token for callers of the control plane.'
  static override description =
    'Writes the token to stdout. It is shown only now: the database keeps no more than its hash. From the first token on, a control plane asks all callers for one.'
  static override examples = [
    '<%= config.bin %> serve token create --system=vault --scope=read --scope=write --name=ci --expires=90d',
  ]
  static override flags = {
    system: Flags.option({
      options: ['trifacta', 'vault', 'tines', 'outerproduct'] as const,
      required: true,
      description: 'Which of the APIs it opens.',
    })(),
    scope: Flags.option({
      options: ['read', 'write', 'issue'] as const,
      required: true,
      multiple: true,
      multipleNonGreedy: true,
      description: 'What it allows: to read, to change, or to be handed credentials. May be repeated.',
    })(),
    name: Flags.string({
      helpValue: 'NAME',
      default: 'default',
      description:
        'In whose name its calls are made. A token that is to replace another one has the same name.',
    }),
    expires: Flags.string({
      helpValue: 'DURATION',
      description: 'How long it may be used, such as 12h or 90d (default: until it is revoked).',
    }),
    ...planeFlags,
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(ServeTokenCreate)
    if (!/^[\w.@-]{1,64}$/.test(flags.name))
      throw new UsageError(
        `--name ${JSON.stringify(flags.name)}: a name has up to 64 letters, digits and characters of ._@-`,
      )
    const days = flags.expires === undefined ? undefined : parseDays(flags.expires)
    return inSession(flags, {}, (session) =>
      withTokens(session, flags, async (tokens) => {
        const { text, info } = await tokens.create({
          system: flags.system,
          name: flags.name,
          scopes: [...new Set(flags.scope)],
          ...(days !== undefined && { days }),
        })
        session.out(session.json ? `${JSON.stringify({ token: text, ...info })}\n` : `${text}\n`)
        return 0
      }),
    )
  }
}

function parseDays(text: string): number {
  const [, amount, unit] = /^([1-9]\d{0,4})([hd])$/.exec(text) ?? []
  if (amount === undefined)
    throw new UsageError(`--expires ${JSON.stringify(text)}: write hours or days, like 12h or 90d.`)
  return Number(amount) / (unit === 'h' ? 24 : 1)
}
