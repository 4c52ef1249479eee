import type { TemplatePart } from './ast.js'
import { toNfc } from './nfc.js'
import { addError, enter, type Parser } from './parser-state.js'
import type { Piece } from './template-piece.js'

interface Open {
  readonly piece: Extract<Piece, { kind: 'if' | 'for' }> | undefined
  /** Set once `%{ else }` was seen. */
  beforeElse: TemplatePart[] | undefined
  parts: TemplatePart[]
}

/** Puts the pieces of a template together: text in one, directives with what they enclose. Reports the first that is unbalanced. */
export function buildParts(p: Parser, pieces: readonly Piece[]): readonly TemplatePart[] {
  const [only] = pieces
  if (only === undefined) return []
  if (pieces.length === 1 && only.kind === 'text') {
    return [{ kind: 'text', value: toNfc(only.value), span: p.source.span(only.start, only.end) }]
  }
  const root: Open = { piece: undefined, beforeElse: undefined, parts: [] }
  const open: Open[] = [root]
  const { depth } = p
  // A directive that was not understood may be the one that is missing.
  let reported = pieces.some((piece) => piece.kind === 'unknown')

  const unbalanced = (piece: Piece, detail: string, help: string): void => {
    if (!reported) addError(p, 'unbalanced-directive', p.source.span(piece.start, piece.end), detail, help)
    reported = true
  }

  for (const piece of mergeText(pieces)) {
    const top = open[open.length - 1] as Open
    const span = p.source.span(piece.start, piece.end)
    switch (piece.kind) {
      case 'text':
        top.parts.push({ kind: 'text', value: toNfc(piece.value), span })
        break
      case 'interpolation':
        top.parts.push({ kind: 'interpolation', value: piece.value, span })
        break
      case 'unknown':
        top.parts.push({ kind: 'interpolation', value: { kind: 'broken', span }, span })
        break
      case 'if':
      case 'for':
        enter(p, piece)
        open.push({ piece, beforeElse: undefined, parts: [] })
        break
      case 'else':
        if (top.piece?.kind !== 'if' || top.beforeElse !== undefined) {
          unbalanced(
            piece,
            top.beforeElse !== undefined
              ? 'The %{ if } that is open here has an %{ else } already.'
              : 'No %{ if } is open here.',
            'Each %{ if } has at most one %{ else }, between it and its %{ endif }.',
          )
          break
        }
        top.beforeElse = top.parts
        top.parts = []
        break
      case 'endif':
      case 'endfor': {
        const kind = piece.kind === 'endif' ? 'if' : 'for'
        if (top.piece?.kind !== kind) {
          unbalanced(
            piece,
            top.piece === undefined
              ? `No %{ ${kind} } is open here.`
              : `The directive that is open here is %{ ${top.piece.kind} }.`,
            'Close each %{ if } with %{ endif } and each %{ for } with %{ endfor }, the inner ones first.',
          )
          break
        }
        open.pop()
        ;(open[open.length - 1] as Open).parts.push(directive(p, top, piece.end))
      }
    }
  }
  const last = open[open.length - 1] as Open
  if (last.piece !== undefined) {
    unbalanced(
      last.piece,
      `The %{ ${last.piece.kind} } that starts here is not closed.`,
      `Add %{ end${last.piece.kind} } where it ends.`,
    )
  }
  p.depth = depth
  return root.parts
}

function directive(p: Parser, open: Open, end: number): TemplatePart {
  const piece = open.piece as NonNullable<Open['piece']>
  const span = p.source.span(piece.start, end)
  if (piece.kind === 'for') return { kind: 'for', ...piece.head, body: open.parts, span }
  const { condition } = piece
  const [then, otherwise] = open.beforeElse === undefined ? [open.parts, []] : [open.beforeElse, open.parts]
  return { kind: 'if', condition, then, else: otherwise, span }
}

function mergeText(pieces: readonly Piece[]): readonly Piece[] {
  const merged: Piece[] = []
  for (const piece of pieces) {
    const previous = merged[merged.length - 1]
    if (piece.kind === 'text' && previous?.kind === 'text') {
      merged[merged.length - 1] = { ...previous, value: previous.value + piece.value, end: piece.end }
    } else merged.push(piece)
  }
  return merged
}
