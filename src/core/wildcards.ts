/**
 * Whether items fit a pattern of which some parts, the stars, stand for any number of items and each other for one that it fits.
 * Takes at most as many steps as the product of both lengths: going back to the last star is enough.
 */
export function matchesParts<Part, Item>(
  pattern: readonly Part[],
  items: readonly Item[],
  isStar: (part: Part) => boolean,
  fits: (part: Part, item: Item) => boolean,
): boolean {
  const starAt = (index: number): boolean => index < pattern.length && isStar(pattern[index] as Part)
  let part = 0
  let item = 0
  // Where the last star stands, and up to where it has taken items.
  let star = -1
  let taken = 0
  while (item < items.length) {
    if (starAt(part)) {
      star = part++
      taken = item
    } else if (part < pattern.length && fits(pattern[part] as Part, items[item] as Item)) {
      part++
      item++
    } else if (star >= 0) {
      part = star + 1
      item = ++taken
    } else return false
  }
  while (starAt(part)) part++
  return part === pattern.length
}

/** Whether a text fits a pattern in which `*` stands for any text and `?` for one character. */
export function matchesWildcards(pattern: string, text: string): boolean {
  return matchesParts(
    [...pattern],
    [...text],
    (part) => part === '*',
    (part, character) => part === '?' || part === character,
  )
}
