import type { Diagnostic } from '../../core/diagnostic.js'
import { diagnosticJson } from '../../views/diagnostic-json.js'
import type { Sources } from '../../views/source-excerpt.js'

/** Messages with the texts that they point into. */
export interface Told {
  readonly diagnostics: readonly Diagnostic[]
  readonly sources: Sources
}

/** The commands of which `--json` is a stream of events; that of all others is one document. */
export const streaming: ReadonlySet<string> = new Set(['apply', 'destroy', 'plan'])

/** What stands in the place of the document of a command that came to none: one line, so that it fits among lines too. */
export function diagnosticsDocument(told: readonly Told[]): string {
  const diagnostics = told.flatMap((each) => each.diagnostics.map((one) => diagnosticJson(one, each.sources)))
  return `${JSON.stringify({ format_version: '1.0', diagnostics })}\n`
}
