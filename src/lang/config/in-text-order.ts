import type { Diagnostic } from '../../core/diagnostic.js'
import { compareCodePoints } from '../../core/type.js'

/** By file and place; what has no place comes last. */
export function inTextOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => {
    if (a.span === undefined || b.span === undefined)
      return Number(a.span === undefined) - Number(b.span === undefined)
    return compareCodePoints(a.span.file, b.span.file) || a.span.start.offset - b.span.start.offset
  })
}
