/** A text as a quoted string of HCL. What looks like a template in it stays text. */
export function quoteString(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be escaped
  const escaped = text.replace(/["\\\p{Cc}\p{Cf}\u2028\u2029]/gu, escapeCharacter)
  return `"${escaped.replace(/([$%])\{/g, '$1$1{')}"`
}

const names: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** Characters that are not seen or that control terminals get the form of a number. */
function escapeCharacter(character: string): string {
  const name = names[character]
  if (name !== undefined) return name
  const point = (character.codePointAt(0) as number).toString(16)
  return point.length > 4 ? `\\U${point.padStart(8, '0')}` : `\\u${point.padStart(4, '0')}`
}
