/** What people see as one character may be several code points; the ends of lines apart, ASCII never is. */
const plain = /^[\x00-\x0c\x0e-\x7f]*$/
let segmenter: Intl.Segmenter | undefined

export function graphemes(s: string): string[] {
  if (plain.test(s)) return s.split('')
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return Array.from(segmenter.segment(s), ({ segment }) => segment)
}

export function countGraphemes(s: string): number {
  if (plain.test(s)) return s.length
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  let count = 0
  for (const _ of segmenter.segment(s)) count++
  return count
}
