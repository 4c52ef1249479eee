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

/** All attributes of an object that comes or goes. */
function wholeLines(change: Change, object: ShownObject | undefined, mark: '+' | '-'): Line[] {
  const fields = new Map(change.fields.map((field) => [field.name, field]))
  const names = [...new Set([...(object?.keys() ?? []), ...fields.keys()])].sort(compareCodePoints)
  const attributes = names.flatMap((name): NamedValue[] => {
    const field = fields.get(name)
    const value = object?.get(name) ?? (mark === '+' ? field?.after : field?.before)
    if (value === undefined || value === null) return []
    const document = field?.document ?? false
    return [
      [
        name,
        mark === '+'
          ? changedValue(null, value, column, document)
          : changedValue(value, null, column, document),
      ],
    ]
  })
  return attributeLines(attributes, column)
}

/**
 * The attributes that differ, those that identify the object, and how many are not shown. `before` and `after` are all
 * attributes of the object. What the service sets anew is named; with `anew`, as for a replacement, it is shown.
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
    if (anew) changed.set(name, changedValue(before?.get(name), is, column))
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
    ...(later.length === 0 ? [] : [remark(`known after apply: ${later.map(escapeLine).join(', ')}`)]),
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
