import type { ApplyOptions, Planned, Workspace } from '../../app.js'
import { type Diagnostic, error, Failure } from '../../core/diagnostic.js'
import type { Applied } from '../../core/plan.js'
import { approve, type Question } from './approval.js'
import type { Session } from './session.js'

export interface Applying {
  readonly options: Omit<ApplyOptions, 'confirm'>
  /** Approved already, by a flag or by having made a plan file. */
  readonly approved: boolean
  readonly question: Question
  /** What is said when the answer is no. */
  readonly cancelled: string
}

/** Plans, shows, asks, applies and reports. Returns the exit code. */
export async function applyAndReport(
  session: Session,
  workspace: Workspace,
  { options, approved, question, cancelled }: Applying,
): Promise<number> {
  const [{ planText }, { appliedText, isComplete }] = await Promise.all([
    import('../../views/plan-text.js'),
    import('../../views/applied-text.js'),
  ])
  const style = session.terminal.outStyle
  const told = new Set<Diagnostic>()
  let shown = false
  const show = (plan: Planned['plan']): void => {
    shown = true
    if (session.events === undefined) session.out(`\n${planText(plan, style)}`)
    else session.events.planned(plan)
    tellOnce(session, workspace, plan.diagnostics, told)
  }
  const applied = await workspace.apply({
    ...options,
    async confirm({ plan }) {
      show(plan)
      return approved || (await approve(session, question))
    },
  })
  if (applied === undefined) {
    session.terminal.err(
      `${session.ambient.stop.aborted ? 'Interrupted before anything was changed.' : cancelled}\n`,
    )
    return 1
  }
  if (!shown) show(applied.plan)
  tellOnce(session, workspace, applied.diagnostics, told)
  report(session, applied, appliedText)
  return isComplete(applied) ? 0 : 1
}

function report(
  session: Session,
  applied: Applied,
  text: typeof import('../../views/applied-text.js').appliedText,
): void {
  if (session.events === undefined) session.out(text(applied, session.terminal.outStyle))
  else session.events.applied(applied)
}

function tellOnce(
  session: Session,
  workspace: Workspace,
  diagnostics: readonly Diagnostic[],
  told: Set<Diagnostic>,
): void {
  const fresh = diagnostics.filter((each) => !told.has(each))
  for (const each of fresh) told.add(each)
  session.tell(fresh, workspace.sources)
}

/** Refuses, before anything is read, what could only end at a question that nobody answers. */
export function requireApproval(session: Session, command: string, approved: boolean): void {
  if (approved) return
  const failure = (detail: string) =>
    new Failure(
      error('commands/no-approval', 'Nobody can be asked for approval', {
        detail,
        help: `Add --auto-approve, or review a plan first: "rolecall plan --out=FILE", then "rolecall apply FILE".${
          command === 'apply' ? '' : ' (With "rolecall plan --destroy".)'
        }`,
      }),
    )
  if (session.json) throw failure('With --json there is no question.')
  if (!session.interactive)
    throw failure('There is no terminal to ask on (or CI or --input=false says not to ask).')
}
