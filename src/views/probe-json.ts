import type { Json } from '../core/json.js'
import { type ProbeResult, provesPermissionsOnly, verdictOf } from '../core/probed.js'
import { countVerdicts } from './probe-text.js'

/** What `probe --json` prints. */
export function probeJson(result: ProbeResult): Json {
  const { accesses, caller } = result
  return {
    format_version: '1.0',
    caller: caller ?? null,
    counts: countVerdicts(accesses),
    accesses: accesses.map((one) => ({
      address: one.address,
      type: one.type,
      verdict: verdictOf(one),
      identity: one.identity ?? null,
      place: one.place ?? null,
      owner: one.owner ?? null,
      became: one.became ?? null,
      region: one.region ?? null,
      assumed_by: one.assumedBy ?? null,
      proves_permissions_only: provesPermissionsOnly(one, caller),
      not_probed: one.skipped ?? null,
      milliseconds: one.milliseconds,
      outcomes: one.outcomes.map((outcome) => ({
        class: outcome.class,
        severity: outcome.severity,
        text: outcome.text,
        remedy: outcome.remedy ?? null,
        actual_region: outcome.actualRegion ?? null,
      })),
    })),
  }
}
