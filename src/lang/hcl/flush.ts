import { leadingSpaces, type Piece } from './template-piece.js'

/**
 * Takes the common indentation off the lines of a `<<-` heredoc. Lines of white space neither count nor change; a line that
 * starts with a sequence has no indentation. White space that a `~` has stripped is gone already, as in HashiCorp's HCL.
 */
export function flushLines(pieces: readonly Piece[]): void {
  const starts: Extract<Piece, { kind: 'text' }>[] = []
  let common = Number.POSITIVE_INFINITY
  let lineStart = true
  for (const piece of pieces) {
    if (piece.kind !== 'text') {
      if (lineStart) common = 0
      lineStart = false
      continue
    }
    const endsLine = piece.value.endsWith('\n')
    if (lineStart) {
      const indentation = leadingSpaces(piece.value)
      if (!(endsLine && indentation === piece.value.length)) {
        common = Math.min(common, indentation)
        starts.push(piece)
      }
    }
    lineStart = endsLine
  }
  for (const piece of starts) piece.value = piece.value.slice(common)
}
