/** What people see as one character may be several code points; the ends of lines apart, ASCII never is. */
const plain = /^[\x00-\x0c\x0e-\x7f]*$/
let segmenter: Intl.Segmenter | undefined

export function graphemes(s: string): string[] {
  if (plain.test(s)) return s.split('')
  const all: string[] = []
  for (const grapheme of segments(s)) all.push(grapheme)
  return all
}

export function countGraphemes(s: string): number {
  if (plain.test(s)) return s.length
  let count = 0
  for (const _ of segments(s)) count++
  return count
}

function* segments(s: string): Iterable<string> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  for (const piece of pieces(s)) {
    if (allOrdinary.test(piece)) yield* piece
    else for (const { segment } of segmenter.segment(piece)) yield segment
  }
}

const pieceLength = 500
const longestPiece = 1500
/** Between two characters of these kinds one grapheme always ends and another begins. */
const ordinary =
  '(?:[ -~가-힣]|\\p{Extended_Pictographic}|(?=\\p{L})[\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\p{Script=Arabic}\\p{Script=Hebrew}\\p{Script=Devanagari}\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}])'
const allOrdinary = new RegExp(`^${ordinary}*$`, 'u')
const boundary = new RegExp(`(?<=${ordinary})(?=${ordinary})`, 'u')

/**
 * The text in pieces of whole graphemes: the segmenter takes time in proportion to the square of a text's length. Where
 * nothing ordinary stands for a thousand characters, a piece ends anywhere.
 */
function* pieces(s: string): Iterable<string> {
  let start = 0
  while (s.length - start > longestPiece) {
    const window = s.slice(start + pieceLength, start + longestPiece)
    const found = window.search(boundary)
    let end = found < 0 ? start + longestPiece : start + pieceLength + found
    if (isTrail(s.charCodeAt(end)) && !isTrail(s.charCodeAt(end - 1))) end--
    yield s.slice(start, end)
    start = end
  }
  yield s.slice(start)
}

/** The second half of a character that takes two. */
function isTrail(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
