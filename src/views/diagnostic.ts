import type { Diagnostic } from '../core/diagnostic.js'
import { columns, escapeLine, escapeText } from './escape.js'
import { type Excerpt, excerptOf, type Sources } from './source-excerpt.js'
import type { Style } from './style.js'

export interface DiagnosticLayout {
  readonly style: Style
  /** Columns of the terminal, to break long sentences; absent: they are not broken, so that they can be searched for. */
  readonly width?: number
}

/**
 * A message for people: `Error: summary`, the place with its source line and a line of carets under the exact columns, the
 * detail and what to do. With colour it stands in a box, as a terminal's user is used to.
 */
export function diagnosticText(diagnostic: Diagnostic, sources: Sources, layout: DiagnosticLayout): string {
  const { style } = layout
  const tone = diagnostic.severity === 'error' ? style.red : style.yellow
  const label = diagnostic.severity === 'error' ? 'Error: ' : 'Warning: '
  const room = layout.width === undefined ? undefined : Math.max(20, layout.width - 2)
  const head = style.bold(tone(label)) + style.bold(escapeLine(diagnostic.summary))
  const lines = [head, '', ...place(diagnostic, sources, tone)]
  for (const text of [diagnostic.detail, diagnostic.help]) {
    if (text === undefined || text === '') continue
    lines.push(
      ...escapeText(text)
        .trimEnd()
        .split('\n')
        .flatMap((line) => wrap(line, room)),
      '',
    )
  }
  while (lines.at(-1) === '') lines.pop()
  if (!style.colored) return `\n${lines.join('\n')}\n`
  const boxed = lines.map((line) => (line === '' ? tone('│') : `${tone('│')} ${line}`))
  return [tone('╷'), ...boxed, tone('╵'), ''].join('\n')
}

/** All messages, errors last, so that they stand at the bottom of the screen. */
export function diagnosticsText(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  layout: DiagnosticLayout,
): string {
  const ordered = [
    ...diagnostics.filter((d) => d.severity === 'warning'),
    ...diagnostics.filter((d) => d.severity === 'error'),
  ]
  return ordered.map((d) => diagnosticText(d, sources, layout)).join('')
}

function place(diagnostic: Diagnostic, sources: Sources, tone: (text: string) => string): string[] {
  const lines: string[] = []
  if (diagnostic.address !== undefined) lines.push(`  with ${escapeLine(diagnostic.address)},`)
  const { span } = diagnostic
  if (span === undefined) return lines.length === 0 ? [] : [lines[0]!.replace(/,$/, ''), '']
  const excerpt = excerptOf(span, sources)
  const where = `  on ${escapeLine(span.file)} line ${span.start.line}`
  if (excerpt === undefined) return [...lines, where, '']
  const context = excerpt.context === undefined ? ':' : `, in ${escapeLine(excerpt.context)}:`
  return [...lines, where + context, ...sourceLines(excerpt, span.start.line, tone), '']
}

/** The longest part of a source line that is shown before and after the marked place. */
const around = 100

function sourceLines(excerpt: Excerpt, number: number, tone: (text: string) => string): string[] {
  const margin = `${String(number).padStart(4)}: `
  const shown = (text: string) => escapeLine(text.replaceAll('\t', '  '))
  const cutBefore = excerpt.before.length > around
  const before = (cutBefore ? '…' : '') + shown(excerpt.before.slice(-around))
  const marked = shown(excerpt.marked.slice(0, around))
  const after = shown(excerpt.after.slice(0, around)) + (excerpt.after.length > around ? '…' : '')
  const carets = '^'.repeat(Math.max(1, columns(marked)))
  return [
    `${margin}${before}${marked}${after}`.trimEnd(),
    `${' '.repeat(margin.length + columns(before))}${tone(carets)}`,
  ]
}

/** Breaks a line between words. Lines that begin with a space are laid out already and stay. */
function wrap(line: string, room: number | undefined): string[] {
  if (room === undefined || columns(line) <= room || line.startsWith(' ')) return [line]
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    if (current !== '' && columns(current) + 1 + columns(word) > room) {
      lines.push(current)
      current = word
    } else current = current === '' ? word : `${current} ${word}`
  }
  return [...lines, current]
}
