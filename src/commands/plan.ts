import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import { hasErrors } from '../core/diagnostic.js'
import { hasChanges } from '../core/plan.js'
import type { ProbeResult } from '../core/probed.js'
import { escapeLine } from '../views/escape.js'
import { liveRunText } from '../views/live-run.js'
import type { Sources } from '../views/source-excerpt.js'
import { UsageError } from './shell/argv.js'
import { globalFlags, planningFlags, planOptions, probeFlags } from './shell/flags.js'
import { inSession, inWorkspace, type Session } from './shell/session.js'

export default class Plan extends Command {
  static override summary = 'Show what differs from what the services have.'
  static override description =
    'Compares the configuration with what the services really have, and writes nothing.'
  static override examples = [
    '<%= config.bin %> plan',
    '<%= config.bin %> plan --out=p.plan && <%= config.bin %> apply p.plan',
    '<%= config.bin %> plan --target=\'trifacta_person.engineer["jane"]\'',
  ]
  static override flags = {
    out: Flags.string({ helpValue: 'FILE', description: 'Save the plan, to apply exactly it.' }),
    'detailed-exitcode': Flags.boolean({
      description: 'Exit with 2 if there are changes, 0 if there are none, 1 after an error.',
    }),
    probe: Flags.boolean({
      description:
        'Also try the accesses that the plan makes or changes, as far as they are known: one that would not work fails the plan.',
    }),
    ...probeFlags,
    lock: Flags.boolean({ hidden: true, allowNo: true, default: true }),
    ...planningFlags,
    ...globalFlags,
  }

  async run(): Promise<number> {
    const { flags, raw } = await this.parse(Plan)
    const options = planOptions(flags, raw)
    if (!flags.probe && (flags['confirm-owner'] || flags['untrusted-ok']))
      throw new UsageError('--confirm-owner and --untrusted-ok need --probe.')
    if (flags.out === '') throw new UsageError('--out needs the name of a file.')
    return inSession(flags, { streams: true }, (session) =>
      inWorkspace(session, async (workspace) => {
        const { plan, sources, live, save, givenAgain, probed } = await workspace.plan({
          ...options,
          probe: flags.probe,
          confirmOwner: flags['confirm-owner'],
          untrustedOk: flags['untrusted-ok'],
        })
        const differs = hasChanges(plan) || (plan.mode === 'refresh-only' && plan.drift.length > 0)
        const { planText, nextStepText } = await import('../views/plan-text.js')
        if (session.events === undefined) {
          session.out(`\n${planText(plan, session.terminal.outStyle)}`)
          if (live !== undefined) session.terminal.err(liveRunText(live))
        } else session.events.planned(plan)
        session.tell(plan.diagnostics, sources)
        if (probed !== undefined && (await tellProbed(session, probed, sources))) return 1
        if (flags.out !== undefined) {
          const { writePlanFile } = await import('./shell/plan-file.js')
          writePlanFile(session.ambient.cwd, flags.out, save())
        }
        if (session.events === undefined && (differs || flags.out !== undefined))
          session.out(nextStepText(flags.out, flags.out === undefined ? [] : givenAgain()))
        return flags['detailed-exitcode'] && differs ? 2 : 0
      }),
    )
  }
}

/** Tells what probing the plan found, and whether an access would not work: then no plan is saved. */
async function tellProbed(session: Session, probed: ProbeResult, sources: Sources): Promise<boolean> {
  const [{ probeDiagnostics }, { caveatOf, summaryOf }] = await Promise.all([
    import('../views/probe-diagnostics.js'),
    import('../views/probe-text.js'),
  ])
  const diagnostics = probeDiagnostics(probed)
  session.tell(diagnostics, sources)
  if (session.events === undefined) {
    for (const { address, skipped } of probed.accesses)
      if (skipped !== undefined)
        session.terminal.err(`${escapeLine(address)}: not probed: ${escapeLine(skipped)}\n`)
    const caveat = caveatOf(probed)
    session.terminal.err(`\n${summaryOf(probed)}\n${caveat === '' ? '' : `${caveat}\n`}`)
  } else session.events.probed(probed)
  return hasErrors(diagnostics)
}
