const graphemes = new Intl.Segmenter()

/** How many columns a text takes, in what users see as characters: what alignment counts. */
export function displayWidth(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : [...graphemes.segment(text)].length
}
