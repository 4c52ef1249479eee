import * as Args from '@oclif/core/args'
import { Command } from '@oclif/core/command'
import { globalFlags } from './shell/flags.js'
import { inSession, inWorkspace, type Session } from './shell/session.js'

export default class Show extends Command {
  static override summary = 'Show a saved plan, or what the state records.'
  static override description =
    'With --json: in the documented form that policy tools read. Secrets are never in it, only their fingerprints.'
  static override args = {
    plan: Args.string({ ignoreStdin: true, description: 'A plan that "rolecall plan --out" has written.' }),
  }
  static override flags = globalFlags

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Show)
    return inSession(flags, {}, (session) =>
      args.plan === undefined ? showState(session) : showPlan(session, args.plan),
    )
  }
}

async function showPlan(session: Session, file: string): Promise<number> {
  const [{ readPlanFile }, { openSavedPlan }] = await Promise.all([
    import('./shell/plan-file.js'),
    import('../app.js'),
  ])
  const { plan, ...facts } = await openSavedPlan(await readPlanFile(session.ambient.cwd, file))
  if (session.json) {
    const [{ planJson }, { jsonText }] = await Promise.all([
      import('../views/plan-json.js'),
      import('../views/json-text.js'),
    ])
    session.out(`${jsonText(planJson(plan, facts))}\n`)
  } else {
    const { planText } = await import('../views/plan-text.js')
    session.out(planText(plan, session.terminal.outStyle))
  }
  return 0
}

async function showState(session: Session): Promise<number> {
  return inWorkspace(session, async (workspace) => {
    const { state } = await workspace.readState()
    if (session.json) {
      const [{ stateJson }, { jsonText }, { version }] = await Promise.all([
        import('../views/state-json.js'),
        import('../views/json-text.js'),
        import('./shell/version.js'),
      ])
      session.out(`${jsonText(stateJson(state, version()))}\n`)
      return 0
    }
    const { stateText } = await import('../views/row-text.js')
    session.out(stateText(state, session.terminal.outStyle))
    return 0
  })
}
