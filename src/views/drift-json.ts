import type { Diagnostic } from '../core/diagnostic.js'
import type { Drift, Recovered } from '../core/plan.js'
import { diagnosticJson } from './diagnostic-json.js'
import type { Writable } from './json-text.js'
import { ownDrift } from './plan-json.js'
import type { Sources } from './source-excerpt.js'

/** What `drift --json` writes. `in_sync` says the same as the exit code. */
export function driftReportJson(
  report: {
    readonly drift: readonly Drift[]
    readonly recovered: readonly Recovered[]
    readonly diagnostics: readonly Diagnostic[]
  },
  sources: Sources,
): Writable {
  return {
    format_version: '1.0',
    in_sync: report.drift.length === 0,
    drift: report.drift.map(ownDrift),
    recovered: report.recovered.map((each) => ({ ...each })),
    diagnostics: report.diagnostics.map((each) => diagnosticJson(each, sources)),
  }
}
