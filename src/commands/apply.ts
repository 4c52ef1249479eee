import * as Args from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { UsageError } from './shell/argv.js'
import { globalFlags, planningFlags, planOptions, type RawFlag } from './shell/flags.js'
import { inSession, inWorkspace } from './shell/session.js'

export default class Apply extends Command {
  static override summary = 'Make the services match the configuration.'
  static override description =
    'Plans, shows the plan, asks, and carries it out in dependency order. With a saved plan it carries out exactly that, without asking.'
  static override examples = ['<%= config.bin %> apply', '<%= config.bin %> apply p.plan']
  static override args = {
    plan: Args.string({ ignoreStdin: true, description: 'A plan that "rolecall plan --out" has written.' }),
  }
  static override flags = {
    'auto-approve': Flags.boolean({ description: 'Do not ask.' }),
    ...planningFlags,
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { args, flags, raw } = await this.parse(Apply)
    const options = planOptions(flags, raw)
    const file = args.plan
    if (file !== undefined) refusePlanning(raw)
    return inSession(flags, { streams: true }, async (session) => {
      const { applyAndReport, requireApproval } = await import('./shell/applying.js')
      const { applyQuestion, destroyQuestion } = await import('./shell/approval.js')
      const approved = flags['auto-approve'] || file !== undefined
      requireApproval(session, 'apply', approved)
      const saved =
        file === undefined
          ? undefined
          : await (await import('./shell/plan-file.js')).readPlanFile(session.ambient.cwd, file)
      return inWorkspace(session, (workspace) =>
        applyAndReport(session, workspace, {
          options: { ...options, ...(saved !== undefined && { saved }) },
          approved,
          question: flags.destroy ? destroyQuestion : applyQuestion,
          cancelled: flags.destroy ? 'Destroy cancelled.' : 'Apply cancelled.',
        }),
      )
    })
  }
}

/** What a saved plan has decided. Values of sensitive variables are given again: a plan holds no secret. */
const decided = new Set([
  'destroy',
  'refresh-only',
  'refresh',
  'replace',
  'adopt',
  'rebind',
  'allow-deletes',
  'target',
  'exclude',
])

function refusePlanning(raw: readonly RawFlag[]): void {
  const flag = raw.find((each) => each.type === 'flag' && decided.has(each.flag ?? ''))?.flag
  if (flag !== undefined)
    throw new UsageError(`--${flag} has no place beside a saved plan: it was decided when the plan was made.`)
}
