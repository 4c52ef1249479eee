/**
 * Stands in the text of a source for each character of a secret, so that all places stay what they are. Of one byte, and in no text
 * that people write.
 */
export const coverCharacter = '\u0001'

const shown = '*'.repeat(8)
const runs = new RegExp(`${coverCharacter}(?:[\\s"']*${coverCharacter})*`, 'g')

/** The text as it may be shown: in place of a secret a mask, which tells neither its length nor its words. */
export function maskCovered(text: string): string {
  return text.replace(runs, shown)
}

export function isCovered(text: string): boolean {
  return text.includes(coverCharacter)
}
