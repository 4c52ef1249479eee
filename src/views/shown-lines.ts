import { ExactNumber, Fingerprint, Pending, type Shown, type ShownObject } from '../core/plan.js'
import { isSequence, isShownObject } from '../core/shown-codec.js'
import { compareCodePoints } from '../core/type.js'
import { columns, escapeLine, objectKey, padColumns, quote } from './escape.js'
import type { Style } from './style.js'

/** What happens to a line: added, removed, changed, or there for orientation. */
export type Mark = '+' | '-' | '~' | ' '

/** A line of a plan. `indent` is the column of the mark; the text begins two columns further right. */
export interface Line {
  readonly mark: Mark
  readonly indent: number
  readonly text: string
}

/** A value as text: what stands behind `name = `, and the lines that follow. */
export interface Rendered {
  readonly mark: Mark
  readonly first: string
  readonly rest: readonly Line[]
}

/** Deeper values are cut, before they exhaust the stack or the reader. */
const deepest = 64

/** A value that is there as a whole, every line of it with the same mark. `indent` is that of the line it begins on. */
export function wholeValue(value: Shown, mark: Mark, indent: number, depth = 0): Rendered {
  if (isSequence(value)) return wholeList(value, mark, indent, depth)
  if (isShownObject(value)) return wholeObject(value, mark, indent, depth)
  if (typeof value === 'string' && isHeredoc(value)) {
    const lines = heredocLines(value).map((text): Line => ({ mark, indent: indent + 4, text }))
    return { mark, first: '<<-EOT', rest: [...lines, { mark: ' ', indent, text: 'EOT' }] }
  }
  return { mark, first: leafText(value), rest: [] }
}

function wholeList(values: readonly Shown[], mark: Mark, indent: number, depth: number): Rendered {
  if (values.length === 0) return { mark, first: '[]', rest: [] }
  if (depth >= deepest) return { mark, first: '[ … ]', rest: [] }
  const rest = values.flatMap((value) =>
    elementLines(wholeValue(value, mark, indent + 4, depth + 1), indent + 4),
  )
  return { mark, first: '[', rest: [...rest, { mark: ' ', indent, text: ']' }] }
}

function wholeObject(value: ShownObject, mark: Mark, indent: number, depth: number): Rendered {
  if (value.size === 0) return { mark, first: '{}', rest: [] }
  if (depth >= deepest) return { mark, first: '{ … }', rest: [] }
  const attributes = [...value]
    .sort((a, b) => compareCodePoints(a[0], b[0]))
    .map(([name, each]): NamedValue => [name, wholeValue(each, mark, indent + 4, depth + 1)])
  return {
    mark,
    first: '{',
    rest: [...attributeLines(attributes, indent + 4), { mark: ' ', indent, text: '}' }],
  }
}

/** A value that is not a container, on one line. Secrets and what is known after apply show as words in parentheses. */
export function leafText(value: Shown): string {
  if (value instanceof Fingerprint) return '(sensitive value)'
  if (value instanceof Pending) return '(known after apply)'
  if (value instanceof ExactNumber) return escapeLine(value.text)
  if (typeof value === 'string') return quote(value)
  return String(value)
}

export type NamedValue = readonly [name: string, value: Rendered]

/** Attributes on lines of their own, the equals signs in one column. */
export function attributeLines(attributes: readonly NamedValue[], indent: number): Line[] {
  const keys = attributes.map(([name]) => objectKey(name))
  const width = keys.reduce((widest, key) => Math.max(widest, columns(key)), 0)
  return attributes.flatMap(([, { mark, first, rest }], i) => [
    { mark, indent, text: `${padColumns(keys[i] ?? '', width)} = ${first}` },
    ...rest,
  ])
}

/** An element of a list: its last line ends with a comma. */
export function elementLines(element: Rendered, indent: number): Line[] {
  return append([{ mark: element.mark, indent, text: element.first }, ...element.rest], ',')
}

/** The lines with a text after the last one. */
export function append(lines: readonly Line[], text: string): Line[] {
  const last = lines.at(-1)
  return last === undefined ? [] : [...lines.slice(0, -1), { ...last, text: last.text + text }]
}

/** Whether a string is shown as lines of its own. */
export function isHeredoc(text: string): boolean {
  return text.includes('\n') && text.trim() !== ''
}

/** The lines of a string of several lines. */
export function heredocLines(text: string): string[] {
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n').map(escapeLine)
}

/** A value as text alone, without marks: for outputs, `state show`, and documents compared line by line. */
export function plainLines(value: Shown): string[] {
  const { first, rest } = wholeValue(value, ' ', -2)
  return [first, ...rest.map((line) => ' '.repeat(line.indent + 2) + line.text)]
}

/** Lines as text, marks in their colours. */
export function linesText(lines: readonly Line[], style: Style): string {
  return lines.map((line) => `${lineText(line, style)}\n`).join('')
}

function lineText({ mark, indent, text }: Line, style: Style): string {
  if (text.startsWith('# (') && mark === ' ') return `${' '.repeat(indent + 2)}${style.dim(text)}`
  // An empty line of a text leaves no spaces behind.
  return `${' '.repeat(indent)}${markText(mark, style)} ${text}`.trimEnd()
}

export function markText(mark: Mark, style: Style): string {
  switch (mark) {
    case '+':
      return style.green(mark)
    case '-':
      return style.red(mark)
    case '~':
      return style.yellow(mark)
    case ' ':
      return mark
  }
}
