import { type Diagnostic, hasErrors } from '../../core/diagnostic.js'
import type { Body, Label } from './ast.js'
import { alignCells, indentLines, linesOf } from './format-lines.js'
import { spaceBetween } from './format-spaces.js'
import type { Cell, FormatToken } from './format-token.js'
import { createLexer } from './lexer.js'
import { parseHcl } from './parser.js'
import { quoteString } from './quote.js'
import { createSource } from './source.js'
import { outermost, type Token } from './token.js'

/**
 * Lays a file out as `terraform fmt` does: indentation, one space between tokens where there should be one, equals signs
 * and comments of neighbouring lines below each other. Only spaces change, but for bare block labels, which get quotes.
 * Unlike `terraform fmt` it leaves expressions as they are (`"${x}"` stays). A file with syntax errors is not touched.
 */
export function formatHcl(
  text: string,
  file: string,
): { readonly text: string; readonly diagnostics: readonly Diagnostic[] } {
  const { body, diagnostics } = parseHcl(text, file)
  if (hasErrors(diagnostics)) return { text, diagnostics }

  const tokens = readTokens(text, bareLabels(body))
  const lines = linesOf(tokens)
  indentLines(lines)
  for (const line of lines) {
    spaceCell(line.lead)
    spaceCell(line.assign)
  }
  alignCells(lines)
  return { text: tokens.map((token) => ' '.repeat(token.spaces) + token.text).join(''), diagnostics }
}

function spaceCell(cell: Cell): void {
  for (let i = 0; i + 1 < cell.length; i++) {
    const after = cell[i + 1] as FormatToken
    after.spaces = spaceBetween(cell[i - 1], cell[i] as FormatToken, after) ? 1 : 0
  }
}

/** All tokens of the text. A comment to the end of the line has the line break in it. */
function readTokens(text: string, labels: ReadonlyMap<number, Label>): FormatToken[] {
  const { contentStart } = createSource(text, '')
  const lexer = createLexer(text, contentStart, outermost('code'))
  const tokens: FormatToken[] = []
  let end = contentStart
  for (let token = lexer.next(); token.kind !== 'eof'; token = lexer.next()) {
    const last = tokens[tokens.length - 1]
    if (
      token.kind === 'newline' &&
      last?.kind === 'comment' &&
      !last.text.startsWith('/*') &&
      !last.text.endsWith('\n')
    ) {
      last.text += text.slice(token.start, token.end)
    } else {
      const label = token.kind === 'identifier' ? labels.get(token.start) : undefined
      tokens.push({
        kind: token.kind,
        text: label === undefined ? text.slice(token.start, token.end) : quoteString(label.text),
        spaces: spacesBetween(end, token),
      })
    }
    end = token.end
  }
  return tokens
}

function spacesBetween(end: number, token: Token): number {
  return token.mode.kind === 'code' || token.mode.kind === 'sequence' ? token.start - end : 0
}

/** The labels without quotes, by their offset. */
function bareLabels(body: Body): ReadonlyMap<number, Label> {
  const found = new Map<number, Label>()
  const collect = (blocks: Body['blocks']): void => {
    for (const block of blocks) {
      for (const label of block.labels) found.set(label.span.start.offset, label)
      collect(block.body.blocks)
    }
  }
  collect(body.blocks)
  return found
}
