import { displayWidth } from './display-width.js'
import { bracketChange, type Cell, type FormatToken, type Line } from './format-token.js'

/** Divides tokens into lines and the lines into cells. */
export function linesOf(tokens: readonly FormatToken[]): readonly Line[] {
  const lines: Line[] = []
  let inHeredoc = false
  let start = 0
  for (let i = 0; i < tokens.length; i++) {
    if (!endsLine(tokens[i] as FormatToken) && i + 1 < tokens.length) continue
    const all = tokens.slice(start, i + 1)
    // A line that starts within a heredoc's interpolation has no cells: an = in it is not an attribute's.
    lines.push(inHeredoc ? { lead: all, assign: [], comment: [] } : cellsOf(all))
    for (const token of all) {
      if (token.kind === 'heredoc-open') inHeredoc = true
      if (token.kind === 'heredoc-close') inHeredoc = false
    }
    start = i + 1
  }
  return lines
}

function endsLine(token: FormatToken): boolean {
  return token.kind === 'newline' || (token.kind === 'comment' && token.text.endsWith('\n'))
}

function cellsOf(tokens: Cell): Line {
  const commented = tokens.length > 1 && tokens[tokens.length - 1]?.kind === 'comment'
  const code = commented ? tokens.slice(0, -1) : tokens
  const comment = commented ? tokens.slice(-1) : []
  const equals = code.findIndex((token, i) => i > 0 && token.kind === '=')
  // Values that go on in the next line are not aligned with others.
  if (equals < 0 || netBrackets(code.slice(equals)) !== 0) return { lead: code, assign: [], comment }
  return { lead: code.slice(0, equals), assign: code.slice(equals), comment }
}

/**
 * Indents each line by two spaces for each earlier line that opened more brackets than it closed and is not made up for yet.
 * So several brackets that are opened on one line indent once.
 */
export function indentLines(lines: readonly Line[]): void {
  /** For each level: how many brackets are still to be closed until it ends. */
  const levels: number[] = []
  let inHeredoc = false
  for (const line of lines) {
    const first = line.lead[0]
    if (first === undefined) continue
    if (inHeredoc) {
      inHeredoc = !line.lead.some((token) => token.kind === 'heredoc-close')
      continue
    }
    if (first.kind === 'newline') {
      first.spaces = 0
      continue
    }
    const upToHeredoc = [...line.lead, ...line.assign]
    const heredoc = upToHeredoc.findIndex((token) => token.kind === 'heredoc-open')
    const net = netBrackets(heredoc < 0 ? upToHeredoc : upToHeredoc.slice(0, heredoc))
    if (net < 0) closeLevels(levels, -net)
    first.spaces = 2 * levels.length
    if (net > 0) levels.push(net)
    inHeredoc = heredoc >= 0 && !upToHeredoc.some((token) => token.kind === 'heredoc-close')
  }
}

function closeLevels(levels: number[], brackets: number): void {
  let left = brackets
  while (left > 0 && levels.length > 0) {
    const top = levels.pop() as number
    if (top > left) levels.push(top - left)
    left -= top
  }
}

function netBrackets(cell: Cell): number {
  return cell.reduce((sum, token) => sum + bracketChange(token), 0)
}

/** Puts the equals signs of neighbouring lines below each other, and then their comments. */
export function alignCells(lines: readonly Line[]): void {
  for (const run of runs(lines, (line) => line.assign.length > 0)) {
    align(run.map((line) => ({ width: columns(line.lead), cell: line.assign })))
  }
  for (const run of runs(lines, (line) => line.comment.length > 0)) {
    align(run.map((line) => ({ width: columns(line.lead) + columns(line.assign), cell: line.comment })))
  }
}

function align(cells: readonly { readonly width: number; readonly cell: Cell }[]): void {
  const widest = cells.reduce((most, { width }) => Math.max(most, width), 0)
  for (const { width, cell } of cells) (cell[0] as FormatToken).spaces = widest - width + 1
}

/** The longest sequences of lines that have something. */
function* runs(lines: readonly Line[], has: (line: Line) => boolean): Generator<readonly Line[]> {
  let run: Line[] = []
  for (const line of lines) {
    if (has(line)) run.push(line)
    else if (run.length > 0) {
      yield run
      run = []
    }
  }
  if (run.length > 0) yield run
}

/** How wide the cell is. */
function columns(cell: Cell): number {
  return cell.reduce((width, { spaces, text }) => width + spaces + displayWidth(text), 0)
}
