import { inWordsOf } from '../core/iam-policy.js'
import { Fingerprint, Pending, type Shown, type ShownObject } from '../core/plan.js'
import { encodeShown, isSequence, isShownObject } from '../core/shown-codec.js'
import { compareCodePoints } from '../core/type.js'
import { documentLines } from './document-lines.js'
import { orientation, sequenceDiff } from './sequence-diff.js'
import {
  append,
  attributeLines,
  elementLines,
  heredocLines,
  isHeredoc,
  type Line,
  leafText,
  type Mark,
  type NamedValue,
  type Rendered,
  wholeValue,
} from './shown-lines.js'

/** Two values that differ, as text. `undefined` and null mean: not there. `document` = JSON in a string. */
export function changedValue(
  before: Shown | undefined,
  after: Shown | undefined,
  indent: number,
  document = false,
): Rendered {
  const from = before ?? null
  const to = after ?? null
  if (from instanceof Fingerprint || to instanceof Fingerprint) return changedSecret(from, to, indent)
  if (document) {
    const rendered = changedDocument(from, to, indent)
    if (rendered !== undefined) return rendered
  }
  if (from === null) return wholeValue(to, to === null ? ' ' : '+', indent)
  if (to === null) return withLast(wholeValue(from, '-', indent), ' -> null')
  if (isSequence(from) && isSequence(to)) return changedList(from, to, indent)
  if (isShownObject(from) && isShownObject(to)) return changedObject(from, to, indent)
  if (typeof from === 'string' && typeof to === 'string' && isHeredoc(from) && isHeredoc(to))
    return block('<<-EOT', changedLines(heredocLines(from), heredocLines(to), indent + 4), 'EOT', indent)
  return replaced(wholeValue(from, '-', indent), wholeValue(to, '+', indent))
}

/** Whether two documents of a plan are the same. */
export function sameShown(a: Shown | undefined, b: Shown | undefined): boolean {
  return a === b || canonical(a ?? null) === canonical(b ?? null)
}

/**
 * A secret is never shown, and neither is what stood in its place before it was one: it may be the same. What is shown is
 * that it changes, by its fingerprints.
 */
function changedSecret(from: Shown, to: Shown, indent: number): Rendered {
  if (from === null) return { mark: '+', first: leafText(to), rest: [] }
  if (to === null) return { mark: '-', first: `${leafText(from)} -> null`, rest: [] }
  if (to instanceof Pending) return { mark: '~', first: `${leafText(from)} -> ${leafText(to)}`, rest: [] }
  if (!(to instanceof Fingerprint))
    return replaced(wholeValue(from, '-', indent), wholeValue(to, '+', indent))
  const changed = from instanceof Fingerprint && from.text !== to.text
  const first = changed ? `(secret ${short(from)} -> ${short(to)})` : leafText(to)
  return { mark: '~', first, rest: [] }
}

function short(fingerprint: Fingerprint): string {
  return fingerprint.text.replace(/[^0-9A-Za-z]/g, '').slice(0, 8)
}

function replaced(from: Rendered, to: Rendered): Rendered {
  const joined = withLast(from, ` -> ${to.first}`)
  return { mark: '~', first: joined.first, rest: [...joined.rest, ...to.rest] }
}

function withLast(value: Rendered, text: string): Rendered {
  return value.rest.length === 0
    ? { ...value, first: value.first + text }
    : { ...value, rest: append(value.rest, text) }
}

function block(open: string, lines: readonly Line[], close: string, indent: number): Rendered {
  return { mark: '~', first: open, rest: [...lines, { mark: ' ', indent, text: close }] }
}

function changedObject(from: ShownObject, to: ShownObject, indent: number): Rendered {
  const names = [...new Set([...from.keys(), ...to.keys()])].sort(compareCodePoints)
  const differing = names.filter((name) => !sameShown(from.get(name), to.get(name)))
  const attributes = differing.map(
    (name): NamedValue => [name, changedValue(from.get(name), to.get(name), indent + 4)],
  )
  const lines = attributeLines(attributes, indent + 4)
  const hidden = names.length - differing.length
  return block(
    '{',
    hidden === 0 ? lines : [...lines, hiddenLine(hidden, 'attribute', indent + 4)],
    '}',
    indent,
  )
}

/** "(2 unchanged attributes hidden)", as a line. */
export function hiddenLine(count: number, what: string, indent: number): Line {
  return { mark: ' ', indent, text: `# (${count} unchanged ${what}${count === 1 ? '' : 's'} hidden)` }
}

function changedList(from: readonly Shown[], to: readonly Shown[], indent: number): Rendered {
  const inner = indent + 4
  const whole = (mark: Mark) => (item: Shown) => elementLines(wholeValue(item, mark, inner), inner)
  const all = sequenceDiff(from, to, canonical)
  const lines = all.flatMap((part, i) =>
    part.kind === 'same'
      ? orientation(part.items, { first: i === 0, last: i === all.length - 1 }, 1, whole(' '), (count) =>
          hiddenLine(count, 'element', inner),
        )
      : changedElements(part.removed, part.added, inner, whole),
  )
  return block('[', lines, ']', indent)
}

/** Objects that follow each other are taken for the same one, changed; other elements are removed and added. */
function changedElements(
  removed: readonly Shown[],
  added: readonly Shown[],
  indent: number,
  whole: (mark: Mark) => (item: Shown) => Line[],
): Line[] {
  const paired = removed.findIndex((item, i) => !(isShownObject(item) && isShownObject(added[i])))
  const count = paired < 0 ? removed.length : paired
  return [
    ...removed
      .slice(0, count)
      .flatMap((item, i) => elementLines(changedValue(item, added[i], indent), indent)),
    ...removed.slice(count).flatMap(whole('-')),
    ...added.slice(count).flatMap(whole('+')),
  ]
}

function changedLines(from: readonly string[], to: readonly string[], indent: number): Line[] {
  const whole = (mark: Mark) => (text: string) => [{ mark, indent, text }]
  const all = sequenceDiff(from, to, (line) => line)
  return all.flatMap((part, i) =>
    part.kind === 'same'
      ? orientation(part.items, { first: i === 0, last: i === all.length - 1 }, 3, whole(' '), (count) =>
          hiddenLine(count, 'line', indent),
        )
      : [...part.removed.flatMap(whole('-')), ...part.added.flatMap(whole('+'))],
  )
}

/** Undefined where the texts are not JSON, or differ only in how they are written: then they are compared as strings. */
function changedDocument(from: Shown, to: Shown, indent: number): Rendered | undefined {
  // A policy that comes back in other words is shown in ours, so that only what it says differently stands out.
  const reworded = typeof from === 'string' && typeof to === 'string' ? inWordsOf(from, to) : from
  const before = reworded === null ? [] : documentLines(reworded)
  const after = to === null ? [] : documentLines(to)
  if (before === undefined || after === undefined) return undefined
  if (before.join('\n') === after.join('\n')) return undefined
  const lines = changedLines(before, after, indent + 4)
  const close = to === null ? ') -> null' : ')'
  const mark: Mark = from === null ? '+' : to === null ? '-' : '~'
  return { ...block('jsonencode(', lines, close, indent), mark }
}

function canonical(value: Shown): string {
  return JSON.stringify(encodeShown(sorted(value)))
}

function sorted(value: Shown): Shown {
  if (isSequence(value)) return value.map(sorted)
  if (!isShownObject(value)) return value
  const entries = [...value].sort((a, b) => compareCodePoints(a[0], b[0]))
  return new Map(entries.map(([name, each]) => [name, sorted(each)]))
}
