/** An element's content: text, elements by name (a list repeats its element), or nothing. */
export type Xml = string | number | boolean | undefined | XmlElements
export interface XmlElements {
  readonly [name: string]: Xml | readonly Xml[]
}

/** A document with one root element. */
export function xmlDocument(name: string, namespace: string | undefined, content: XmlElements): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${attribute}>${inner(content)}</${name}>`
}

/** The list form of the query protocol: `<Users><member>…</member></Users>`. */
export function members(items: readonly Xml[]): XmlElements {
  return { member: items }
}

function element(name: string, content: Xml): string {
  return content === undefined ? '' : `<${name}>${inner(content)}</${name}>`
}

function inner(content: Xml): string {
  if (content === undefined) return ''
  if (typeof content !== 'object') return escaped(String(content))
  return Object.entries(content)
    .map(([name, one]) =>
      Array.isArray(one) ? one.map((item: Xml) => element(name, item)).join('') : element(name, one as Xml),
    )
    .join('')
}

/** Characters that XML 1.0 does not have are left out. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll(/[&<>"'\r]/g, (character) => `&#${character.charCodeAt(0)};`)
}
