import type { Change, Counts, Plan } from '../core/plan.js'
import { consequenceLabel, effective } from './change-headline.js'
import { symbolText } from './change-text.js'
import { columns, escapeLine, padColumns } from './escape.js'
import type { Style } from './style.js'

/** More objects than this are counted, where leaving them out hides no danger. */
const longestGroup = 50

interface Group {
  readonly title: string
  readonly dangerous: boolean
  has(change: Change): boolean
}

/** In the order of a reviewer's interest; a change is in the first group that has it. */
const groups: readonly Group[] = [
  { title: 'Destroyed', dangerous: true, has: (c) => effective(c) === 'delete' },
  {
    title: 'Wider access',
    dangerous: true,
    has: (c) => c.consequences.some((x) => x.kind === 'widens-access'),
  },
  {
    title: 'Access lost',
    dangerous: true,
    has: (c) => c.consequences.some((x) => x.kind === 'loses-access'),
  },
  { title: 'Replaced', dangerous: true, has: (c) => effective(c) === 'replace' || c.mayReplace === true },
  { title: 'No longer managed', dangerous: true, has: (c) => effective(c) === 'forget' },
  { title: 'Adopted', dangerous: false, has: (c) => c.action === 'adopt' },
  { title: 'Changed', dangerous: false, has: (c) => c.action === 'update' },
  { title: 'Created', dangerous: false, has: (c) => c.action === 'create' },
  { title: 'Moved', dangerous: false, has: (c) => c.action === 'move' },
  { title: 'Read', dangerous: false, has: (c) => c.action === 'read' },
]

/**
 * All changes on a line each, what deserves a second look first: for plans too long to be read from the top. Empty for a
 * plan with a single change.
 */
export function summaryList(plan: Plan, style: Style): string {
  const changes = plan.changes.filter((change) => change.action !== 'keep')
  if (changes.length < 2) return ''
  const grouped = new Map<Group, Change[]>()
  for (const change of changes) {
    const group = groups.find((each) => each.has(change))
    if (group === undefined) continue
    const members = grouped.get(group)
    if (members === undefined) grouped.set(group, [change])
    else members.push(change)
  }
  const blocks = groups.flatMap((group) => {
    const members = grouped.get(group)
    return members === undefined ? [] : [groupText(group, members, style)]
  })
  return `In short:\n${blocks.join('')}\n`
}

function groupText(group: Group, changes: readonly Change[], style: Style): string {
  const shown = group.dangerous ? changes : changes.slice(0, longestGroup)
  const names = shown.map((change) => escapeLine(nameOf(change)))
  const width = Math.min(
    60,
    names.reduce((widest, name) => Math.max(widest, columns(name)), 0),
  )
  const title = group.dangerous ? style.bold(style.yellow(group.title)) : style.bold(group.title)
  const lines = shown.map((change, i) => {
    const [first, ...more] = remarks(change)
    const start = `    ${symbolText(change, style)} `
    const line = first === undefined ? names[i] : `${padColumns(names[i] ?? '', width)}  ${first}`
    const below = ' '.repeat(8 + width + 2)
    return `${start}${line}\n${more.map((text) => `${below}${text}\n`).join('')}`
  })
  const left = changes.length - shown.length
  return `  ${title} (${changes.length}):\n${lines.join('')}${left === 0 ? '' : `        … and ${left} more\n`}`
}

function nameOf(change: Change): string {
  if (change.action === 'move') return `${change.previousAddress ?? ''} -> ${change.address}`
  return change.deposedKey === undefined ? change.address : `${change.address} (deposed ${change.deposedKey})`
}

function remarks(change: Change): string[] {
  return change.consequences
    .filter(({ kind }) => kind !== 'note')
    .map(({ kind, text }) => escapeLine(`${consequenceLabel[kind]}${text}`))
}

/** `Plan: 1 to import, 2 to add, 0 to change, 3 to destroy.` Tools read this line: its wording is a contract. */
export function planLine(counts: Counts): string {
  const imported = counts.adopt > 0 ? `${counts.adopt} to import, ` : ''
  return `Plan: ${imported}${counts.add} to add, ${counts.change} to change, ${counts.destroy} to destroy.`
}
