import { formatNumber } from '../../core/number.js'
import type { Value } from '../../core/value.js'

/**
 * A known value as a YAML document in the form that Terraform writes, so that documents made by either compare equal: block
 * style, strings in double quotes or, with several lines, literal; long lines folded at 80 columns.
 */
export function toYaml(value: Value): string {
  const body = node(value, 0, 0)
  const open = value.kind === 'number' || value.kind === 'bool' || value.kind === 'null'
  return `${body}\n${open ? '...\n' : ''}`
}

/** The node's text, starting at a column; following lines are indented by their own. */
function node(value: Value, indent: number, column: number): string {
  switch (value.kind) {
    case 'null':
      return 'null'
    case 'bool':
      return String(value.value)
    case 'number':
      return formatNumber(value.value)
    case 'string':
      return isLiteral(value.value)
        ? literal(value.value, Math.max(indent, 2))
        : quoted(value.value, Math.max(indent, 2), column)
    case 'unknown':
      throw new Error('a value that is known only after apply has no YAML form')
    case 'list':
    case 'set':
    case 'tuple':
      if (value.items.length === 0) return '[]'
      return value.items
        .map((item) => `- ${node(item, indent + 2, indent + 2)}`)
        .join(`\n${' '.repeat(indent)}`)
    case 'map':
    case 'object':
      if (value.entries.size === 0) return '{}'
      return [...value.entries]
        .map(([key, entry]) => pair(key, entry, indent))
        .join(`\n${' '.repeat(indent)}`)
  }
}

function pair(key: string, entry: Value, indent: number): string {
  if (isLiteral(key)) {
    const pad = ' '.repeat(indent)
    return `? ${literal(key, indent + 2)}\n${pad}: ${node(entry, indent + 2, indent + 2)}`
  }
  const label = `${quoted(key, indent, 0, Number.POSITIVE_INFINITY)}:`
  if ('items' in entry && entry.items.length > 0) {
    // The dashes of a list stand below its key.
    return `${label}\n${' '.repeat(indent)}${node(entry, indent, indent)}`
  }
  if ('entries' in entry && entry.entries.size > 0) {
    return `${label}\n${' '.repeat(indent + 2)}${node(entry, indent + 2, indent + 2)}`
  }
  return `${label} ${node(entry, indent + 2, indent + label.length + 1)}`
}

/** Several lines of printable characters, without white space where a reader could lose it. */
function isLiteral(text: string): boolean {
  return (
    /\n/.test(text) &&
    !/ (?:\n|$)|[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[\x85\u2028\u2029]/.test(text)
  )
}

function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? '2' : ''
  const chomping = !text.endsWith('\n') ? '-' : /^\n$|\n\n$/.test(text) ? '+' : ''
  const pad = ' '.repeat(indent)
  const lines = text.replace(/\n$/, '').split('\n')
  return `|${hint}${chomping}\n${lines.map((line) => (line === '' ? '' : pad + line)).join('\n')}`
}

const escapes: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

const width = 80

function quoted(text: string, indent: number, start: number, most = width): string {
  let result = '"'
  let column = start + 1
  const characters = [...text]
  for (const [i, character] of characters.entries()) {
    const inside = i > 0 && i < characters.length - 1
    if (character === ' ' && column > most && inside && characters[i - 1] !== ' ') {
      result += `\n${' '.repeat(indent)}`
      column = indent
      if (characters[i + 1] === ' ') {
        result += '\\'
        column++
      }
      continue
    }
    const written = escaped(character)
    result += written
    column += written === character ? 1 : written.length
  }
  return `${result}"`
}

function escaped(character: string): string {
  const short = Object.hasOwn(escapes, character) ? escapes[character] : undefined
  if (short !== undefined) return short
  if (/^[\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]$/.test(character)) return character
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
