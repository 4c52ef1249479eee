import type { AccessPath, AccessStep } from '../core/access-path.js'
import { columns, escapeLine, padColumns } from './escape.js'
import type { Style } from './style.js'

const nothing = 'Nothing that is managed here leads there.\n'

/** Ways as a tree: who has access, then the objects on the way, then the role, then the bucket. */
export function accessTree(paths: readonly AccessPath[], style: Style): string {
  if (paths.length === 0) return nothing
  const root: Branch = new Map()
  for (const path of paths) {
    const labels = [...path.steps.map((step) => stepOf(step, style)), identityOf(path), placeOf(path, style)]
    let at = root
    for (const label of labels) {
      const next: Branch = at.get(label) ?? new Map()
      at.set(label, next)
      at = next
    }
  }
  const trees = [...root].map(([label, branch]) => [label, ...linesOf(branch, '')].join('\n'))
  return `${trees.join('\n\n')}\n\n${style.bold(summaryOf(paths))}\n`
}

interface Branch extends Map<string, Branch> {}

function linesOf(branch: Branch, indent: string): readonly string[] {
  return [...branch].flatMap(([label, next], i) => {
    const last = i === branch.size - 1
    return [
      `${indent}${last ? '└── ' : '├── '}${label}`,
      ...linesOf(next, `${indent}${last ? '    ' : '│   '}`),
    ]
  })
}

/** A line for each way. */
export function accessTable(paths: readonly AccessPath[], style: Style): string {
  if (paths.length === 0) return nothing
  const rows = paths.map((path) => {
    const [first, ...more] = path.steps
    return [
      first === undefined ? '' : escapeLine(first.name),
      more.map(({ address, name }) => escapeLine(address ?? name)).join(' -> '),
      identityOf(path),
      placeOf(path, style),
    ]
  })
  const head = ['WHO', 'THROUGH', 'AS', 'TO']
  const widths = head.map((title, i) => Math.max(...[title, ...rows.map((row) => row[i] ?? '')].map(columns)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === cells.length - 1 ? cell : padColumns(cell, widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  return `${[style.bold(line(head)), ...rows.map(line)].join('\n')}\n\n${summaryOf(paths)}\n`
}

function stepOf({ address, name }: AccessStep, style: Style): string {
  if (address === undefined || address === name) return escapeLine(address ?? name)
  return `${escapeLine(name)} ${style.dim(`(${escapeLine(address)})`)}`
}

function identityOf({ role, by }: AccessPath): string {
  if (role !== undefined) return escapeLine(role)
  if (by === 'machine') return 'the machine that the service runs on'
  return by === 'issued' ? 'credentials that it hands out' : 'an access key'
}

function placeOf({ bucket, prefix, hidden }: AccessPath, style: Style): string {
  if (hidden === true) return style.yellow('a bucket that is a sensitive value')
  if (bucket === undefined) return style.yellow('buckets by its policies in AWS')
  return escapeLine(`s3://${bucket}${prefix === undefined ? '' : `/${prefix}`}`)
}

function summaryOf(paths: readonly AccessPath[]): string {
  const hidden = paths.filter((path) => path.hidden === true).length
  const open = paths.filter(({ bucket }) => bucket === undefined).length - hidden
  const ways = `${paths.length} ${paths.length === 1 ? 'way' : 'ways'}`
  const parts = [
    ways,
    ...(open === 0
      ? []
      : [`${open} of which may lead to any bucket, by policies that stand in AWS and not here`]),
    ...(hidden === 0 ? [] : [`${hidden} of which to a bucket that is not shown, since it is sensitive`]),
  ]
  return `${parts.join(', ')}.`
}
