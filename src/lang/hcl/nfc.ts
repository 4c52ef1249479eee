/** The text in normal form C, which all strings and names have. Most are ASCII, and that is quickly seen. */
export function toNfc(text: string): string {
  return /[^\0-\x7f]/.test(text) ? text.normalize('NFC') : text
}
