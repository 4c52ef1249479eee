/**
 * JSON text without the whitespace between its tokens; everything else stays, the order of keys and the way characters are
 * written too. Undefined if it is not JSON.
 */
export function compactJson(text: string): string | undefined {
  try {
    JSON.parse(text)
  } catch {
    return undefined
  }
  return text.replaceAll(/("(?:[^"\\]|\\.)*")|[ \t\r\n]+/gs, (_, string: string | undefined) => string ?? '')
}
