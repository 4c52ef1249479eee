import type { Diagnostic, Span } from '../../core/diagnostic.js'
import { nearest } from '../../core/nearest.js'
import type { BlockNode } from '../hcl/ast.js'
import type { Gaps } from './gaps.js'
import type { SchemaSource } from './schema-source.js'

/** What every part of loading needs: the schemas, and where to report. */
export interface Loading {
  readonly schemas: SchemaSource
  report(diagnostic: Diagnostic): void
  /** A secret stands here: no message shows it with its line. */
  hide(span: Span): void
  /** The comment behind this place, on its line, may hold an earlier secret. */
  hideAfter(span: Span): void
  /** What stands here is not read, so that nobody knows whether it is a secret: the names have to tell. */
  unread(span: Span): void
  /** What it is cannot be told, of `var.x` or `trifacta_person.jane`: who refers to it sees an unknown value. */
  readonly doubtful: Set<string>
  readonly gaps: Gaps
}

/** The place of a block in a message: its type and labels, not its whole body. In YAML its last label. */
export function headOf(block: BlockNode): Span {
  const last = block.labels.at(-1)?.span
  if (last === undefined) return block.typeSpan
  return last.start.line === block.typeSpan.start.line ? { ...block.typeSpan, end: last.end } : last
}

/** `main.hcl:3`, for a second place in a message. */
export function placeOf(span: Span): string {
  return `${span.file}:${span.start.line}`
}

/** `Did you mean "email"?`, or what else there is when nothing is near. */
export function suggestion(
  name: string,
  candidates: Iterable<string>,
  otherwise?: string,
): string | undefined {
  const near = nearest(name, candidates)
  return near === undefined ? otherwise : `Did you mean "${near}"?`
}

/** A field that is there only when it has a value. */
export function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V }
}

/** `resource "trifacta_person" "jane"`. */
export function nameOf(block: BlockNode): string {
  return [block.type, ...block.labels.map((label) => JSON.stringify(label.text))].join(' ')
}
