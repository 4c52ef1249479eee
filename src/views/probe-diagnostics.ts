import { type Diagnostic, error, warning } from '../core/diagnostic.js'
import type { ProbedOutcome, ProbeResult } from '../core/probed.js'

/** What probing a plan found, as messages at the addresses: a failed access fails the plan. */
export function probeDiagnostics({ accesses }: ProbeResult): readonly Diagnostic[] {
  const all = accesses.flatMap(({ address, outcomes, span }) => {
    const fails = outcomes.some(({ severity }) => severity === 'error')
    return outcomes
      .filter(({ severity }) => severity !== 'ok')
      .map(({ class: name, severity, text, remedy }) => {
        const say = severity === 'error' ? error : warning
        return say(`probe/${name.replaceAll('_', '-')}`, `${headline(severity, fails)} (${name})`, {
          detail: `${address}: ${text}`,
          address,
          ...(remedy !== undefined && { help: remedy }),
          ...(span !== undefined && { span }),
        })
      })
  })
  // What is said of a role is said once, and not for each of its buckets.
  return all.filter((one, i) => all.findIndex((o) => o.detail === one.detail && o.code === one.code) === i)
}

/** A warning about an access that fails otherwise must not say that it works. */
function headline(severity: ProbedOutcome['severity'], fails: boolean): string {
  if (severity === 'error') return 'The access would not work'
  return fails ? 'The access has another weakness' : 'The access works, with a warning'
}
