/** A place in a source file. `line` and `column` count from 1 (columns in Unicode code points); `offset` is a UTF-16 index from 0. */
export interface Position {
  readonly line: number
  readonly column: number
  readonly offset: number
}

/** A half-open range `[start, end)` of one source file. `file` is the path as the user would type it. */
export interface Span {
  readonly file: string
  readonly start: Position
  readonly end: Position
}

export type Severity = 'error' | 'warning'

/**
 * What the user is told. `summary` is constant for a `code`; `detail` is specific to this occurrence; `help` says what to do.
 * Codes are stable (`lang/unknown-attribute`, `engine/prevent-destroy`, …): folder, slash, kebab-case name. Tests may rely on them.
 */
export interface Diagnostic {
  readonly severity: Severity
  readonly code: string
  readonly summary: string
  readonly detail?: string
  readonly help?: string
  readonly span?: Span
  readonly address?: string
}

/** Everything about a diagnostic but its severity, code and summary. */
export type DiagnosticPlace = Omit<Diagnostic, 'severity' | 'code' | 'summary'>

export function error(code: string, summary: string, place: DiagnosticPlace = {}): Diagnostic {
  return { severity: 'error', code, summary, ...place }
}

export function warning(code: string, summary: string, place: DiagnosticPlace = {}): Diagnostic {
  return { severity: 'warning', code, summary, ...place }
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error')
}

/** Thrown, once, by a stage that cannot go on. What is wrong is in `diagnostics`; a bug is a plain `Error` instead. */
export class Failure extends Error {
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[] | Diagnostic, options?: ErrorOptions) {
    const all = 'severity' in diagnostics ? [diagnostics] : diagnostics
    super(all.map((d) => d.summary + (d.detail === undefined ? '' : `: ${d.detail}`)).join('\n'), options)
    this.name = 'Failure'
    this.diagnostics = all
  }
}

/** Throws a `Failure` if any of the diagnostics is an error. */
export function failOnErrors(diagnostics: readonly Diagnostic[]): void {
  if (hasErrors(diagnostics)) throw new Failure(diagnostics)
}
