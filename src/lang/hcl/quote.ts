/** A text as a quoted string of HCL. What looks like a template in it stays text. */
export function quoteString(text: string): string {
  const escaped = text.replace(/\p{Cs}/gu, '\ufffd').replace(invisible, escapeCharacter)
  return `"${escaped.replace(/([$%])\{/g, '$1$1{')}"`
}

/** Characters that end a string, cannot be seen or control terminals; but not the joiners that make up emoji. */
const invisible = /(?![\u200c\u200d])["\\\p{Cc}\p{Cf}\u2028\u2029]/gu
const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

function escapeCharacter(character: string): string {
  const escaped = escapes[character]
  if (escaped !== undefined) return escaped
  const point = (character.codePointAt(0) as number).toString(16)
  return point.length > 4 ? `\\U${point.padStart(8, '0')}` : `\\u${point.padStart(4, '0')}`
}
