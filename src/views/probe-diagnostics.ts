import { type Diagnostic, error, warning } from '../core/diagnostic.js'
import type { ProbeResult } from '../core/probed.js'

/** What probing a plan found, as messages at the addresses: a failed access fails the plan. */
export function probeDiagnostics({ accesses }: ProbeResult): readonly Diagnostic[] {
  const all = accesses.flatMap(({ address, outcomes, span }) =>
    outcomes
      .filter(({ severity }) => severity !== 'ok')
      .map(({ class: name, severity, text, remedy }) => {
        const say = severity === 'error' ? error : warning
        const summary =
          severity === 'error' ? 'The access would not work' : 'The access works, with a warning'
        return say(`probe/${name.replaceAll('_', '-')}`, `${summary} (${name})`, {
          detail: `${address}: ${text}`,
          address,
          ...(remedy !== undefined && { help: remedy }),
          ...(span !== undefined && { span }),
        })
      }),
  )
  // What is said of a role is said once, and not for each of its buckets.
  return all.filter((one, i) => all.findIndex((o) => o.detail === one.detail && o.code === one.code) === i)
}
