import { openWorkspace } from '../../src/app.js'
import { type Diagnostic, Failure } from '../../src/core/diagnostic.js'

type Command = 'validate' | 'plan' | 'drift' | 'import'

/** All errors of a folder, as each of the commands tells them. */
export async function told(
  folder: string,
  commands: readonly Command[] = ['validate', 'plan'],
): Promise<readonly (readonly Diagnostic[])[]> {
  const workspace = await openWorkspace({
    cwd: folder,
    env: {},
    now: () => new Date(0),
    stop: new AbortController().signal,
    progress: () => {},
  })
  const run = {
    validate: () => workspace.validate({}),
    plan: () => workspace.plan({}).then(({ plan }) => plan.diagnostics, diagnosticsOf),
    drift: () => workspace.drift({}).then(({ diagnostics }) => diagnostics, diagnosticsOf),
    import: () => workspace.import('trifacta_person.missing', '1', {}).then(() => [], diagnosticsOf),
  }
  const found: Diagnostic[][] = []
  for (const command of commands)
    found.push((await run[command]()).filter(({ severity }) => severity === 'error'))
  await workspace.close()
  return found
}

function diagnosticsOf(cause: unknown): readonly Diagnostic[] {
  if (!(cause instanceof Failure)) throw cause
  return cause.diagnostics
}
