import type { Diagnostic, Span } from '../../core/diagnostic.js'

/** What reading the files has found already, before anything was evaluated. */
export interface Known {
  readonly diagnostics: readonly Diagnostic[]
  /** What nobody knows the value of: `var.x`, `local.x`, `trifacta_person.jane`. */
  readonly doubtful: ReadonlySet<string>
}

export const nothingKnown: Known = { diagnostics: [], doubtful: new Set() }

/** Mistakes of references that are declared but used in a wrong way: evaluating stumbles over them once more, somewhere around. */
const misused: ReadonlySet<string> = new Set([
  'lang/incomplete-reference',
  'lang/missing-key',
  'lang/unknown-attribute',
  'lang/unwanted-key',
])

/**
 * Tells whether a mistake found by evaluating is a known one met again: it stands where that one stands, or around it. `heads` are the
 * places of whole blocks: what is reported there can be many things, so only the same words are the same mistake.
 */
export function followUps(
  { diagnostics }: Known,
  heads: Iterable<Span | undefined>,
): (found: Diagnostic) => boolean {
  const byFile = new Map<string, Diagnostic[]>()
  for (const one of diagnostics) {
    if (one.severity !== 'error' || one.span === undefined) continue
    const others = byFile.get(one.span.file)
    if (others === undefined) byFile.set(one.span.file, [one])
    else others.push(one)
  }
  const blocks = new Set<string>()
  for (const span of heads) if (span !== undefined) blocks.add(keyOf(span))
  return ({ code, detail, span }) => {
    if (span === undefined) return false
    const there = byFile.get(span.file) ?? []
    if (blocks.has(keyOf(span)))
      return there.some(
        (one) => one.code === code && one.detail === detail && keyOf(one.span) === keyOf(span),
      )
    return there.some((one) => {
      const place = one.span as Span
      if (within(span, place)) return true
      return within(place, span) && (one.code === code || misused.has(one.code) || isSyntax(one.code))
    })
  }
}

function isSyntax(code: string): boolean {
  return /^(?:hcl\/|lang\/yaml-)/.test(code)
}

function within(inner: Span, outer: Span): boolean {
  return outer.start.offset <= inner.start.offset && inner.end.offset <= outer.end.offset
}

function keyOf(span: Span | undefined): string {
  return `${span?.file}:${span?.start.offset}`
}
