const graphemes = new Intl.Segmenter()

/** How many columns a text takes, in what users see as characters: what alignment counts. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let width = 0
  for (const _ of graphemes.segment(text)) width++
  return width
}
