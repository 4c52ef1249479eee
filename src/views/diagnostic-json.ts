import { isCovered } from '../core/cover.js'
import type { Diagnostic, Position, Span } from '../core/diagnostic.js'
import type { JsonObject } from '../core/json.js'
import { excerptOf, type Sources } from './source-excerpt.js'

/**
 * A message in Terraform's diagnostic format (`validate -json`, `-json` events), with three keys of our own: `code`, which is
 * stable, `help`, and `address` where it is about one object.
 */
export function diagnosticJson(diagnostic: Diagnostic, sources: Sources): JsonObject {
  const { severity, summary, detail, code, help, address, span } = diagnostic
  const result: Record<string, JsonObject[string]> = { severity, summary, detail: detail ?? '' }
  if (address !== undefined) result.address = address
  if (span !== undefined) {
    const text = sources.get(span.file)
    result.range = {
      filename: span.file,
      start: place(span.start, text),
      // Where a secret ends says how long it is.
      end: place(hidesSecret(span, text) ? span.start : span.end, text),
    }
    const excerpt = excerptOf(span, sources)
    if (excerpt !== undefined) {
      const start = Buffer.byteLength(excerpt.before)
      result.snippet = {
        context: excerpt.context ?? null,
        code: excerpt.before + excerpt.marked + excerpt.after,
        start_line: span.start.line,
        highlight_start_offset: start,
        highlight_end_offset: start + Buffer.byteLength(excerpt.marked),
        values: [],
      }
    }
  }
  result.code = code
  if (help !== undefined) result.help = help
  return result
}

/** What `validate --json` prints. */
export function validationJson(diagnostics: readonly Diagnostic[], sources: Sources): JsonObject {
  const errors = diagnostics.filter((d) => d.severity === 'error').length
  return {
    format_version: '1.0',
    valid: errors === 0,
    error_count: errors,
    warning_count: diagnostics.length - errors,
    diagnostics: diagnostics.map((d) => diagnosticJson(d, sources)),
  }
}

function hidesSecret({ start, end }: Span, text: string | undefined): boolean {
  return text !== undefined && isCovered(text.slice(start.offset, end.offset))
}

/** `byte` counts UTF-8 bytes from 0; without the text it is not known, and the UTF-16 index stands for it. */
function place(position: Position, text: string | undefined): JsonObject {
  const byte = text === undefined ? position.offset : Buffer.byteLength(text.slice(0, position.offset))
  return { line: position.line, column: position.column, byte }
}
