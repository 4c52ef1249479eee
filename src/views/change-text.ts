import { parseAddress } from '../core/address.js'
import { type Change, type FieldChange, Pending, type Shown, type ShownObject } from '../core/plan.js'
import { compareCodePoints } from '../core/type.js'
import { changeSymbol, effective, headlines } from './change-headline.js'
import { escapeLine } from './escape.js'
import { changedValue, hiddenLine } from './shown-diff.js'
import {
  attributeLines,
  type Line,
  linesText,
  type NamedValue,
  type Rendered,
  wholeValue,
} from './shown-lines.js'
import type { Style } from './style.js'

/** The attributes by which people know an object: shown even if they do not change. */
const identifying = new Set(['id', 'name', 'email'])

/** One change for people: what happens and why, and the attributes that differ. Ends with an empty line. */
export function changeText(change: Change, style: Style): string {
  const head = headlines(change).map((text) => `  # ${emphasis(text, change, style)}\n`)
  const kind = change.mode === 'data' ? 'data' : 'resource'
  const name = parseAddress(change.address)?.name ?? change.address
  const symbol = symbolText(change, style)
  const lines = [...changeLines(change), { mark: ' ', indent: 2, text: '}' } as const]
  return `${head.join('')}${symbol} ${kind} "${escapeLine(change.type)}" "${escapeLine(name)}" {\n${linesText(lines, style)}\n`
}

function emphasis(text: string, change: Change, style: Style): string {
  if (text.startsWith('!')) return style.yellow(text)
  if (text.startsWith('(') || text.startsWith('note:')) return style.dim(text)
  const strong = effective(change) === 'delete' || effective(change) === 'replace'
  return strong ? style.bold(style.red(text)) : style.bold(text)
}

/** The symbol before a block, each of its characters in its own colour. */
export function symbolText(change: Change, style: Style): string {
  const tones = new Map([
    ['+', style.green],
    ['-', style.red],
    ['~', style.yellow],
    ['<', style.cyan],
    ['=', style.cyan],
  ])
  return [...changeSymbol(change)].map((c) => tones.get(c)?.(c) ?? c).join('')
}

function changeLines(change: Change): Line[] {
  switch (effective(change)) {
    case 'create':
    case 'read':
      return wholeLines(change, change.after, '+')
    case 'delete':
      return wholeLines(change, change.before, '-')
    case 'replace':
      return differingLines(change.fields, change.before, change.after, true)
    default:
      return differingLines(change.fields, change.before, change.after)
  }
}

const column = 6

/**
 * An object that comes or goes: what was declared of it and what identifies it. The rest is what the service adds of its own:
 * of a new object it is named, because others may wait for it; of one that goes it is only counted.
 */
function wholeLines(change: Change, object: ShownObject | undefined, mark: '+' | '-'): Line[] {
  const fields = new Map(change.fields.map((field) => [field.name, field]))
  const names = [...new Set([...(object?.keys() ?? []), ...fields.keys()])].sort(compareCodePoints)
  const attributes: NamedValue[] = []
  const later: string[] = []
  let hidden = 0
  for (const name of names) {
    const field = fields.get(name)
    const value = object?.get(name) ?? (mark === '+' ? field?.after : field?.before)
    if (value === undefined || value === null) continue
    const declared = field !== undefined || fields.size === 0 || change.action === 'read'
    if (mark === '+' && !declared && value instanceof Pending) later.push(name)
    else if (mark === '-' && !declared && !identifying.has(name)) hidden++
    else {
      const [from, to] = mark === '+' ? [null, value] : [value, null]
      attributes.push([name, changedValue(from, to, column, field?.document ?? false)])
    }
  }
  return [
    ...attributeLines(attributes, column),
    ...laterLines(later),
    ...(hidden === 0
      ? []
      : [remark(`${hidden} more attribute${hidden === 1 ? '' : 's'} set by the service`)]),
  ]
}

/** Names that are listed in one comment take at most this many columns. */
const widestList = 64

/** What is known after apply and was not declared: the `id` first, and no more names than a line holds. */
function laterLines(names: readonly string[]): Line[] {
  if (names.length === 0) return []
  const ordered = [
    ...names.filter((name) => identifying.has(name)),
    ...names.filter((name) => !identifying.has(name)),
  ].map(escapeLine)
  let shown = 1
  while (shown < ordered.length && ordered.slice(0, shown + 1).join(', ').length <= widestList) shown++
  const rest = ordered.length - shown
  const more = rest === 0 ? '' : `, and ${rest} more`
  return [remark(`known after apply: ${ordered.slice(0, shown).join(', ')}${more}`)]
}

/**
 * The attributes that differ, those that identify the object, and how many are not shown. `before` and `after` are all
 * attributes of the object. What the service sets anew is named; with `anew`, as for a replacement, what identifies the object
 * is shown.
 */
export function differingLines(
  fields: readonly FieldChange[],
  before: ShownObject | undefined,
  after: ShownObject | undefined,
  anew = false,
): Line[] {
  const changed = new Map(fields.map((field): [string, Rendered] => [field.name, fieldValue(field)]))
  const names = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])]
  const later: string[] = []
  for (const name of names) {
    const is = after?.get(name)
    if (changed.has(name) || !(is instanceof Pending)) continue
    if (anew && identifying.has(name)) changed.set(name, changedValue(before?.get(name), is, column))
    else later.push(name)
  }
  const attributes: NamedValue[] = [...changed]
  let hidden = 0
  for (const name of names) {
    const value: Shown | undefined = after?.get(name) ?? before?.get(name)
    if (changed.has(name) || value === undefined || value === null || value instanceof Pending) continue
    if (identifying.has(name)) attributes.push([name, wholeValue(value, ' ', column)])
    else hidden++
  }
  attributes.sort((a, b) => compareCodePoints(a[0], b[0]))
  return [
    ...attributeLines(attributes, column),
    ...laterLines(later),
    ...(hidden === 0 ? [] : [hiddenLine(hidden, 'attribute', column)]),
  ]
}

function remark(text: string): Line {
  return { mark: ' ', indent: column, text: `# (${text})` }
}

function fieldValue(field: FieldChange): Rendered {
  const value = changedValue(field.before, field.after, column, field.document)
  return field.forcesReplacement ? { ...value, first: `${value.first} # forces replacement` } : value
}
